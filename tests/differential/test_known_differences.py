"""Each listed difference of the plain library is there, and is said to the designer; with them the list is complete."""

from __future__ import annotations

from typing import Any

import pytest

from engine.definitions.bpmn import read_bpmn
from engine.execution.compiler import program_of
from engine.execution.programs import RUNTIMES
from engine.execution.runtime import Start
from engine.execution.spiff import portability, refuse_beyond_subset
from engine.execution.spiff.subset import GUARDED
from engine.model.errors import DefinitionInvalid
from tests.contract.runtime_bench import Bench
from tests.differential.driving import LISTED, Course, difference, event_of
from tests.engine.execution.drawing import file, process

BY_CODE = pytest.mark.parametrize("entry", LISTED, ids=lambda entry: str(entry["code"]))


def drawn(entry: dict[str, Any]) -> bytes:
    nodes, _, arrows = str(entry.get("called", "")).partition("|")
    called = [process(nodes.replace(";", "\n"), arrows, process_id="q")] if nodes else []
    main = process(entry["nodes"], entry["arrows"], more=entry.get("more", ""))
    return file(main, *called, entry.get("beside", ""))


@BY_CODE
def test_the_plain_library_does_otherwise(entry: dict[str, Any]) -> None:
    assert entry["clause"]
    assert difference(drawn(entry), Course(1, tuple(entry.get("answers", ()))))


@BY_CODE
def test_the_designer_is_told_of_it(entry: dict[str, Any]) -> None:
    found = {each.message.code for each in portability(read_bpmn(drawn(entry)).definitions)}
    assert entry["code"] in found


@BY_CODE
def test_the_second_runtime_does_it_right_or_refuses_it(entry: dict[str, Any]) -> None:
    data = drawn(entry)
    if entry["code"] not in GUARDED:
        with pytest.raises(DefinitionInvalid):
            refuse_beyond_subset([read_bpmn(data).definitions], every=True)
        return
    benches = [Bench(RUNTIMES[name], program_of({"p.bpmn": data})) for name in ("machine", "spiff")]
    for bench in benches:
        bench.take(Start("p", {"n": 1}))
        for element in entry.get("answers", ()):
            bench.take(event_of(bench.at(element), 1))
    assert benches[0].happened == benches[1].happened


def test_all_that_designers_are_told_is_listed() -> None:
    """Size is the one reason that shows in no small diagram; what several triggers do is shown by the event gateway."""
    shown = {str(entry["code"]) for entry in LISTED}
    assert shown >= GUARDED - {"spiff_several_events", "spiff_several_results"}
