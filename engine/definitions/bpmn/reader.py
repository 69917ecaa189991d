"""A whole BPMN file is read here; bad files never raise, they come back with findings."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from engine.definitions.bpmn.bodies import read_global_task, read_process
from engine.definitions.bpmn.document import read_document
from engine.definitions.bpmn.expressions import default_language
from engine.definitions.bpmn.foreign import report_foreign
from engine.definitions.bpmn.names import BPMN, BPMNDI, Element, bpmn, children, split
from engine.definitions.bpmn.reading import Reading, line_of
from engine.definitions.bpmn.roots import GLOBAL_TASKS, read_participants, read_roots
from engine.definitions.bpmn.structure import check_structure
from engine.model.bpmn import Definitions
from engine.model.errors import Finding, Message, Severity


@dataclass(frozen=True, slots=True)
class ReadResult:
    """The model of one file with all findings by line; `root` is the parsed tree, None where nothing could be read."""

    definitions: Definitions
    findings: tuple[Finding, ...] = ()
    root: Element | None = None

    @property
    def errors(self) -> tuple[Finding, ...]:
        """The findings that forbid deployment."""
        return tuple(found for found in self.findings if found.severity is Severity.ERROR)


def read_bpmn(data: bytes, *, file: str = "") -> ReadResult:
    """Read one BPMN 2.0 file of any tool and any encoding."""
    digest = hashlib.sha256(data).hexdigest()
    root = read_document(data, file)
    if isinstance(root, Finding):
        return ReadResult(Definitions(file, digest), (root,))
    if root.tag != bpmn("definitions"):
        return ReadResult(Definitions(file, digest), (_not_bpmn(root, file),))
    language = root.get("expressionLanguage") or ""
    reading = Reading(root, file, default_language(language))
    read_roots(reading)
    processes = tuple(read_process(reading, process) for process in children(root, "process"))
    global_tasks = tuple(read_global_task(reading, task) for task in children(root, *sorted(GLOBAL_TASKS)))
    participants, message_flows = read_participants(reading)
    check_structure(reading)
    report_foreign(reading)
    definitions = Definitions(
        file=file,
        digest=digest,
        target_namespace=root.get("targetNamespace") or "",
        exporter=" ".join(filter(None, (root.get("exporter"), root.get("exporterVersion")))),
        expression_language=language,
        data_stores=reading.data_stores,
        processes=processes,
        global_tasks=global_tasks,
        participants=participants,
        message_flows=message_flows,
        messages=reading.messages,
        signals=reading.signals,
        errors=reading.errors,
        escalations=reading.escalations,
        has_diagram=root.find(f"{{{BPMNDI}}}BPMNDiagram") is not None,
    )
    return ReadResult(definitions, tuple(sorted(reading.findings, key=lambda found: found.line)), root)


def _not_bpmn(root: Element, file: str) -> Finding:
    namespace, local = split(str(root.tag))
    return Finding(
        Severity.ERROR,
        Message(
            "bpmn_root",
            "The file starts with <{element}> of “{namespace}” and is no BPMN 2.0 file.",
            {"element": local, "namespace": namespace},
        ),
        Message("bpmn_root_remedy", "A BPMN file starts with <definitions> of {namespace}.", {"namespace": BPMN}),
        file=file,
        line=line_of(root),
    )
