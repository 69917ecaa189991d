"""Files that BPMN itself forbids are refused with everything that does not compile, in one list."""

from __future__ import annotations

from collections.abc import Mapping

from engine.definitions.bpmn import read_bpmn
from engine.definitions.catalog import DIAGRAMS
from engine.definitions.standard import standard_findings
from engine.definitions.standard.diagram import Diagram
from engine.execution.compiler import ProgramCode, compile_program
from engine.model.errors import DefinitionInvalid, Finding, Severity


def load_program(files: Mapping[str, bytes]) -> ProgramCode:
    """Compile diagrams and tables; raise DefinitionInvalid with all findings where they break BPMN or cannot run."""
    findings = [
        finding
        for name in sorted(files)
        if name.lower().endswith(DIAGRAMS)
        for finding in standard_findings(Diagram(read_bpmn(files[name], file=name)))
        if finding.severity is Severity.ERROR
    ]
    try:
        program = compile_program(files)
    except DefinitionInvalid as error:
        raise DefinitionInvalid(_told_once([*findings, *error.findings])) from None
    if findings:
        raise DefinitionInvalid(findings)
    return program


def _told_once(findings: list[Finding]) -> list[Finding]:
    """The same sentence about the same element once, in the order of the files."""
    kept = {(found.file, found.element_id, str(found.message)): found for found in findings}
    return sorted(kept.values(), key=lambda found: (found.file, found.line))
