"""A signal reaches each who waited when it was thrown; a wait that has closed meanwhile gets nothing (R15)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.actions.answer_job import answer_job
from engine.actions.permission import require_system
from engine.execution.runtime import SignalReceived
from engine.model.running import Subscription, SubscriptionState
from engine.store import rows
from engine.store.transaction import Tx


def deliver_signal(tx: Tx, subscription_id: str, *, payload: Mapping[str, object]) -> None:
    """Give the signal to one who waited when it was thrown; a wait that has closed meanwhile gets nothing."""
    require_system(tx)
    row = rows.maybe(tx, Subscription, subscription_id)
    if row is not None and row.state is SubscriptionState.OPEN:
        answer_job(tx, row.instance_id, SignalReceived(row.wait_id, dict(payload)))
