"""SQLite: one file, one writer at a time, readers beside it that never wait."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool

from engine.model.errors import Conflict, MakegoodError, StorageBusy, StorageFull, StorageTrouble
from engine.store.connection import Dialect, Params, already_there, rows_disagree, unwritable, utc_now
from engine.store.gathered import Gathered
from engine.store.known_rows import KnownRows
from engine.store.many_rows import run_many

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-16384",
)
_BUSY_SECONDS = 10.0
_STATEMENTS_KEPT = 384  # the pages and steps have some three hundred; preparing one costs as much as running five
_BEGIN = {True: "BEGIN", False: "BEGIN IMMEDIATE"}


class SqliteConnection:
    """Runs statements on one driver connection, outside any transaction of the driver's own making.

    While it is `gathering`, statements whose answer nobody waits for are run with the next one that is waited for.
    """

    dialect = Dialect.SQLITE
    row_lock = ""  # the transaction itself is the lock
    is_whole = True

    def __init__(self, driver: sqlite3.Connection, known: KnownRows | None = None) -> None:
        self.driver = driver
        self.known = known
        self._gathers = False
        self._gathered = Gathered()
        self._refused: BaseException | None = None

    def begin(self, *, reading: bool) -> None:
        """Open a transaction; a writer waits for another process that writes."""
        self.execute(_BEGIN[reading])
        if self.known is not None:
            self.known.check(self.row("PRAGMA data_version")[0])

    def end(self, word: str) -> None:
        """Keep what was done, by the word for it."""
        self.execute(word)

    def execute(self, statement: str, params: Params = ()) -> sqlite3.Cursor:
        """Run one statement; refusals are raised as Duplicate, Conflict or StorageTrouble."""
        if self._gathers:
            self.flush()
        try:
            return self.driver.execute(statement, params)
        except sqlite3.Error as error:
            raise translated(error) from error
        except (UnicodeEncodeError, OverflowError) as error:
            raise unwritable(error) from error

    def executemany(self, statement: str, params: Iterable[Sequence[object]]) -> None:
        """Run one statement for many rows."""
        if self._gathers:
            self._gathered.add(statement, params)
            return
        try:
            self.driver.executemany(statement, run_many(self.driver.execute, statement, list(params)))
        except sqlite3.Error as error:
            raise translated(error) from error
        except (UnicodeEncodeError, OverflowError) as error:
            raise unwritable(error) from error

    def send(self, statement: str, params: Sequence[object] = ()) -> None:
        """Run one statement whose answer nobody waits for."""
        if self._gathers:
            self._gathered.append(statement, params)
        else:
            self.execute(statement, params)

    def flush(self) -> None:
        """Run what was gathered; after a refusal everything is refused, until it is undone."""
        if self._refused is not None:
            raise self._refused
        if not self._gathered:
            return
        self._gathers = False
        try:
            for statement, params in self._gathered.taken():
                self.executemany(statement, params)
        except BaseException as refusal:
            self._refused = refusal
            raise
        finally:
            self._gathers = True

    def forget_waiting(self) -> None:
        """Never run what was gathered, for what it belongs to is undone."""
        self._gathered.clear()
        self._refused = None

    @contextmanager
    def gathering(self) -> Iterator[None]:
        """Gather what nobody waits for until the block ends; refusals may come with any later statement of the block."""
        self._gathers = True
        try:
            yield
            self.flush()
        finally:
            self._gathers = False

    def together(self, queries: Sequence[tuple[str, Sequence[object]]]) -> list[list[Any]]:
        """Run queries one after the other, and give the rows of each."""
        return [self.rows(statement, params) for statement, params in queries]

    def rows(self, statement: str, params: Params = ()) -> list[Any]:
        """Run a query and give all its rows as tuples."""
        if self._gathers:
            self.flush()
        try:
            return self.driver.execute(statement, params).fetchall()
        except sqlite3.Error as error:
            raise translated(error) from error
        except (UnicodeEncodeError, OverflowError) as error:
            raise unwritable(error) from error

    def row(self, statement: str, params: Params = ()) -> Any:  # a tuple, or None
        """Run a query and give its first row, or None."""
        if self._gathers:
            self.flush()
        try:
            return self.driver.execute(statement, params).fetchone()
        except sqlite3.Error as error:
            raise translated(error) from error
        except (UnicodeEncodeError, OverflowError) as error:
            raise unwritable(error) from error

    def hold(self, name: str, *, shared: bool = False) -> None:
        """Nothing is to do: there is one writer."""

    def wait_for_locks(self, patience: timedelta) -> None:
        """Nothing is to do: who writes holds everything."""

    @property
    def in_transaction(self) -> bool:
        return self.driver.in_transaction

    def undo(self) -> None:
        """End the transaction without a trace, if one is open."""
        self.forget_waiting()
        if self.driver.in_transaction:
            self.driver.rollback()

    def close(self) -> None:
        """Give the connection up."""
        self.driver.close()


class SqliteDatabase:
    """A SQLite file. Not `durable` is for a file that is thrown away unless it is finished: a power cut may leave it torn."""

    dialect = Dialect.SQLITE
    has_one_writer = True
    clock = staticmethod(utc_now)

    def __init__(self, path: str, *, durable: bool = True) -> None:
        self.path = path
        self._durable = durable

    def connect(self, *, reading: bool) -> SqliteConnection:
        """Open a connection with our pragmas; a reading one cannot write."""
        with storage_errors():
            driver = sqlite3.connect(
                self.path,
                check_same_thread=False,
                isolation_level=None,
                timeout=_BUSY_SECONDS,
                cached_statements=_STATEMENTS_KEPT,
            )
            try:
                self._prepare(driver, reading=reading)
            except sqlite3.Error:
                driver.close()
                raise
        return SqliteConnection(driver, None if reading else KnownRows())

    def _prepare(self, driver: sqlite3.Connection, *, reading: bool) -> None:
        _set_pragmas(driver, None)
        if not self._durable:
            driver.execute("PRAGMA synchronous=OFF").close()
        if reading:
            driver.execute("PRAGMA query_only=ON").close()


def sqlite_engine(path: str) -> Engine:
    """Make the SQLAlchemy engine of a SQLite file, for migrations; its connections begin nothing by themselves."""
    arguments = {"check_same_thread": False, "isolation_level": None, "timeout": _BUSY_SECONDS}
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, connect_args=arguments)
    event.listen(engine, "connect", _set_pragmas)
    return engine


def _set_pragmas(driver: sqlite3.Connection, _record: object) -> None:
    for pragma in _PRAGMAS:
        driver.execute(pragma).close()


@contextmanager
def storage_errors() -> Iterator[None]:
    """Whatever the driver refuses inside is raised as a sentence."""
    try:
        yield
    except sqlite3.Error as error:
        raise translated(error) from error
    except DBAPIError as error:
        if isinstance(error.orig, sqlite3.Error):
            raise translated(error.orig) from error
        raise


def translated(error: sqlite3.Error) -> MakegoodError:
    """Give the refusal that stands for an error of SQLite."""
    if isinstance(error, sqlite3.ProgrammingError | sqlite3.InterfaceError):
        raise error
    if isinstance(error, sqlite3.IntegrityError):
        return _integrity(error)
    primary = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if primary in (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED):
        return StorageBusy(
            "storage_busy", "Another program is writing to the database and does not finish. Try again in a minute."
        )
    if primary == sqlite3.SQLITE_FULL:
        return StorageFull(
            "storage_full", "The disk of the database is full. Nothing was saved; make room and try again."
        )
    if primary == sqlite3.SQLITE_READONLY:
        return StorageTrouble(
            "storage_read_only", "The database can only be read. Nothing was saved; check who owns its file and folder."
        )
    if primary in (sqlite3.SQLITE_IOERR, sqlite3.SQLITE_CANTOPEN):
        return StorageTrouble(
            "storage_unreachable",
            "The database file cannot be opened or read ({reason}). Check that its folder exists and is yours, and that the disk is well and has room.",
            reason=str(error),
        )
    if primary in (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB):
        return StorageTrouble(
            "storage_damaged",
            "The database file is damaged ({reason}). Stop Makegood and restore the latest backup.",
            reason=str(error),
        )
    raise error


def _integrity(error: sqlite3.IntegrityError) -> Conflict:
    detail = str(error).rpartition(": ")[2]
    if getattr(error, "sqlite_errorcode", 0) in (
        sqlite3.SQLITE_CONSTRAINT_UNIQUE,
        sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
    ):
        return already_there(detail)
    return rows_disagree(detail)
