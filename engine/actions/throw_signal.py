"""A signal goes to everybody who waits at its moment and is never kept (R15); other cases get it by a job each (R14)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.actions.case_record import CaseRecord
from engine.actions.process_starts import args_of, starts_by
from engine.execution.runtime import SignalWait
from engine.jobs import enqueue
from engine.model.bpmn import EventKind
from engine.model.running import Instance, Subscription, SubscriptionState
from engine.store import rows

PREFIX = "signal:"


def subscribe_signal(record: CaseRecord, instance: Instance, wait: SignalWait) -> None:
    """Keep the subscription; its name is marked, since a message and a signal may be called alike."""
    row = Subscription(
        id=record.tx.new_id(),
        case_id=record.case_id,
        instance_id=instance.id,
        wait_id=wait.id,
        element_id=wait.element_id,
        name=f"{PREFIX}{wait.name}",
    )
    rows.insert(record.tx, row)


def throw_signal(record: CaseRecord, name: str, payload: Mapping[str, object]) -> None:
    """Ask for one delivery for each who waits now (the machine has served this root's own), and start what it starts."""
    tx = record.tx
    found = rows.find(
        tx, Subscription, name=f"{PREFIX}{name}", correlation=None, state=SubscriptionState.OPEN, order_by="id"
    )
    for row in found:
        args = {"subscription": row.id, "payload": dict(payload)}
        enqueue(tx, "deliver_signal", args, case_id=row.case_id, instance_id=row.instance_id)
    started = starts_by(tx, EventKind.SIGNAL, name)
    for begin in started:
        enqueue(tx, "start_process", {**args_of(begin), "payload": dict(payload)})
    record.note("signal_thrown", name=name, receivers=len(found) + len(started))
