"""Cases, clocks, tasks and decisions as the answers tell them: times ISO, money as text, people by login."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from engine.model.audit import AuditEvent
from engine.model.case import Case
from engine.model.decision import Decision, SpecialMode
from engine.model.values import duration_text
from engine.queries.api_case import CaseForProgram
from engine.queries.api_tasks import TaskLine
from engine.queries.case_parts import ClockView
from web.language import sentence

Json = dict[str, object]


def plain(value: object) -> object:
    """Any kept value as JSON has it."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, datetime):
        return instant(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, timedelta):
        return duration_text(value)
    if isinstance(value, Mapping):
        return {str(key): plain(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple):
        return [plain(inner) for inner in value]
    return value if value is None or isinstance(value, str | int | float) else str(value)


def instant(moment: datetime) -> str:
    """A time in UTC."""
    return moment.isoformat().replace("+00:00", "Z")


def told_clock(clock: ClockView) -> Json:
    """A clock; its due is told where it counts."""
    return {
        "key": clock.key,
        "kind": str(clock.kind),
        "state": str(clock.state),
        "due": clock.due_at.astimezone(ZoneInfo(clock.zone)).isoformat(),
        "last_day": clock.last_day.isoformat(),
        "explain": sentence(clock.explanation),
    }


def told_registration(case: Case, clocks: Sequence[ClockView]) -> Json:
    """What whoever registered a case needs to know."""
    return {
        "number": case.number,
        "tracking": case.tracking,
        "stage": str(case.stage),
        "clocks": [told_clock(clock) for clock in clocks],
    }


def told_case(found: CaseForProgram) -> Json:
    """The whole case."""
    case = found.case
    return {
        "number": case.number,
        "kind": case.kind,
        "subject": case.subject,
        "stage": str(case.stage),
        "status": str(case.status),
        "queue": case.queue,
        "priority": case.priority,
        "category": case.category,
        "received_on": plain(case.received_on),
        "opened_at": instant(case.opened_at),
        "closed_at": plain(case.closed_at),
        "clocks": [told_clock(clock) for clock in found.clocks],
        "tasks": [told_task(line) for line in found.tasks],
        "decision": told_decision(found.decision, found.logins) if found.decision is not None else None,
        "special_mode": (
            told_special_mode(found.special_mode, case.number, found.logins) if found.special_mode is not None else None
        ),
        "tables": [
            {
                "id": each.id,
                "decision": each.decision,
                "at": instant(each.at),
                "value": each.value,
                "fired": list(each.fired),
            }
            for each in found.tables
        ],
        "events": [told_event(event, found.logins) for event in found.events],
    }


def told_task(line: TaskLine) -> Json:
    """A task as lists have it."""
    task = line.task
    return {
        "id": task.id,
        "element": task.element_id,
        "name": task.name,
        "case": line.case_number,
        "queue": task.queue,
        "state": str(task.state),
        "owner": line.owner_login or None,
        "owner_name": line.owner_name or None,
        "priority": task.priority,
        "due": plain(task.due_at),
        "version": task.version,
        "form": task.form or None,
        "outcomes": list(task.outcomes),
    }


def told_decision(decision: Decision, logins: Mapping[str, str]) -> Json:
    """A decision."""
    return {
        "outcome": decision.outcome,
        "amount": plain(decision.amount),
        "currency": decision.currency,
        "remedy": decision.remedy,
        "reasons": decision.reasons,
        "basis": decision.basis,
        "decided_by": logins.get(decision.decided_by or ""),
        "approved_by": logins.get(decision.approved_by or ""),
        "decided_at": instant(decision.decided_at),
    }


def told_special_mode(mode: SpecialMode, number: str, logins: Mapping[str, str]) -> Json:
    """A request for special mode and what became of it."""
    return {
        "id": mode.id,
        "case": number,
        "status": str(mode.status),
        "reason": mode.reason,
        "amount": plain(mode.amount),
        "level": mode.level,
        "asked_by": logins.get(mode.asked_by),
        "decided_by": logins.get(mode.decided_by or ""),
        "second_by": logins.get(mode.second_by or ""),
        "asked_at": instant(mode.asked_at),
        "decided_at": plain(mode.decided_at),
    }


def told_event(event: AuditEvent, logins: Mapping[str, str]) -> Json:
    """A link of the case's chain."""
    return {
        "sequence": event.sequence,
        "kind": event.kind,
        "at": instant(event.at),
        "actor": logins.get(event.actor_id or ""),
        "for": logins.get(event.on_behalf_of or ""),
        "data": plain(event.data),
    }
