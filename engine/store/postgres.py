"""PostgreSQL: any number of writers side by side; rows are the locks, and the database's clock is the time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8Dumper
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import URL, make_url
from sqlalchemy.pool import NullPool

from engine.model.errors import StorageTrouble
from engine.store.connection import (
    Dialect,
    Params,
    StorageLost,
    utc_now,
)
from engine.store.known_rows import KnownRows
from engine.store.postgres_errors import postgres_errors
from engine.store.postgres_trips import Answer, Sent, Trips
from engine.store.postgres_words import said

_BEGIN = {
    True: "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    False: "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
}
_SETTINGS = {
    "application_name": "makegood",
    "client_encoding": "UTF8",
    "lock_timeout": "10s",
    "idle_in_transaction_session_timeout": "60s",  # a process that stands still must not hold a case for ever
    "tcp_keepalives_idle": "30",  # nor its connection for two hours, once nothing is heard of it
    "tcp_keepalives_interval": "10",
    "tcp_keepalives_count": "3",
    "jit": "off",  # compiling a list's query takes longer than the list
}
_PATIENCE = {
    "connect_timeout": "10",
    "keepalives_idle": "15",
    "keepalives_interval": "5",
    "keepalives_count": "3",
    "tcp_user_timeout": "20000",
}
"""Seconds, and milliseconds at last, until a server that says nothing more is gone: else a silent cable holds a thread for a quarter of an hour."""
_MOST_WAITING = 1000
_CLOCK_TRUSTED = 5.0

_ROW_LOCK = " FOR NO KEY UPDATE"
_BETWEEN = (TransactionStatus.INTRANS, TransactionStatus.INERROR)


class DatabaseClock:
    """The database's time: asked for now and then, and counted on by this machine's clock that nobody can set.

    The answer is a moment old when it comes, so the time given is never ahead of the database's.
    """

    def __init__(self) -> None:
        self._last: tuple[datetime, float] | None = None

    @property
    def is_old(self) -> bool:
        """Whether the database should be asked again."""
        return self._last is None or time.monotonic() - self._last[1] > _CLOCK_TRUSTED

    def told(self, answer: datetime) -> None:
        """Remember what the database has just answered."""
        self._last = answer.astimezone(UTC), time.monotonic()

    def __call__(self) -> datetime:
        """Give the time; before the first answer, the machine's."""
        if self._last is None:
            return utc_now()
        told, at = self._last
        return told + timedelta(seconds=time.monotonic() - at)


