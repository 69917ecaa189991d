"""A message wait is a row that messages are matched against; kept messages are served at once (R15)."""

from __future__ import annotations

from engine.actions.case_record import CaseRecord
from engine.execution.runtime import MessageWait
from engine.jobs import enqueue
from engine.model.records import maker
from engine.model.running import Instance, KeptMessage, Subscription
from engine.store import rows, subscriptions

_subscription = maker(Subscription)


def subscribe_message(record: CaseRecord, instance: Instance, wait: MessageWait) -> None:
    """Keep the subscription; a message that was kept for it is delivered as an inner job, oldest first."""
    tx = record.tx
    row = _subscription(
        id=tx.new_id(),
        case_id=record.case_id,
        instance_id=instance.id,
        wait_id=wait.id,
        element_id=wait.element_id,
        name=wait.name,
        correlation=dict(wait.correlation) if wait.correlation else None,
        action=wait.action,
        task_wait=wait.task_wait,
    )
    rows.insert(tx, row)
    serve_kept(record, row)


def serve_kept(record: CaseRecord, row: Subscription) -> None:
    """Deliver what was kept for this wait as an inner job, the oldest alone: what comes next is known after it."""
    tx = record.tx
    if row.action:
        return  # a button is pressed by whoever may do the task, never by a message that came before it
    subscriptions.hold_waits(tx, row.name)
    kept = rows.find(tx, KeptMessage, name=row.name, state="kept", order_by="received_at, id", limit=50)
    for message in kept:
        if message.expires_at > tx.now and (message.correlation or None) in (
            row.correlation,
            {"case": record.case.number},
        ):
            enqueue(tx, "deliver_kept", {"message": message.id}, case_id=record.case_id)
            break
