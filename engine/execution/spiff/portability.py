"""A second opinion for designers: what the plain library would do otherwise, and what its runtime here cannot run at all."""

from __future__ import annotations

from collections.abc import Iterable

from engine.execution.spiff.subset import Difference, differences
from engine.model.bpmn import Definitions, Process
from engine.model.errors import DefinitionInvalid, Finding, Message, Severity

NAME = "spiff"


def portability(definitions: Definitions) -> tuple[Finding, ...]:
    """Give a warning for each element of each process that the plain library would run otherwise, in file order."""
    remedy = Message("spiff_remedy", "On the machine it runs as BPMN says; for SpiffWorkflow, draw it otherwise.")
    return _sorted(
        _finding(definitions, difference, Severity.WARNING, remedy)
        for process in definitions.processes
        if process.executable is not False
        for difference in differences(process.body)
    )


def beyond_subset(definitions: Definitions) -> tuple[Finding, ...]:
    """Give an error for each element that the second runtime cannot run either, in the processes marked for it and those they call."""
    return _refused([definitions], every=False, remedy=_REMOVE)


def refuse_beyond_subset(read: Iterable[Definitions], *, every: bool = False) -> None:
    """Raise DefinitionInvalid with every element that forbids SpiffWorkflow; `every` asks it of unmarked processes too."""
    machine = Message("spiff_machine", "Run it on the machine, or draw it otherwise.")
    found = _refused(list(read), every=every, remedy=machine if every else _REMOVE)
    if found:
        raise DefinitionInvalid(list(found))


_REMOVE = Message("spiff_remove", "Remove mg:runtime from the process, or draw it otherwise.")


def _refused(read: list[Definitions], *, every: bool, remedy: Message) -> tuple[Finding, ...]:
    everywhere = [(file, process) for file in read for process in file.processes if process.executable is not False]
    asked = everywhere if every else _reached(everywhere)
    return _sorted(
        _finding(file, difference, Severity.ERROR, remedy)
        for file, process in asked
        for difference in differences(process.body, guarded=False)
    )


Placed = tuple[Definitions, Process]


def _reached(everywhere: list[Placed]) -> list[Placed]:
    """The processes that are marked, and those that they call, which run inside them."""
    reached = [placed for placed in everywhere if placed[1].runtime == NAME]
    for _, process in reached:
        called = {node.call.process for node in process.body.walk() if node.call is not None}
        reached += [placed for placed in everywhere if placed[1].id in called and placed not in reached]
    return reached


def _finding(definitions: Definitions, difference: Difference, severity: Severity, remedy: Message) -> Finding:
    element, reason = difference
    return Finding(
        severity,
        reason,
        remedy,
        file=definitions.file,
        line=element.line,
        element_id=element.id,
        element_name=element.name,
    )


def _sorted(found: Iterable[Finding]) -> tuple[Finding, ...]:
    return tuple(sorted(found, key=lambda finding: finding.line))
