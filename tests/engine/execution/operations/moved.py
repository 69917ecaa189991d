"""Two versions of one diagram, and an instance of the first that stands where a test wants it."""

from __future__ import annotations

from collections.abc import Mapping

from engine.execution import MigrationReport, Simulation
from tests.engine.execution.drawing import MONDAY, body, do, file, process

Drawn = tuple[str, str]


def files(*processes: Drawn | str) -> dict[str, bytes]:
    """Nodes and flows of `p`, and further processes as XML."""
    drawn = [process(*each) if isinstance(each, tuple) else each for each in processes]
    return {"p.bpmn": file(*drawn)}


def at_work(version: Mapping[str, bytes], *done: str, **data: object) -> Simulation:
    """An instance of `p` after these tasks have been done."""
    simulated = Simulation.load(version, now=MONDAY)
    simulated.start("p", data)
    for task in done:
        do(simulated, task)
    return simulated


def sub(name: str, nodes: str, flows: str, more: str = "") -> str:
    """A subprocess as one line of a drawing."""
    return f"sub {name} {{ {body(nodes, flows)}{more} }}"


def event_sub(name: str, nodes: str, flows: str) -> str:
    """An event subprocess as one line of a drawing."""
    return f"sub {name} triggeredByEvent=true {{ {body(nodes, flows)} }}"


def finish(simulated: Simulation) -> list[str]:
    """Complete whatever is open until nothing is; give what was completed from here on."""
    before = len(simulated.trace())
    for _ in range(50):
        if not simulated.tasks():
            break
        simulated.complete(simulated.tasks()[0].id)
    return simulated.trace()[before:]


def reasons(report: MigrationReport) -> str:
    """Why the only instance stays."""
    return " ".join(report.blocked["1"])