class PostgresConnection:
    """Runs statements on one driver connection, outside any transaction of the driver's own making.

    Statements whose answer nobody waits for travel with the next one whose answer is needed, or with the commit.
    """

    dialect = Dialect.POSTGRES
    known: KnownRows | None = None

    def __init__(self, connect: Callable[[], psycopg.Connection[Any]], clock: DatabaseClock) -> None:
        self.row_lock = _ROW_LOCK
        self._connect = connect
        self._clock = clock
        self._waiting: list[Sent] = []
        self._has_begun = self._is_reading = False
        self._renew()

    @property
    def driver(self) -> psycopg.Connection[Any]:
        """The driver's connection, to which everything was sent."""
        self.flush()
        return self._driver

    def begin(self, *, reading: bool) -> None:
        """Open a transaction: a reading one sees one moment, a writing one sees whatever is committed as it goes on."""
        self._waiting = [(_BEGIN[reading].encode(), ())]
        self._has_begun = False
        self._is_reading = reading
        self.row_lock = "" if reading else _ROW_LOCK  # who only looks may not hold a row
        if self._clock.is_old:
            self._clock.told(self.row("SELECT clock_timestamp()")[0])

    def end(self, word: str) -> None:
        """Keep what was done, by the word for it; raise where a refused statement lets PostgreSQL undo all in silence."""
        if not self._has_begun and len(self._waiting) == 1:  # nothing was done
            self._waiting.clear()
            return
        if self._driver.info.transaction_status == TransactionStatus.INERROR:
            raise RuntimeError("a statement of this transaction was refused, so it cannot be kept; undo to a savepoint")
        if not self._has_begun:  # a connection that has broken since is only known by using it
            self.flush()
        try:
            self._answered([(word.encode(), ())])
        except StorageLost as lost:
            raise StorageTrouble(
                "storage_lost_while_saving",
                "The database broke off while it saved, so nobody knows whether it did. Look before you do it again.",
            ) from lost

    def execute(self, statement: str, params: Params = ()) -> Answer:
        """Run one statement; refusals are raised as Duplicate, Conflict or StorageTrouble."""
        wanted = said(statement)
        return self._answered([(wanted.text, wanted.values(params))])[-1]

    def send(self, statement: str, params: Sequence[object] = ()) -> None:
        """Run one statement with the next one that is waited for; its refusal comes then."""
        self._waiting.append((said(statement).text, params))
        if self._is_reading:
            self.flush()

    def executemany(self, statement: str, params: Iterable[Sequence[object]]) -> None:
        """Run one statement for many rows, with the next one that is waited for; their refusals come then."""
        text = said(statement).text
        self._waiting.extend((text, values) for values in params)
        if len(self._waiting) > _MOST_WAITING:
            self.flush()

    def flush(self) -> None:
        """Run what waits to be sent."""
        if self._waiting:
            self._answered([])

    def forget_waiting(self) -> None:
        """Never run what was not sent yet."""
        self._waiting.clear()

    def gathering(self) -> AbstractContextManager[None]:
        """What nobody waits for is gathered always."""
        return nullcontext()

    def together(self, queries: Sequence[tuple[str, Sequence[object]]]) -> list[list[Any]]:
        """Run queries one after the other in one go, and give the rows of each."""
        answered = self._answered([(said(statement).text, params) for statement, params in queries])
        return [cursor.fetchall() for cursor in answered]

    def rows(self, statement: str, params: Params = ()) -> list[Any]:
        """Run a query and give all its rows as tuples."""
        return self.execute(statement, params).fetchall()

    def row(self, statement: str, params: Params = ()) -> Any:  # a tuple, or None
        """Run a query and give its first row, or None."""
        return self.execute(statement, params).fetchone()

    def hold(self, name: str, *, shared: bool = False) -> None:
        """Let no other transaction hold the same name before this one ends, but those that share it with one another."""
        lock = "pg_advisory_xact_lock_shared" if shared else "pg_advisory_xact_lock"
        self.execute(f"SELECT {lock}(hashtextextended(?, 0))", (name,))

    def wait_for_locks(self, patience: timedelta) -> None:
        """Raise StorageBusy in this transaction where a row stays locked by another one for longer than this."""
        self.send(f"SET LOCAL lock_timeout = {int(patience.total_seconds() * 1000)}")

    @property
    def is_whole(self) -> bool:
        return not self._driver.closed and self._driver.info.transaction_status == TransactionStatus.IDLE

    @property
    def in_transaction(self) -> bool:
        return self._driver.info.transaction_status in _BETWEEN

    def undo(self) -> None:
        """End the transaction without a trace, if one is open; a broken connection has none."""
        self._waiting.clear()
        try:
            if self.in_transaction:
                self._trips.go([(b"ROLLBACK", ())])
        except psycopg.Error:
            self._driver.close()

    def close(self) -> None:
        """Give the connection up."""
        self._driver.close()

    def _renew(self) -> None:
        self._driver = self._connect()
        self._trips = Trips(self._driver)

    def _answered(self, wanted: Sequence[Sent]) -> list[Answer]:
        """Send what waits and what is wanted in one go, and wait for it."""
        try:
            with postgres_errors():
                return self._sent(wanted)
        except StorageLost:
            if self._has_begun or self.is_whole:
                raise
        self._renew()  # a kept connection had broken before anything was done on it: nothing is lost
        with postgres_errors():
            return self._sent(wanted)

    def _sent(self, wanted: Sequence[Sent]) -> list[Answer]:
        answers = self._trips.go([*self._waiting, *wanted])
        answers = answers[len(self._waiting) :]
        self._waiting.clear()
        self._has_begun = True
        return answers


class PostgresDatabase:
    """A database of a PostgreSQL server, named by a `postgresql+psycopg://` URL."""

    dialect = Dialect.POSTGRES
    has_one_writer = False

    def __init__(self, url: str) -> None:
        self.url = url
        self.conninfo = conninfo_of(url)
        self.clock = DatabaseClock()

    def connect(self, *, reading: bool = False) -> PostgresConnection:
        """Open a connection; raise StorageTrouble where nobody answers."""
        del reading  # the transaction says it
        return PostgresConnection(self._connected, self.clock)

    def _connected(self) -> psycopg.Connection[Any]:
        with postgres_errors():
            driver = psycopg.connect(self.conninfo, autocommit=True)
            driver.adapters.register_dumper(int, Int8Dumper)  # one prepared statement, whatever the size of the number
            driver.prepare_threshold = None  # what it prepared, it would drop after each rollback; trips prepare
            settings = "; ".join(f"SET {name} = '{value}'" for name, value in _SETTINGS.items())
            driver.execute(settings.encode())
        return driver


def conninfo_of(url: str) -> str:
    """The database as psycopg is told of it."""
    return _patient(url).set(drivername="postgresql").render_as_string(hide_password=False)


def postgres_engine(url: str) -> Engine:
    """Make the SQLAlchemy engine of a database, for migrations."""
    return create_engine(_patient(url), poolclass=NullPool)


def _patient(url: str) -> URL:
    """The address with how long to wait for an answer; what it says itself of that counts."""
    named = make_url(url)
    return named.update_query_dict({name: value for name, value in _PATIENCE.items() if name not in named.query})
