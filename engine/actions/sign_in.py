"""Signing in is counted before the password is checked, so that nobody can guess quickly; a success opens a session."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from engine.actions.permission import require_system
from engine.model.errors import Forbidden, counted_message
from engine.model.people import LoginAttempt, Person, Session
from engine.model.session import LIFE
from engine.store import people, rows
from engine.store.transaction import Tx

TRIES = 5
TRIES_OF_ADDRESS = 50
WINDOW = timedelta(minutes=15)


@dataclass(frozen=True, slots=True)
class Attempt:
    """A try that has been counted; `password_hash` is empty where nobody has that name."""

    id: str
    person_id: str
    password_hash: str


class TooManyTries(Forbidden):
    """Somebody has guessed too often; `minutes` is how long to wait."""

    def __init__(self, minutes: int) -> None:
        message = counted_message(
            "too_many_tries",
            "There were too many wrong passwords. Try again in {count} minute, or ask an administrator for a new one.",
            "There were too many wrong passwords. Try again in {count} minutes, or ask an administrator for a new one.",
            minutes,
        )
        super().__init__(message.code, message.template, count=minutes)
        self.message = message
        self.minutes = minutes


def attempt_sign_in(tx: Tx, login: str, *, address: str) -> Attempt:
    """Count a try and give what the password is checked against; raises TooManyTries."""
    require_system(tx)
    name = login.strip().lower()[:200]
    _refuse_guessing(tx, name, address)
    attempt = LoginAttempt(id=tx.new_id(), login=name, address=address, at=tx.now)
    rows.insert(tx, attempt)
    person = people.by_login(tx, name)
    if person is None or not person.active:
        return Attempt(attempt.id, "", "")
    return Attempt(attempt.id, person.id, person.password_hash)


def sign_in(tx: Tx, attempt_id: str, *, person_id: str, token_hash: str) -> Person:
    """Open a session for a person whose password was right."""
    require_system(tx)
    person = rows.get(tx, Person, person_id)
    rows.update(tx, LoginAttempt, attempt_id, ok=True)
    rows.insert(
        tx,
        Session(
            token_hash=token_hash,
            person_id=person.id,
            created_at=tx.now,
            seen_at=tx.now,
            expires_at=tx.now + LIFE,
        ),
    )
    return person


def _refuse_guessing(tx: Tx, login: str, address: str) -> None:
    since = {"since": tx.now - WINDOW, "login": login, "address": address}
    of_login = rows.select(tx, LoginAttempt, "login = :login AND at > :since ORDER BY at DESC", since)
    wrong = _wrong_since_success(of_login)
    if len(wrong) >= TRIES:
        raise TooManyTries(_minutes(wrong[TRIES - 1], tx.now))
    of_address = rows.select(tx, LoginAttempt, "address = :address AND ok = 0 AND at > :since ORDER BY at DESC", since)
    if address and len(of_address) >= TRIES_OF_ADDRESS:
        raise TooManyTries(_minutes(of_address[TRIES_OF_ADDRESS - 1], tx.now))


def _wrong_since_success(attempts: list[LoginAttempt]) -> list[LoginAttempt]:
    wrong: list[LoginAttempt] = []
    for attempt in attempts:
        if attempt.ok:
            break
        wrong.append(attempt)
    return wrong


def _minutes(oldest: LoginAttempt, now: datetime) -> int:
    left = oldest.at + WINDOW - now
    return max(1, -(-int(left.total_seconds()) // 60))
