"""The files of a deployment become one program; a second call for the same content gives the same object."""

from __future__ import annotations

import hashlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from zoneinfo import ZoneInfo

from engine.definitions.bpmn import read_bpmn
from engine.execution.compiler.activities import Surroundings
from engine.execution.compiler.code import NodeCode, ProcessCode, ProgramCode, StartCode
from engine.execution.compiler.flattening import lay_out
from engine.execution.compiler.nodes import compile_body, compile_nodes
from engine.execution.compiler.paths import reaches_of
from engine.execution.compiler.refusals import Refusals
from engine.execution.decisions import DecisionSet, compile_decisions
from engine.model.bpmn import Definitions, NodeKind, Process
from engine.model.errors import DefinitionInvalid, Finding, MakegoodError, Message, Severity
from engine.model.zones import zone_named

COMPILER_VERSION = 1
"""Part of the cache key; it grows when the same files would give another program."""


def digest_of(files: Mapping[str, bytes]) -> str:
    """Give the SHA-256 of all names and contents, in name order."""
    total = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name]):
            total.update(len(part).to_bytes(8, "big"))
            total.update(part)
    return total.hexdigest()


def compile_program(files: Mapping[str, bytes], *, zone: str = "UTC", digest: str = "") -> ProgramCode:
    """Compile the BPMN and DMN files of a deployment; `zone` is for processes that name none.

    Raises DefinitionInvalid with every error finding of reading and compiling.
    """
    findings: list[Finding] = []
    read: list[Definitions] = []
    decisions: dict[str, DecisionSet] = {}
    for name in sorted(files):
        if name.endswith((".bpmn", ".bpmn20.xml", ".bpmn2")):
            result = read_bpmn(files[name], file=name)
            findings += [finding for finding in result.findings if finding.severity is Severity.ERROR]
            read.append(result.definitions)
        elif name.endswith(".dmn"):
            try:
                tables = compile_decisions(files[name], name, beside=files)
            except DefinitionInvalid as error:
                findings += error.findings
            else:
                decisions.update(dict.fromkeys(tables.keys, tables))
    return compile_definitions(read, decisions, findings=findings, zone=zone, digest=digest or digest_of(files))


def compile_definitions(
    read: Sequence[Definitions],
    decisions: Mapping[str, DecisionSet] | None = None,
    *,
    findings: Sequence[Finding] = (),
    zone: str = "UTC",
    digest: str = "",
) -> ProgramCode:
    """Compile diagrams that have been read; a process that says isExecutable="false" is left out where it cannot run."""
    found = list(findings)
    written = [(definitions.file, process) for definitions in read for process in definitions.processes]
    tasks = [(definitions.file, task) for definitions in read for task in definitions.global_tasks]
    around = Surroundings(frozenset(process.id for _, process in (*written, *tasks)), decisions or {})
    processes: dict[str, ProcessCode] = {}
    for number, (file, process) in enumerate((*written, *tasks)):
        refusals = Refusals(file)
        code = _process(refusals, process, around, zone)
        if code is not None:
            code = replace(code, is_global_task=number >= len(written), digest=digest)
        if refusals.findings and process.executable is not False:
            found += refusals.findings
        elif not refusals.findings and code is not None:
            if process.id in processes:
                _refuse_twice(refusals, process)
                found += refusals.findings
            processes[process.id] = code
    if found:
        raise DefinitionInvalid(found)
    stores = frozenset(name for definitions in read for name in definitions.data_stores)
    return ProgramCode(digest, processes, dict(decisions or {}), _starts(processes), stores=stores)


def _process(refusals: Refusals, process: Process, around: Surroundings, zone: str) -> ProcessCode | None:
    refusals.at(process.id, process.name, process.line)
    try:
        own_zone: ZoneInfo = zone_named(process.zone or zone)
    except MakegoodError as error:
        refusals.refuse(error.message, Message("zone_remedy", "Write a zone such as Europe/Warsaw."))
        return None
    layout = lay_out(refusals, process.body)
    nodes = compile_nodes(refusals, layout, own_zone, around)
    events = [node.events for node in nodes]
    by_id: dict[str, NodeCode] = {}
    for node in nodes:
        if node.id in by_id:
            refusals.at(node.id, node.source.name, node.source.line)
            refusals.refuse(
                Message("id_twice", "The id “{id}” is used twice.", {"id": node.id}),
                Message("id_twice_remedy", "Give each element its own id."),
            )
        by_id[node.id] = node
    body = compile_body(layout, layout.top, process.body, events)
    return ProcessCode(
        process.id,
        process.name,
        own_zone,
        nodes,
        by_id,
        body,
        top=frozenset(layout.top),
        reaches=reaches_of(nodes),
        runtime=process.runtime or "machine",
        case_kind=process.case_kind,
    )


def _refuse_twice(refusals: Refusals, process: Process) -> None:
    refusals.at(process.id, process.name, process.line)
    refusals.refuse(
        Message("process_twice", "Two files have a process “{process}”.", {"process": process.id}),
        Message("process_twice_remedy", "Give each process its own id, or leave one file out."),
    )


def _starts(processes: Mapping[str, ProcessCode]) -> tuple[StartCode, ...]:
    """What outside may begin whole processes: start events, instantiating tasks, events behind instantiating gateways."""
    return tuple(
        StartCode(process.id, node.id, event, place)
        for process in processes.values()
        if not process.is_global_task
        for node in starting_nodes(process)
        for place, event in enumerate(node.events)
    )


def starting_nodes(process: ProcessCode) -> Iterator[NodeCode]:
    """The nodes of the top level that a trigger from outside begins a process at."""
    for node in process.nodes:
        if node.index not in process.top:
            continue
        kind, instantiates = node.source.kind, node.source.instantiate
        if kind is NodeKind.START_EVENT or (kind is NodeKind.RECEIVE_TASK and instantiates):
            yield node
        elif kind is NodeKind.EVENT_BASED and instantiates:
            yield from (process.nodes[flow.target] for flow in node.outgoing)


_CACHE: OrderedDict[tuple[str, int, str], ProgramCode] = OrderedDict()
_CACHED_AT_MOST = 256


def program_of(files: Mapping[str, bytes], *, zone: str = "UTC", digest: str = "") -> ProgramCode:
    """Give the compiled program of these files, from the cache where their digest has been compiled before."""
    key = (digest or digest_of(files), COMPILER_VERSION, zone)
    program = _CACHE.get(key)
    if program is None:
        program = _CACHE[key] = compile_program(files, zone=zone, digest=key[0])
        while len(_CACHE) > _CACHED_AT_MOST:
            _CACHE.popitem(last=False)
    return program
