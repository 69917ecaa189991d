"""All files of one deployment are checked together, and every finding comes back at once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from engine.checks.form_references import forms_exist, forms_read_well, joined
from engine.checks.letter_places import inputs_given
from engine.checks.letters import letters_can_be_read, letters_exist
from engine.checks.running import RUNNING_RULES
from engine.checks.soundness import SOUNDNESS_RULES
from engine.checks.soundness.calls import calls_end
from engine.checks.soundness.data import data_findings
from engine.checks.soundness.dates import dates_are_ahead
from engine.checks.tables import table_findings
from engine.definitions.bpmn import read_bpmn
from engine.definitions.catalog import DIAGRAMS, TABLES
from engine.definitions.scenarios import read_scenario
from engine.definitions.standard import standard_findings
from engine.definitions.standard.diagram import Diagram
from engine.execution.compiler.programs import compile_definitions
from engine.execution.decisions import DecisionSet, check_decisions, compile_decisions
from engine.execution.spiff import beyond_subset, portability
from engine.model.bpmn import Definitions
from engine.model.errors import DefinitionInvalid, Finding, Severity


def check_files(
    files: Mapping[str, bytes], *, executable: bool = False, now: datetime | None = None
) -> tuple[Finding, ...]:
    """Every finding about the diagrams, tables, forms and letters of one deployment, by file and line.

    A process that says isExecutable="false" is a drawing and must only be good BPMN; `executable` asks of drawings
    too whether they would run; `now` asks whether the dates in them are over.
    """
    findings: list[Finding] = []
    diagrams = [
        Diagram(read_bpmn(files[name], file=name), force=executable)
        for name in sorted(files)
        if name.lower().endswith(DIAGRAMS)
    ]
    for diagram in diagrams:
        findings += diagram.result.findings
        findings += standard_findings(diagram)
        for level in diagram.levels():
            for rule in (*RUNNING_RULES, *SOUNDNESS_RULES) if level.runs else ():
                findings += rule(level)
            if now is not None and level.runs:
                findings += dates_are_ahead(level, now)
        findings += letters_exist(diagram, files)
        findings += inputs_given(diagram, files)
        findings += forms_exist(diagram, files)
        findings += beyond_subset(diagram.definitions)
    for name in sorted(files):
        if name.endswith(TABLES):
            findings += check_decisions(files[name], name, beside=files)
            findings += table_findings(files[name], name, beside=files)
        elif "letters/" in name and name.endswith(".txt"):
            findings += letters_can_be_read(name, files[name])
        elif "scenarios/" in name and name.endswith(".toml"):
            findings += read_scenario(files[name], file=name).findings
    findings += forms_read_well(files)
    findings += calls_end(diagrams)
    findings += _compiled(diagrams, files)
    return _in_order(findings)


def check_portability(files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """A second opinion about processes of the machine: what SpiffWorkflow would do otherwise, as warnings."""
    findings: list[Finding] = []
    for name in sorted(files):
        if name.lower().endswith(DIAGRAMS):
            definitions = read_bpmn(files[name], file=name).definitions
            refused = {(found.element_id, found.message.code) for found in beyond_subset(definitions)}
            findings += [f for f in portability(definitions) if (f.element_id, f.message.code) not in refused]
    return _in_order(findings)


def check_standard(file: str, data: bytes) -> tuple[Finding, ...]:
    """What BPMN itself says about one diagram, whether or not it would run here."""
    diagram = Diagram(read_bpmn(data, file=file))
    return _in_order([*diagram.result.findings, *standard_findings(diagram)])


def _compiled(diagrams: Sequence[Diagram], files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """What the compiler refuses; where it refuses nothing, what is wrong with the names that are read and written."""
    decisions: dict[str, DecisionSet] = {}
    for name in sorted(files):
        if name.endswith(TABLES):
            try:
                tables = compile_decisions(files[name], name, beside=files)
            except DefinitionInvalid:
                continue  # its findings are in the list already
            decisions.update(dict.fromkeys(tables.keys, tables))
    try:
        program = compile_definitions([_running_part(diagram) for diagram in diagrams], decisions)
    except DefinitionInvalid as error:
        return error.findings
    return tuple(data_findings(diagrams, program, joined(files)[0], files))


def _running_part(diagram: Diagram) -> Definitions:
    processes = (replace(found, executable=diagram.runs(found)) for found in diagram.definitions.processes)
    return replace(diagram.definitions, processes=tuple(processes))


# Where a rule of BPMN already says what is wrong, the compiler's word about the same element adds nothing.
_SAME_FAULT = {
    "flow_dangling": {"bpmn_reference_dangling", "bpmn_reference_kind", "flow_crosses"},
    "boundary_alone": {"boundary_detached", "bpmn_reference_dangling"},
    "id_twice": {"bpmn_id_twice"},
    "event_not_run": {"event_kind"},
    "condition_missing": {"event_condition"},
    "event_without_name": {"message_missing", "bpmn_reference_dangling"},
    "link_without_end": {"link_target"},
    "quantity_below_one": {"quantity"},
    "boundary_event_empty": {"boundary_trigger"},
    "several_together_not_run": {"boundary_trigger", "event_subprocess_start"},
    "event_subprocess_repeated": {"event_subprocess_start"},
    "multi_behavior_not_run": {"not_yet_behavior"},
    "multi_without_number": {"bpmn_reference_dangling"},
}


def _in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """One finding a fault, by file and line; errors before warnings of the same line."""
    said: dict[tuple[str, str], set[str]] = {}
    found = list(findings)
    for finding in found:
        said.setdefault((finding.file, finding.element_id), set()).add(finding.message.code)
    kept: dict[tuple[str, int, str, str], Finding] = {}
    for finding in found:
        if _SAME_FAULT.get(finding.message.code, set()) & said[finding.file, finding.element_id]:
            continue
        key = (finding.file, finding.line, finding.element_id, str(finding.message))
        kept.setdefault(key, finding)
    return tuple(sorted(kept.values(), key=_place))


def _place(finding: Finding) -> tuple[str, int, bool]:
    return finding.file, finding.line, finding.severity is not Severity.ERROR
