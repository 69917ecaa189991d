"""R9: the collection is copied at activation, writes of an item stay in it, outputs collect by index."""

from __future__ import annotations

import pytest

from tests.engine.execution.drawing import body, do, drawn, open_tasks


def marker(*, sequential: bool = False, done: str = "", output: str = "") -> str:
    over = '<extensionElements><zeebe:loopCharacteristics inputCollection="=parts" inputElement="part" '
    over += (
        f'outputCollection="results" outputElement="={output}"/></extensionElements>'
        if output
        else "/></extensionElements>"
    )
    over += f"<completionCondition>{done}</completionCondition>" if done else ""
    attributes = f'isSequential="{str(sequential).lower()}"'
    return f"<multiInstanceLoopCharacteristics {attributes}>{over}</multiInstanceLoopCharacteristics>"


def each(kind: str, more: str = "", **how: object) -> str:
    return f"{kind} check {{ {marker(**how)}{more} }}"  # type: ignore[arg-type]  # the words of `marker`


def test_parallel_items_are_open_at_once_and_counted() -> None:
    simulated = drawn(f"start s\n{each('user')}\nuser after", "s > check > after", parts=["roof", "door"])
    assert open_tasks(simulated) == ["check", "check"]
    do(simulated, "check")
    assert open_tasks(simulated) == ["check"]
    do(simulated, "check")
    assert (open_tasks(simulated), simulated.trace()) == (["after"], ["s", "check", "check"])


def test_sequential_items_come_one_after_the_other() -> None:
    simulated = drawn(f"start s\n{each('user', sequential=True)}\nuser after", "s > check > after", parts=[1, 2, 3])
    for _ in range(3):
        assert open_tasks(simulated) == ["check"]
        do(simulated, "check")
    assert open_tasks(simulated) == ["after"]


def test_writes_stay_in_the_item_and_outputs_collect_by_index() -> None:
    simulated = drawn(
        f"start s\n{each('user', output='state')}\nuser after", "s > check > after", parts=["roof", "door"]
    )
    second, first = reversed(simulated.tasks()), simulated.tasks()[0]
    simulated.complete(next(second).id, {"state": "worn"})
    simulated.complete(first.id, {"state": "torn"})
    assert simulated.variables() == {"parts": ["roof", "door"], "results": ["torn", "worn"]}


def test_an_empty_collection_completes_at_once() -> None:
    simulated = drawn(f"start s\n{each('user', output='state')}\nuser after", "s > check > after", parts=[])
    assert (open_tasks(simulated), simulated.variables()["results"]) == (["after"], [])


def test_a_completion_condition_cancels_the_rest_which_give_null() -> None:
    how = {"done": "nrOfCompletedInstances == 2", "output": "state"}
    simulated = drawn(f"start s\n{each('user', **how)}\nuser after", "s > check > after", parts=[1, 2, 3])
    do(simulated, "check", state="a")
    do(simulated, "check", state="b")
    assert (open_tasks(simulated), simulated.variables()["results"]) == (["after"], ["a", "b", None])


def test_the_collection_is_copied_when_it_starts() -> None:
    simulated = drawn(f"start s\n{each('user', sequential=True)}\nuser after", "s > check > after", parts=[1, 2])
    simulated.set_variables({"parts": []})
    do(simulated, "check")
    assert open_tasks(simulated) == ["check"]


def test_a_boundary_event_belongs_to_the_whole_body() -> None:
    nodes = f"start s\n{each('user')}\nboundary gone attachedToRef=check message=withdrawn\nuser after\nend g"
    simulated = drawn(nodes, "s > check > after; gone > g", parts=[1, 2, 3])
    assert sum(wait.kind == "message" for wait in simulated.waits()) == 1
    simulated.send_message("withdrawn")
    assert (open_tasks(simulated), simulated.running(), simulated.trace()) == ([], False, ["s", "gone", "g"])


def test_items_of_a_subprocess_have_their_own_variables() -> None:
    inner = body("start s2\nscript note do='seen = part'\nuser look\nend e2", "s2 > note > look > e2")
    simulated = drawn(f"start s\n{each('sub', inner)}\nuser after", "s > check > after", parts=["roof", "door"])
    assert open_tasks(simulated) == ["look", "look"]
    do(simulated, "look")
    do(simulated, "look")
    assert (open_tasks(simulated), "seen" in simulated.variables()) == (["after"], False)


@pytest.mark.parametrize("parts", ["roof", 5, None])
def test_what_is_no_list_is_an_incident(parts: object) -> None:
    simulated = drawn(f"start s\n{each('user')}", "s > check", parts=parts)
    assert [incident.code for incident in simulated.incidents()] == ["multi_collection"]


def test_a_standard_loop_goes_round_until_its_condition_fails() -> None:
    loop = "<standardLoopCharacteristics><loopCondition>n &lt; 3</loopCondition></standardLoopCharacteristics>"
    nodes = f"start s\nscript count do='n = n + 1' {{ {loop} }}\nend e"
    assert drawn(nodes, "s > count > e", n=0).variables() == {"n": 3}
