"""A sign-in ends twelve hours after it was last used; only the hash of its token is kept."""

from __future__ import annotations

from datetime import datetime, timedelta
from hashlib import sha256

from engine.model.people import Session

LIFE = timedelta(hours=12)
KEPT_EVERY = timedelta(minutes=10)


def hash_of(token: str) -> str:
    """The hash under which a token is kept; tokens are random, so no salt is needed."""
    return sha256(token.encode("utf-8", "replace")).hexdigest()


def is_valid(session: Session, now: datetime) -> bool:
    """Whether the sign-in still counts."""
    return session.revoked_at is None and session.expires_at > now


def needs_keeping(session: Session, now: datetime) -> bool:
    """Whether its use should be noted again; not on every page, because that is a write."""
    return now - session.seen_at >= KEPT_EVERY
