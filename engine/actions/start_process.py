"""A process that a timer, a message or a signal begins runs on a case of its own, of the process's kind (R14, R15, R17)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.actions.advance_instance import start_instance
from engine.actions.open_case import next_number, open_case, tracking_code
from engine.actions.permission import BACK_OFFICE, require_role, require_system
from engine.actions.process_starts import Beginning, named
from engine.actions.start_clocks import start_clocks
from engine.execution.runtime import Start
from engine.model.case import INTERNAL, Case
from engine.model.people import Role
from engine.store import settings
from engine.store.transaction import Tx


def start_process(tx: Tx, beginning: Beginning, *, payload: Mapping[str, object], due: datetime | None = None) -> Case:
    """Open a case that nobody complained with, and start the process on it; a timer's `due` is its moment."""
    require_role(tx, *BACK_OFFICE, Role.ADMINISTRATOR)
    start, process = beginning.start, beginning.process
    case = Case(
        id=tx.new_id(),
        number=next_number(tx),
        tracking=tracking_code(tx.new_id()),
        kind=process.case_kind or INTERNAL,
        subject=process.name or process.id,
        channel=str(start.event.kind).removesuffix("EventDefinition"),
        received_on=settings.today(tx),
        opened_at=tx.now,
    )
    record = open_case(tx, case, f"{case.number} {case.tracking} {case.subject}")
    if case.kind != INTERNAL:
        start_clocks(record)
    event = Start(start.process_id, dict(payload), start.element_id, event=start.place)
    start_instance(tx, record, key=beginning.deployed.key, event=event, due=due)
    record.flush()
    return record.case


def start_named(tx: Tx, key: str, element_id: str, *, place: int, payload: Mapping[str, object]) -> Case | None:
    """Begin what a job names; nothing where the newest version no longer begins there (R17)."""
    require_system(tx)
    beginning = named(tx, key, element_id, place)
    return None if beginning is None else start_process(tx, beginning, payload=payload)
