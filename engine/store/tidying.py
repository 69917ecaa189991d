"""What nobody needs any more goes: expired sessions, old sign-in attempts, answers to keys, messages past their time."""

from __future__ import annotations

from datetime import timedelta

from engine.store import rows, subscriptions
from engine.store.idempotency import KEPT
from engine.store.transaction import Tx

_SESSIONS_KEPT = timedelta(days=1)
_ATTEMPTS_KEPT = timedelta(days=30)


def tidy(tx: Tx) -> int:
    """Remove what is past its time; give how many rows there were."""
    gone = (
        ("DELETE FROM session WHERE expires_at < :before", tx.now - _SESSIONS_KEPT),
        ("DELETE FROM login_attempt WHERE at < :before", tx.now - _ATTEMPTS_KEPT),
        ("DELETE FROM idempotency_key WHERE created_at < :before", tx.now - KEPT),
    )
    removed = sum(
        tx.connection.execute(statement, rows.bound({"before": before})).rowcount for statement, before in gone
    )
    return removed + subscriptions.expire_kept(tx)
