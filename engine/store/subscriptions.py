"""A message finds the instances that wait for its name with equal keys (R15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from engine.model.running import KeptMessage, KeptMessageState, Subscription, SubscriptionState
from engine.model.task import Task
from engine.store import rows
from engine.store.ahead import find_of_case
from engine.store.transaction import Tx

TIME_TO_LIVE = timedelta(days=30)
# a state that is a parameter might be any other: the index over open ones serves a text that says so
_NAMED = "state = 'open' AND name = :name AND correlation IS NULL ORDER BY id LIMIT 100"
_KEYED = "state = 'open' AND name = :name AND correlation = :keys ORDER BY id LIMIT 100"


def matching(
    tx: Tx, name: str, correlation: Mapping[str, object] | None, case_id: str | None = None
) -> list[Subscription]:
    """Give the open subscriptions that take this message, oldest first.

    Within a case the name is enough unless both sides give keys; from outside the keys must be equal.
    """
    keys = dict(correlation) if correlation else None
    if case_id is None:
        return rows.select(tx, Subscription, _NAMED if keys is None else _KEYED, {"name": name, "keys": keys})
    named = [
        row for row in open_in(tx, case_id) if row.name == name
    ]  # it has few waits, a name as many as there are cases
    taking = [row for row in named if keys is None or not row.correlation or dict(row.correlation) == keys]
    return sorted(taking, key=lambda row: row.id)  # SQLite would make a table to order even one row


def open_in(tx: Tx, case_id: str) -> list[Subscription]:
    """Give what a case waits for."""
    return find_of_case(tx, Subscription, case_id, state=SubscriptionState.OPEN)


def is_known(tx: Tx, message_id: str) -> bool:
    """Whether the message came before; nobody else gives one with this id before this transaction ends."""
    tx.connection.hold(f"message id {message_id}")
    return rows.first(tx, KeptMessage, message_id=message_id) is not None


def hold_senders(tx: Tx, name: str) -> None:
    """Before it is decided that nobody waits for a message: let no wait for it come up meanwhile."""
    tx.connection.hold(f"message {name}")


def hold_waits(tx: Tx, name: str) -> None:
    """Before kept messages are looked through for a wait: let nobody keep one meanwhile; other waits may come up."""
    tx.connection.hold(f"message {name}", shared=True)


def actions_on_task(tx: Tx, task: Task) -> list[Subscription]:
    """Give the messages that are offered as buttons on an open task, in the diagram's order."""
    return rows.find(
        tx,
        Subscription,
        case_id=task.case_id,
        instance_id=task.instance_id,
        task_wait=task.wait_id,
        state=SubscriptionState.OPEN,
        order_by="id",
    )


def keep_message(
    tx: Tx,
    name: str,
    payload: Mapping[str, object],
    *,
    correlation: Mapping[str, object] | None,
    message_id: str | None,
) -> KeptMessage | None:
    """Keep a message that nobody waits for yet; None where one with this message id is known already."""
    known = None if message_id is None else rows.first(tx, KeptMessage, message_id=message_id)
    if known is not None:
        return None
    row = KeptMessage(
        id=tx.new_id(),
        name=name,
        correlation=dict(correlation) if correlation else None,
        payload=payload,
        message_id=message_id,
        received_at=tx.now,
        expires_at=tx.now + TIME_TO_LIVE,
    )
    rows.insert(tx, row)
    return row


def expire_kept(tx: Tx) -> int:
    """Mark kept messages whose time to live is over; give how many there were."""
    over = rows.select(tx, KeptMessage, "state = 'kept' AND expires_at <= :now LIMIT 1000", {"now": tx.now})
    for message in over:
        rows.update(tx, KeptMessage, message.id, state=KeptMessageState.EXPIRED)
    return len(over)
