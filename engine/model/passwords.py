"""Passwords are kept as argon2id hashes; a wrong name takes as long to refuse as a wrong password."""

from __future__ import annotations

from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from engine.model.errors import FieldError, Message

SHORTEST = 10
LONGEST = 200
_HASHER = PasswordHasher()


def hash_password(password: str, *, salt: bytes) -> str:
    """Give the argon2id hash of a password; `salt` is 16 random bytes."""
    return _HASHER.hash(password, salt=salt)


@lru_cache(maxsize=1)
def _nobodys() -> str:
    """The hash of a password that nobody has: checking against it costs what any check costs."""
    return _HASHER.hash("nobody has this password", salt=b"sixteen bytes it")


def is_password(password: str, kept: str) -> bool:
    """Whether the password fits the kept hash; where none is kept the work is done all the same, and it does not fit."""
    try:
        _HASHER.verify(kept or _nobodys(), password)
        return bool(kept)
    except (VerificationError, InvalidHashError):
        return False


def password_faults(password: str, *, login: str, field: str) -> tuple[FieldError, ...]:
    """What is wrong with a password that somebody chose."""
    if len(password) < SHORTEST:
        what = Message("password_short", "Use at least {length} characters.", {"length": SHORTEST})
    elif len(password) > LONGEST:
        what = Message("password_long", "Use at most {length} characters.", {"length": LONGEST})
    elif password.casefold() == login.casefold() or len(set(password)) < 4:
        what = Message("password_plain", "Choose something that is harder to guess.")
    else:
        return ()
    return (FieldError(field, what),)
