"""A case as a program reads it: clocks that explain themselves, open tasks, the decision in force, what happened."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from engine.execution.decisions.in_json import in_json
from engine.model.audit import AuditEvent
from engine.model.case import Case
from engine.model.decision import Decision, SpecialMode
from engine.model.running import DecisionRecordRow
from engine.queries.api_tasks import TaskLine, open_tasks_of_case, people_of
from engine.queries.case_parts import ClockView, clocks_of, decisions_of, events_with_texts, visible_case
from engine.store import rows
from engine.store.transaction import Tx

MOST_EVENTS, MOST_TABLES = 500, 100


@dataclass(frozen=True, slots=True)
class TableRecord:
    """What a table said of the case, as JSON, and the rules that fired with their notes: the reasons."""

    id: str
    decision: str
    at: datetime
    value: object
    fired: Sequence[object]


@dataclass(frozen=True, slots=True)
class CaseForProgram:
    """`logins` are of all people whom decision, special mode and events name; of very many events the last are given."""

    case: Case
    clocks: Sequence[ClockView]
    tasks: Sequence[TaskLine]
    decision: Decision | None
    special_mode: SpecialMode | None
    events: Sequence[AuditEvent]
    logins: dict[str, str]
    tables: Sequence[TableRecord]


def case_for_program(tx: Tx, number: str) -> CaseForProgram:
    """The case with this number; raises NotFound for one that does not exist or that the actor may not see."""
    case = visible_case(tx, number)
    decision = next((one for one in decisions_of(tx, case.id) if one.in_force), None)
    special = rows.first(tx, SpecialMode, case_id=case.id, order_by="asked_at DESC, id DESC")
    events = rows.find(tx, AuditEvent, case_id=case.id, order_by="sequence DESC", limit=MOST_EVENTS)
    events = events_with_texts(tx, events[::-1])
    ids = {event.actor_id for event in events} | {event.on_behalf_of for event in events}
    if decision is not None:
        ids |= {decision.decided_by, decision.approved_by}
    if special is not None:
        ids |= {special.asked_by, special.decided_by, special.second_by}
    logins = {key: login for key, (login, _name) in people_of(tx, ids).items()}
    return CaseForProgram(
        case,
        clocks_of(tx, case.id),
        open_tasks_of_case(tx, case),
        decision,
        special,
        events,
        logins,
        tables=_tables(tx, case),
    )


def _tables(tx: Tx, case: Case) -> list[TableRecord]:
    found = rows.find(tx, DecisionRecordRow, case_id=case.id, order_by="at DESC, id DESC", limit=MOST_TABLES)
    return [
        TableRecord(each.id, each.decision, each.at, in_json(each.result), [in_json(rule) for rule in each.fired])
        for each in reversed(found)
    ]


def clocks_of_new_case(tx: Tx, case: Case) -> list[ClockView]:
    """The clocks of a case that the actor registered in this transaction."""
    return clocks_of(tx, case.id)
