"""PostgreSQL: any number of writers side by side; rows are the locks, and the database's clock is the time."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
from psycopg import errors
from psycopg.pq import TransactionStatus
from psycopg.types.numeric import Int8Dumper
from sqlalchemy import Engine, create_engine
from sqlalchemy.engine import make_url
from sqlalchemy.pool import NullPool

from engine.model.errors import MakegoodError, StorageBusy, StorageFull, StorageTrouble
from engine.store.connection import (
    Dialect,
    Params,
    StorageLost,
    already_there,
    number_too_large,
    rows_disagree,
    text_unwritable,
    unwritable,
    utc_now,
)
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
    "jit": "off",  # compiling a list's query takes longer than the list
}
_STATEMENTS_KEPT = 500
_CLOCK_TRUSTED = 5.0

_ROW_LOCK = " FOR NO KEY UPDATE"


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
    """Runs statements on one driver connection, outside any transaction of the driver's own making."""

    dialect = Dialect.POSTGRES

    def __init__(self, driver: psycopg.Connection[Any], clock: DatabaseClock) -> None:
        self.row_lock = _ROW_LOCK
        self.driver = driver
        self._clock = clock
        self._cursor = psycopg.RawCursor(driver)

    def begin(self, *, reading: bool) -> None:
        """Open a transaction: a reading one sees one moment, a writing one sees whatever is committed as it goes on."""
        self.execute(_BEGIN[reading])
        self.row_lock = "" if reading else _ROW_LOCK  # who only looks may not hold a row
        if self._clock.is_old:
            self._clock.told(self.row("SELECT clock_timestamp()")[0])

    @contextmanager
    def committing(self) -> Iterator[None]:
        """Around the commit: a refused statement keeps it from happening; PostgreSQL itself would undo all in silence."""
        if self.driver.info.transaction_status == TransactionStatus.INERROR:
            raise RuntimeError("a statement of this transaction was refused, so it cannot be kept; undo to a savepoint")
        try:
            yield
        except psycopg.Error as error:
            refusal = translated(error)
            if isinstance(refusal, StorageLost):
                raise StorageTrouble(
                    "storage_lost_while_saving",
                    "The database broke off while it saved, so nobody knows whether it did. Look before you do it again.",
                ) from error
            raise refusal from error

    def execute(self, statement: str, params: Params = ()) -> psycopg.RawCursor[Any]:
        """Run one statement; refusals are raised as Duplicate, Conflict or StorageTrouble."""
        wanted = said(statement)
        try:
            return self._cursor.execute(wanted.text, wanted.values(params))
        except psycopg.Error as error:
            raise translated(error) from error
        except (UnicodeEncodeError, OverflowError) as error:
            raise unwritable(error) from error

    def executemany(self, statement: str, params: Iterable[Sequence[object]]) -> None:
        """Run one statement for many rows, sent together."""
        try:
            self._cursor.executemany(said(statement).text, params)
        except psycopg.Error as error:
            raise translated(error) from error
        except (UnicodeEncodeError, OverflowError) as error:
            raise unwritable(error) from error

    def rows(self, statement: str, params: Params = ()) -> list[Any]:
        """Run a query and give all its rows as tuples."""
        return self.execute(statement, params).fetchall()

    def row(self, statement: str, params: Params = ()) -> Any:  # a tuple, or None
        """Run a query and give its first row, or None."""
        return self.execute(statement, params).fetchone()

    def hold(self, name: str) -> None:
        """Let no other transaction hold the same name before this one ends."""
        self.execute("SELECT pg_advisory_xact_lock(hashtextextended(?, 0))", (name,))

    def wait_for_locks(self, patience: timedelta) -> None:
        """Raise StorageBusy in this transaction where a row stays locked by another one for longer than this."""
        self.execute(f"SET LOCAL lock_timeout = {int(patience.total_seconds() * 1000)}")

    @property
    def is_whole(self) -> bool:
        return not self.driver.closed and self.driver.info.transaction_status == TransactionStatus.IDLE

    @property
    def in_transaction(self) -> bool:
        return self.driver.info.transaction_status in (TransactionStatus.INTRANS, TransactionStatus.INERROR)

    def undo(self) -> None:
        """End the transaction without a trace, if one is open; a broken connection has none."""
        try:
            self.driver.rollback()
        except psycopg.Error:
            self.driver.close()

    def close(self) -> None:
        """Give the connection up."""
        self.driver.close()


class PostgresDatabase:
    """A database of a PostgreSQL server, named by a `postgresql+psycopg://` URL."""

    dialect = Dialect.POSTGRES
    has_one_writer = False

    def __init__(self, url: str) -> None:
        self.url = url
        self.conninfo = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
        self.clock = DatabaseClock()

    def connect(self, *, reading: bool = False) -> PostgresConnection:
        """Open a connection; raise StorageTrouble where nobody answers."""
        del reading  # the transaction says it
        with storage_errors():
            driver = psycopg.connect(self.conninfo, autocommit=True, connect_timeout=10)
            driver.adapters.register_dumper(int, Int8Dumper)  # one prepared statement, whatever the size of the number
            driver.prepared_max = _STATEMENTS_KEPT
            settings = "; ".join(f"SET {name} = '{value}'" for name, value in _SETTINGS.items())
            driver.execute(settings)
        return PostgresConnection(driver, self.clock)


def postgres_engine(url: str) -> Engine:
    """Make the SQLAlchemy engine of a database, for migrations."""
    return create_engine(url, poolclass=NullPool, connect_args={"connect_timeout": 10})


@contextmanager
def storage_errors() -> Iterator[None]:
    """Whatever the driver refuses inside is raised as a sentence."""
    try:
        yield
    except psycopg.Error as error:
        raise translated(error) from error


def translated(error: psycopg.Error) -> MakegoodError:
    """Give the refusal that stands for an error of PostgreSQL."""
    if isinstance(error, errors.UniqueViolation):
        return already_there(error.diag.constraint_name or "")
    if isinstance(error, psycopg.IntegrityError):
        return rows_disagree(error.diag.constraint_name or error.diag.column_name or "")
    if isinstance(error, errors.NumericValueOutOfRange):
        return number_too_large()
    if isinstance(error, errors.UntranslatableCharacter | errors.CharacterNotInRepertoire):
        return text_unwritable()
    if isinstance(error, psycopg.DataError) and "NUL" in str(error):
        return text_unwritable()
    return _trouble(error)


def _trouble(error: psycopg.Error) -> MakegoodError:
    if isinstance(error, errors.DeadlockDetected | errors.LockNotAvailable | errors.SerializationFailure):
        return StorageBusy("storage_held", "Somebody else is changing the same things. Nothing was saved; try again.")
    if isinstance(error, errors.TooManyConnections):
        return StorageBusy("storage_crowded", "The database has no connection left for this. Try again in a minute.")
    if isinstance(error, errors.DiskFull):
        return StorageFull(
            "storage_full", "The disk of the database is full. Nothing was saved; make room and try again."
        )
    if isinstance(error, errors.ReadOnlySqlTransaction):
        return StorageTrouble("storage_only_reads", "The database can only be read here. Nothing was saved.")
    if isinstance(error, errors.UndefinedTable | errors.InvalidCatalogName):
        return StorageTrouble(
            "storage_without_tables", "The database is not set up for this version. Run “makegood migrate” first."
        )
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError):
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        return StorageLost(
            "storage_lost",
            "The database does not answer ({reason}). Nothing was saved; check that its server runs, and try again.",
            reason=reason,
        )
    raise error
