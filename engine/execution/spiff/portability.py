"""A second opinion for designers: what SpiffWorkflow would do otherwise; a process marked for it may hold none of that."""

from __future__ import annotations

from collections.abc import Iterable

from engine.execution.spiff.subset import differences
from engine.model.bpmn import Definitions, Process
from engine.model.errors import DefinitionInvalid, Finding, Message, Severity

NAME = "spiff"


def portability(definitions: Definitions) -> tuple[Finding, ...]:
    """Give a warning for each element of each process that SpiffWorkflow would run otherwise, in file order."""
    remedy = Message("spiff_remedy", "On the machine it runs as BPMN says; for SpiffWorkflow, draw it otherwise.")
    return _findings(definitions, definitions.processes, Severity.WARNING, remedy)


def beyond_subset(definitions: Definitions) -> tuple[Finding, ...]:
    """Give an error for each such element of the processes that are marked mg:runtime="spiff"."""
    remedy = Message("spiff_remove", "Remove mg:runtime from the process, or draw it otherwise.")
    marked = [process for process in definitions.processes if process.runtime == NAME]
    return _findings(definitions, marked, Severity.ERROR, remedy)


def refuse_beyond_subset(read: Iterable[Definitions], *, every: bool = False) -> None:
    """Raise DefinitionInvalid with every element that forbids SpiffWorkflow; `every` asks it of unmarked processes too."""
    found: list[Finding] = []
    remedy = Message("spiff_machine", "Run it on the machine, or draw it otherwise.")
    for definitions in read:
        if every:
            found += _findings(definitions, definitions.processes, Severity.ERROR, remedy)
        else:
            found += beyond_subset(definitions)
    if found:
        raise DefinitionInvalid(found)


def _findings(
    definitions: Definitions, processes: Iterable[Process], severity: Severity, remedy: Message
) -> tuple[Finding, ...]:
    found = [
        Finding(
            severity,
            reason,
            remedy,
            file=definitions.file,
            line=element.line,
            element_id=element.id,
            element_name=element.name,
        )
        for process in processes
        if process.executable is not False
        for element, reason in differences(process.body)
    ]
    return tuple(sorted(found, key=lambda finding: finding.line))
