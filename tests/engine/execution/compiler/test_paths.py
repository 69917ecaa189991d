"""The bit sets behind R7 hold exactly the nodes that have a path to an incoming flow which avoids the join."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from engine.execution.compiler import compile_program
from tests.engine.execution.drawing import file, process

PLACES = 7
ARROWS = st.sets(st.tuples(st.integers(0, PLACES - 1), st.integers(0, PLACES)), min_size=2, max_size=20)


def has_path(arrows: set[tuple[int, int]], start: int, end: int) -> bool:
    """Plain search, never through the join, which is the last place."""
    seen, pending = {start}, [start]
    while pending:
        place = pending.pop()
        if place == end:
            return True
        for source, target in arrows:
            if source == place and target != PLACES and target not in seen:
                seen.add(target)
                pending.append(target)
    return False


@given(arrows=ARROWS)
def test_the_sets_agree_with_a_plain_search(arrows: set[tuple[int, int]]) -> None:
    into_join = sorted(source for source, target in arrows if target == PLACES)
    names = [*(f"n{number}" for number in range(PLACES)), "join"]
    nodes = "\n".join(f"manual {name}" for name in names[:-1]) + "\nor join"
    drawn = ";".join(f"{names[source]} > {names[target]}" for source, target in sorted(arrows))
    code = compile_program({"p.bpmn": file(process(nodes, drawn))}).processes["p"]
    join = code.by_id["join"]
    if len(into_join) < 2:
        assert join.index not in code.reaches
        return
    for mask, source in zip(code.reaches[join.index], into_join, strict=True):
        found = {number for number in range(PLACES) if mask >> code.by_id[f"n{number}"].index & 1}
        assert found == {number for number in range(PLACES) if has_path(arrows, number, source)}
