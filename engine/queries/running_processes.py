"""Which versions cases run on, what begins processes by itself and when next, and the cases of one version."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.execution.programs import program_of
from engine.model.bpmn import EventKind
from engine.model.case import Case
from engine.model.errors import NotFound
from engine.model.lists import Listed, Place
from engine.model.running import LIVE, Deployed, Incident, IncidentState, Instance
from engine.model.task import OPEN_STATES, Task
from engine.queries.incidents import require_watcher
from engine.store import move_lists, process_lists, rows, settings
from engine.store.process_lists import VersionRow
from engine.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class RunningProcess:
    """A process with the versions that something runs on, the newest first."""

    key: str
    name: str
    newest: VersionRow
    versions: Sequence[VersionRow]


@dataclass(frozen=True, slots=True)
class StartLine:
    """Something outside that begins a process; `due` is when a timer does so next, `last` when it did, `case_number` with which case."""

    key: str
    process: str
    element: str
    kind: EventKind
    name: str
    due: datetime | None = None
    last: datetime | None = None
    case_number: str = ""


@dataclass(frozen=True, slots=True)
class InstanceLine:
    """A live instance in a list: where it is now, and whether it is stuck."""

    instance: Instance
    case_number: str
    at: Sequence[str]
    stuck: bool


def running_processes(tx: Tx) -> list[RunningProcess]:
    """Every process that is deployed, with its versions in use."""
    require_watcher(tx)
    by_key: dict[str, list[VersionRow]] = {}
    for row in process_lists.versions(tx):
        by_key.setdefault(row.key, []).append(row)
    return [
        RunningProcess(key, _name(tx.catalog.by_id(found[0].id)), found[0], [row for row in found if row.running])
        for key, found in by_key.items()
    ]


def starts(tx: Tx) -> list[StartLine]:
    """What begins processes of the newest versions by itself; only these are armed (R17)."""
    require_watcher(tx)
    zone = settings.zone(tx).key
    found: list[StartLine] = []
    for deployed in tx.catalog.all_newest():
        program = program_of(deployed, zone=zone)
        for start in program.starts:
            process = program.processes[start.process_id]
            element = process.by_id[start.element_id].source.name
            line = StartLine(deployed.key, process.name or process.id, element, start.event.kind, start.event.name)
            found.append(_timed(tx, line, deployed, start.element_id) if line.kind is EventKind.TIMER else line)
    return found


def version_named(tx: Tx, key: str, version: int) -> VersionRow:
    """One version of a process; raises NotFound."""
    require_watcher(tx)
    found = next((row for row in process_lists.versions(tx, key) if row.version == version), None)
    if found is None:
        raise NotFound("version_not_deployed", "“{key}” has no version {version}.", key=key, version=version)
    return found


def versions_of(tx: Tx, key: str) -> list[VersionRow]:
    """All versions of a process, the newest first."""
    require_watcher(tx)
    return process_lists.versions(tx, key)


def instances_of_version(tx: Tx, deployment_id: str, place: Place | None, *, size: int = 40) -> Listed[InstanceLine]:
    """One page of what runs on a version, the oldest first."""
    require_watcher(tx)
    page = move_lists.instances(tx, deployment_id, place, size)
    return Listed(_lines(tx, page.rows), page.next, page.previous)


def instances_of_case(tx: Tx, number: str) -> list[InstanceLine]:
    """What runs in a case; raises NotFound for a number that no case has."""
    require_watcher(tx)
    case = rows.first(tx, Case, number=number.strip().upper())
    if case is None:
        raise NotFound("case_not_found", "There is no case {number} that you may see.", number=number)
    return _lines(tx, rows.find(tx, Instance, case_id=case.id, status=LIVE, order_by="id"))


def _lines(tx: Tx, found: Sequence[Instance]) -> list[InstanceLine]:
    ids = tuple(each.id for each in found)
    cases = {case.id: case.number for case in rows.find(tx, Case, id=tuple({each.case_id for each in found}))}
    stuck = {row.instance_id for row in rows.find(tx, Incident, instance_id=ids, state=IncidentState.OPEN)}
    at: dict[str, list[str]] = {}
    open_ones = tuple(sorted(OPEN_STATES))
    for task in rows.find(tx, Task, case_id=tuple(cases), instance_id=ids, state=open_ones, order_by="id"):
        at.setdefault(task.instance_id, []).append(task.name)
    return [InstanceLine(each, cases.get(each.case_id, ""), at.get(each.id, []), each.id in stuck) for each in found]


def _timed(tx: Tx, line: StartLine, deployed: Deployed, element_id: str) -> StartLine:
    due, last = (
        move_lists.next_start(tx, deployed.id, element_id),
        move_lists.last_start(tx, deployed.id, element_id),
    )
    case = rows.maybe(tx, Case, last.case_id) if last is not None else None
    return StartLine(
        line.key,
        line.process,
        line.element,
        line.kind,
        line.name,
        due.due_at if due is not None else None,
        last.settled_at if last is not None else None,
        case.number if case is not None else "",
    )


def _name(deployed: Deployed) -> str:
    program = program_of(deployed)
    return ", ".join(process.name or process.id for process in program.processes.values()) or deployed.key
