"""Each value of a form goes where its field says: to the process, the customer, a message, or an attachment."""

from __future__ import annotations

from collections.abc import Mapping

from engine.actions.case_record import CaseRecord
from engine.model.case import CaseMessage, Customer
from engine.model.form import Form, Store
from engine.model.task import Task
from engine.store import rows
from engine.store.letter_sources import REFERENCE

_VARIABLE = Store.VARIABLE  # an enumeration's member costs a look-up each time it is named
CUSTOMER_FIELDS = frozenset({"name", "email", "phone", "address", "language"})


def keep_answers(record: CaseRecord, task: Task, form: Form | None, values: Mapping[str, object]) -> dict[str, object]:
    """Keep personal values beside the process; give what the process itself may hold: variables and references."""
    if form is None:
        return {}
    written: dict[str, object] = {}
    fields = form.by_name
    for name, value in values.items():
        store = fields[name].store if name in fields else _VARIABLE
        if store is _VARIABLE or store is Store.ATTACHMENT:
            written[name] = value
        elif store is Store.CUSTOMER:
            keep_of_customer(record, name, value)
        else:
            written[name] = keep_text(record, task, name, value)
    return written


def keep_reason(record: CaseRecord, reason: str) -> str:
    """Keep what somebody gave as a reason beside the case; the trail holds its key, so that it can be erased (promise 7)."""
    if not reason:
        return ""
    message = CaseMessage(
        id=record.tx.new_id(),
        case_id=record.case_id,
        kind="reason",
        channel="form",
        body=reason,
        created_at=record.tx.now,
        author_id=record.tx.actor.person_id,
    )
    rows.insert(record.tx, message)
    return f"{REFERENCE}{message.id}"


def keep_of_customer(record: CaseRecord, name: str, value: object) -> None:
    """Write a value to the customer's row, where the field's name is one of its columns (or `customer_…`)."""
    column = name.removeprefix("customer_").removeprefix("owner_")
    if record.case.customer_id is not None and column in CUSTOMER_FIELDS:
        rows.update(record.tx, Customer, record.case.customer_id, **{column: "" if value is None else str(value)})
        record.note("customer_changed", field=column)


def keep_text(record: CaseRecord, task: Task, name: str, value: object) -> str | None:
    """Keep a text that may hold personal data as a message of the case; the process holds its key."""
    if value is None or value == "":
        return None
    message = CaseMessage(
        id=record.tx.new_id(),
        case_id=record.case_id,
        kind="note",
        direction="in",
        channel="form",
        letter=name,
        subject=task.name,
        body=str(value),
        created_at=record.tx.now,
        author_id=record.tx.actor.person_id,
    )
    rows.insert(record.tx, message)
    return f"{REFERENCE}{message.id}"
