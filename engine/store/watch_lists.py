"""What a lead watches: running clocks by due, and what escalated or lapsed, newest first; read from a place onwards."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from engine.model.audit import AuditEvent
from engine.model.ids import floor_of
from engine.model.lists import Listed, Place, listed
from engine.model.zones import from_microseconds, to_microseconds
from engine.store import rows
from engine.store.shapes import shape_of
from engine.store.tables.cases import WATCHED_KINDS
from engine.store.task_legs import OPEN
from engine.store.transaction import Tx

_LEG = """SELECT * FROM (SELECT clock.id AS id, clock.due_at AS k FROM clock JOIN case_file ON case_file.id = clock.case_id
WHERE clock.state = '{state}' AND clock.due_at < :before AND case_file.status = 'open' AND {where}
ORDER BY clock.due_at {direction}, clock.id {direction} LIMIT :size) AS leg"""
# a case that no table has sent anywhere yet belongs to the queue of its open task
_MINE = f"""(case_file.queue IN (SELECT value FROM json_each(:queues)) OR EXISTS (
  SELECT 1 FROM task WHERE task.case_id = case_file.id AND {OPEN} AND task.queue IN (SELECT value FROM json_each(:queues))))"""
_SHOWN = f"""
SELECT clock.id, clock.due_at, clock.key, clock.kind, clock.state, clock.started_at, clock.due_local, clock.zone,
  case_file.number, case_file.subject, coalesce(nullif(task.queue, ''), case_file.queue), case_file.stage, task.id, task.name,
  owner.name
FROM ({{picked}}) picked JOIN clock ON clock.id = picked.id JOIN case_file ON case_file.id = clock.case_id
LEFT JOIN task ON task.id = (SELECT t.id FROM task t WHERE t.case_id = clock.case_id AND t.{OPEN.removeprefix("task.")}
  ORDER BY t.due_at IS NULL, t.due_at, t.id LIMIT 1)
LEFT JOIN person owner ON owner.id = task.owner_id
ORDER BY picked.k {{direction}}, picked.id {{direction}}"""
_WATCHED = " OR ".join([f"audit_event.kind = '{kind}'" for kind in WATCHED_KINDS])  # in the words of its index
_EVENTS = f"""
SELECT {{event}}, case_file.number, case_file.subject, case_file.queue
FROM audit_event JOIN case_file ON case_file.id = audit_event.case_id
WHERE audit_event.id >= :since AND ({_WATCHED}) AND {{where}}
ORDER BY audit_event.id {{direction}} LIMIT :size"""


@dataclass(frozen=True, slots=True)
class ClockLine:
    """A clock that runs or is breached, with its case and the case's most urgent open task; `last_day` is local to `zone`."""

    id: str
    due_at: datetime
    key: str
    kind: str
    state: str
    started_at: datetime
    last_day: date | None
    zone: str
    case_number: str
    subject: str
    queue: str
    stage: str
    task_id: str
    task_name: str
    owner_name: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFilter:
    """Which clocks: of one key or of all, due before a time, overdue alone, of cases in these queues (None: any)."""

    before: datetime
    key: str = ""
    overdue: bool = False
    queues: Sequence[str] | None = None


@dataclass(frozen=True, slots=True)
class EventLine:
    """An event with the case that it happened to."""

    event: AuditEvent
    case_number: str
    subject: str
    queue: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFilter:
    """Which events: from `since` on, escalations from `level` per cent, of cases in these queues (None: any)."""

    since: datetime
    level: int = 0
    queues: Sequence[str] | None = None


def clocks(tx: Tx, wanted: ClockFilter, place: Place | None, size: int) -> Listed[ClockLine]:
    """One page of clocks, the earliest due first."""
    back = place is not None and place.back
    direction = "DESC" if back else "ASC"
    params: dict[str, object] = {"before": wanted.before, "now": tx.now, "size": size + 1}
    where = ["TRUE", *_in_queues(wanted.queues, params)]
    if wanted.key:
        where.append("clock.key = :key")
        params["key"] = wanted.key
    if wanted.overdue:
        where.append("clock.due_at <= :now")
    if place is not None:
        where.append(f"(clock.due_at, clock.id) {'<' if back else '>'} (:after_key, :after_id)")
        params |= {"after_key": place.key, "after_id": place.id}
    condition = " AND ".join(where)
    legs = " UNION ALL ".join(
        _LEG.format(state=state, where=condition, direction=direction) for state in ("running", "breached")
    )
    picked = f"SELECT * FROM ({legs}) AS legs ORDER BY k {direction}, id {direction} LIMIT :size"
    found = [
        _clock_line(values) for values in rows.fetch(tx, _SHOWN.format(picked=picked, direction=direction), params)
    ]
    return listed([(line, to_microseconds(line.due_at), line.id) for line in found], place, size)


def count_clocks(tx: Tx, wanted: ClockFilter) -> int:
    """How many clocks there are, counted up to 1,000."""
    params: dict[str, object] = {"before": wanted.before, "now": tx.now, "size": 1000}
    where = ["TRUE", *_in_queues(wanted.queues, params)]
    if wanted.key:
        where.append("clock.key = :key")
        params["key"] = wanted.key
    if wanted.overdue:
        where.append("clock.due_at <= :now")
    condition = " AND ".join(where)
    legs = " UNION ALL ".join(
        _LEG.format(state=state, where=condition, direction="ASC") for state in ("running", "breached")
    )
    return int(rows.fetch(tx, f"SELECT count(*) FROM ({legs}) AS legs", params)[0][0])


def escalations(tx: Tx, wanted: EventFilter, place: Place | None, size: int) -> Listed[EventLine]:
    """One page of escalations and lapses, the newest first; ids begin with their time, so they are the order."""
    back = place is not None and place.back
    params: dict[str, object] = {"since": floor_of(wanted.since), "size": size + 1}
    where = ["TRUE", *_in_queues(wanted.queues, params)]
    if wanted.level:
        where.append(
            "(audit_event.kind <> 'escalated' OR CAST(json_extract(audit_event.data, '$.level') AS integer) >= :level)"
        )
        params["level"] = wanted.level
    if place is not None:
        where.append(f"audit_event.id {'>' if back else '<'} :after_id")
        params["after_id"] = place.id
    shape = shape_of(AuditEvent)
    columns = ", ".join(f"audit_event.{name}" for name in shape.names)
    statement = _EVENTS.format(event=columns, where=" AND ".join(where), direction="ASC" if back else "DESC")
    width = len(shape.names)
    found = [EventLine(shape.decode(values[:width]), *values[width:]) for values in rows.fetch(tx, statement, params)]
    return listed([(line, to_microseconds(line.event.at), line.event.id) for line in found], place, size)


def _in_queues(queues: Sequence[str] | None, params: dict[str, object]) -> list[str]:
    if queues is None:
        return []
    params["queues"] = json.dumps(list(queues))
    return [_MINE]


def _clock_line(values: tuple[Any, ...]) -> ClockLine:
    key, due, name, kind, state, started, local, zone, number, subject, queue, stage, task, task_name, owner = values
    return ClockLine(
        id=key,
        due_at=from_microseconds(due),
        key=name,
        kind=kind,
        state=state,
        started_at=from_microseconds(started),
        last_day=date.fromisoformat(local) if local else None,
        zone=zone,
        case_number=number,
        subject=subject,
        queue=queue,
        stage=stage,
        task_id=task or "",
        task_name=task_name or "",
        owner_name=owner or "",
    )
