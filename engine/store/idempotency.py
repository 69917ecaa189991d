"""A key of an actor on a route gets its first answer again; with another body it is refused (R27)."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta

from engine.model.errors import Invalid
from engine.model.running import IdempotencyKey
from engine.store import rows
from engine.store.transaction import Tx

KEPT = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class KeyedRequest:
    """What a caller sent: to which route, under which key, and the bytes of the body."""

    route: str
    key: str
    body: bytes

    @property
    def body_hash(self) -> str:
        return hashlib.sha256(self.body).hexdigest()


def answer_of(tx: Tx, request: KeyedRequest) -> IdempotencyKey | None:
    """Give the answer that this key got before, or None; raise Invalid where the body is another one."""
    tx.connection.hold(f"{tx.actor.person_id} {request.route} {request.key}")
    found = rows.first(tx, IdempotencyKey, actor_id=tx.actor.person_id or "", route=request.route, key=request.key)
    if found is not None and found.body_hash != request.body_hash:
        raise Invalid(
            "idempotency_body",
            "The key “{key}” was used before with another body. Use a new key for a new request.",
            key=request.key,
        )
    return found


def keep_answer(tx: Tx, request: KeyedRequest, *, status: int, answer: Mapping[str, object]) -> None:
    """Keep the answer in the same transaction as what was done for it."""
    rows.insert(
        tx,
        IdempotencyKey(
            actor_id=tx.actor.person_id or "",
            route=request.route,
            key=request.key,
            body_hash=request.body_hash,
            status=status,
            answer=answer,
            created_at=tx.now,
        ),
    )
