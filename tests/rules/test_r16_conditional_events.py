"""R16: a conditional event fires when armed if true, then on each change from not true to true."""

from __future__ import annotations

from tests.engine.execution.drawing import do, drawn, open_tasks


def test_it_fires_at_once_when_it_is_true() -> None:
    assert open_tasks(drawn("start s\ncatch c when='n > 5'\nuser a", "s > c > a", n=6)) == ["a"]


def test_it_fires_when_a_name_it_reads_is_written() -> None:
    simulated = drawn("start s\ncatch c when='n > 5'\nuser a", "s > c > a", n=1)
    simulated.set_variables({"other": 9})
    assert open_tasks(simulated) == []
    simulated.set_variables({"n": 9})
    assert open_tasks(simulated) == ["a"]


def test_beside_the_work_it_fires_on_each_change_to_true() -> None:
    nodes = "start s\nuser work\nboundary c attachedToRef=work cancelActivity=false when='n > 5'\nuser a"
    simulated = drawn(nodes, "s > work; c > a", n=1)
    for n in (6, 7, 2, 8):
        simulated.set_variables({"n": n})
    assert open_tasks(simulated) == ["work", "a", "a"]
    do(simulated, "work")


def test_a_condition_that_cannot_be_judged_is_an_incident_and_loses_nothing() -> None:
    simulated = drawn(
        "start s\nuser work\nboundary c attachedToRef=work when='n > 5'\nuser a", "s > work; c > a", n="many"
    )
    (incident,) = simulated.incidents()
    assert (incident.element_id, open_tasks(simulated)) == ("c", ["work"])
    simulated.set_variables({"n": 9})
    assert (open_tasks(simulated), simulated.incidents()) == (["a"], [])
