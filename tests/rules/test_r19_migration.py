"""R19: a running case moves to a changed diagram where all that it stands on is there; else it stays, with the reasons."""

from __future__ import annotations

from engine.execution import Simulation
from tests.engine.execution.drawing import MONDAY, do, file, open_tasks, process


def at_work() -> Simulation:
    old = file(process("start s\nuser assess\nend e", "s > assess > e"))
    simulated = Simulation.load({"p.bpmn": old}, now=MONDAY)
    simulated.start("p", {"n": 1})
    return simulated


CHANGED = {"p.bpmn": file(process("start s\nuser assess\nuser second\nend e", "s > assess > second > e"))}


def test_a_moved_case_goes_on_by_the_new_diagram_with_its_values() -> None:
    simulated = at_work()
    report = simulated.migrate(CHANGED)
    do(simulated, "assess")
    assert (report.moved, open_tasks(simulated), simulated.variables()) == (["1"], ["second"], {"n": 1})


def test_a_dry_run_says_the_same_and_moves_nothing() -> None:
    simulated = at_work()
    report = simulated.migrate(CHANGED, dry_run=True)
    do(simulated, "assess")
    assert (report.moved, report.blocked, simulated.running()) == (["1"], {}, False)


def test_an_element_that_is_gone_blocks_until_it_is_mapped() -> None:
    simulated = at_work()
    renamed = {"p.bpmn": file(process("start s\nuser examine\nend e", "s > examine > e"))}
    blocked = simulated.migrate(renamed).blocked
    assert "assess" in blocked["1"][0]
    assert simulated.migrate(renamed, {"assess": "examine"}).moved == ["1"]
    assert open_tasks(simulated) == ["examine"]


def test_one_blocked_case_does_not_hold_the_others() -> None:
    files = {"p.bpmn": file(process("start s\nuser first\nuser last\nend e", "s > first > last > e"))}
    simulated = Simulation.load(files, now=MONDAY)
    simulated.start("p")
    simulated.start("p")
    do(simulated, "first")
    report = simulated.migrate({"p.bpmn": file(process("start s\nuser last\nend e", "s > last > e"))})
    assert (report.moved, list(report.blocked)) == (["1"], ["2"])
