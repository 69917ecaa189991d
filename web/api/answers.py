"""What the calls give."""

from __future__ import annotations

from engine.model.case import CaseStage, CaseStatus
from engine.model.clock import ClockState
from engine.model.decision import SpecialModeStatus
from engine.model.task import TaskState
from web.api.shapes import (
    Schema,
    amount_told,
    anything,
    choice,
    day,
    flag,
    many,
    maybe,
    moment,
    number,
    record,
    some,
    text,
)

ANSWERS: dict[str, Schema] = {
    "Clock": record(
        {
            "key": text(),
            "kind": text(about="statutory, contract or internal"),
            "state": choice(*ClockState),
            "due": moment("In the zone where the clock counts."),
            "last_day": day("The last day in that zone; a legal clock ends with it."),
            "explain": text(2000, about="How the due comes about, in the language of the answer."),
        }
    ),
    "RegisteredCase": record(
        {
            "number": text(),
            "tracking": text(about="What the customer may be told to ask with."),
            "stage": choice(*CaseStage),
            "clocks": many(some("Clock")),
        }
    ),
    "Decision": record(
        {
            "outcome": text(),
            "amount": maybe(amount_told()),
            "currency": text(),
            "remedy": text(),
            "reasons": text(64_000),
            "basis": text(about="person, or law after a lapse"),
            "decided_by": maybe(text()),
            "approved_by": maybe(text()),
            "decided_at": moment(),
        }
    ),
    "SpecialMode": record(
        {
            "id": text(),
            "case": text(),
            "status": choice(*SpecialModeStatus),
            "reason": text(8000),
            "amount": maybe(amount_told()),
            "level": text(),
            "asked_by": maybe(text()),
            "decided_by": maybe(text()),
            "second_by": maybe(text()),
            "asked_at": moment(),
            "decided_at": maybe(moment()),
        }
    ),
    "Event": record(
        {
            "sequence": number(),
            "kind": text(),
            "at": moment(),
            "actor": maybe(text(about="Login; null is Makegood itself.")),
            "for": maybe(text(about="The absent person for whom it was done.")),
            "data": anything("Codes, keys and figures; never what customers wrote."),
        }
    ),
    "Case": record(
        {
            "number": text(),
            "kind": text(),
            "subject": text(),
            "stage": choice(*CaseStage),
            "status": choice(*CaseStatus),
            "queue": text(),
            "priority": number(),
            "category": text(),
            "received_on": maybe(day()),
            "opened_at": moment(),
            "closed_at": maybe(moment()),
            "clocks": many(some("Clock")),
            "tasks": many(some("Task")),
            "decision": maybe(some("Decision")),
            "special_mode": maybe(some("SpecialMode")),
            "tables": many(some("TableRecord")),
            "events": many(some("Event")),
        }
    ),
    "Task": record(
        {
            "id": text(),
            "element": text(about="The element's id in the diagram."),
            "name": text(),
            "case": text(about="The case's number."),
            "queue": text(),
            "state": choice(*TaskState),
            "owner": maybe(text(about="Login.")),
            "owner_name": maybe(text()),
            "priority": number(),
            "due": maybe(moment()),
            "version": number(least=1),
            "form": maybe(text()),
            "outcomes": many(text()),
            "actions": many(some("Action")),
        },
        needed=(
            *("id", "element", "name", "case", "queue", "state", "owner", "owner_name"),
            *("priority", "due", "version", "form", "outcomes"),
        ),
    ),
    "Action": record({"element": text(), "label": text()}),
    "TaskList": record({"items": many(some("Task")), "next": maybe(text(2000, about="The cursor of the next page."))}),
    "Moved": record(
        {
            "case": text(about="The case's number."),
            "stage": choice(*CaseStage),
            "status": choice(*CaseStatus),
            "next": many(some("Task")),
        }
    ),
    "Comment": record({"id": text(), "case": text(), "author": text(), "body": text(10_000), "at": moment()}),
    "Delivered": record({"matched": number("How many cases took it now; one that nobody awaits is kept 30 days.")}),
    "Decided": record(
        {
            "key": text(about="The deployment's key."),
            "version": number(least=1),
            "decision": text(),
            "value": {"description": "Whatever the decision gives; null where it gives nothing."},
            "inputs": anything("What was told, as the decision read it."),
            "fired": many(some("FiredRule")),
            "problems": many(text(4000, about="Why something is null, in the language of the answer.")),
        }
    ),
    "TableRecord": record(
        {
            "id": text(about="`makegood decide --record` decides it again."),
            "decision": text(),
            "at": moment(),
            "value": {"description": "What the decision gave."},
            "fired": many(some("FiredRule")),
        }
    ),
    "FiredRule": record(
        {
            "decision": text(),
            "rule": number("The rule's place in its table.", least=1),
            "id": text(),
            "annotations": anything("The rule's notes by column: why it decides so."),
        }
    ),
    "Health": record(
        {
            "ok": flag(),
            "version": text(),
            "pending_jobs": number(),
            "oldest_due_s": number(),
            "worker": flag("Whether a worker is alive; on PostgreSQL, where workers are processes of their own."),
            "warning": text(about="What an operator must do."),
        },
        needed=("ok", "version", "pending_jobs", "oldest_due_s"),
    ),
    "Problem": {
        "type": "object",
        "description": "RFC 9457. A conflict may carry `owner`, or `changed`, and `current`, the task as it is now.",
        "required": ["type", "title", "status", "detail", "code"],
        "properties": {
            "type": {"type": "string"},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "What is wrong and what to do, in the language of the answer."},
            "code": {"type": "string", "description": "The same in every language."},
            "owner": {"type": "string", "description": "Who has the task."},
            "changed": many(text()),
            "current": some("Task"),
            "errors": many(some("FieldFault")),
        },
    },
    "FieldFault": record({"field": text(), "code": text(), "message": text(2000)}),
}
