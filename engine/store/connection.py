"""A kept connection of the driver; whatever the database refuses becomes a sentence."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from typing import Any

from sqlalchemy import Engine, create_engine, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.pool import NullPool, PoolProxiedConnection

from engine.model.errors import Conflict, Duplicate, Invalid, MakegoodError, StorageBusy, StorageFull, StorageTrouble

Params = Sequence[object] | Mapping[str, object]

_PRAGMAS = (
    "PRAGMA journal_mode=WAL",
    "PRAGMA synchronous=FULL",
    "PRAGMA foreign_keys=ON",
    "PRAGMA temp_store=MEMORY",
    "PRAGMA cache_size=-16384",
)
_BUSY_SECONDS = 10.0


class Connection:
    """Runs statements on one driver connection, outside any transaction of the driver's own making."""

    def __init__(self, engine: Engine) -> None:
        with storage_errors():
            self._pooled: PoolProxiedConnection = engine.raw_connection()
        driver = self._pooled.driver_connection
        if not isinstance(driver, sqlite3.Connection):
            raise TypeError(f"no driver known for {type(driver).__name__}")
        self.driver = driver

    def execute(self, statement: str, params: Params = ()) -> sqlite3.Cursor:
        """Run one statement; refusals are raised as Duplicate, Conflict or StorageTrouble."""
        try:
            return self.driver.execute(statement, params)
        except sqlite3.Error as error:
            raise translated(error) from error
        except (UnicodeEncodeError, OverflowError) as error:
            raise unwritable(error) from error

    def executemany(self, statement: str, params: Iterable[Sequence[object]]) -> None:
        """Run one statement for many rows."""
        try:
            self.driver.executemany(statement, params)
        except sqlite3.Error as error:
            raise translated(error) from error
        except (UnicodeEncodeError, OverflowError) as error:
            raise unwritable(error) from error

    def rows(self, statement: str, params: Params = ()) -> list[Any]:
        """Run a query and give all its rows as tuples."""
        try:
            return self.driver.execute(statement, params).fetchall()
        except sqlite3.Error as error:
            raise translated(error) from error
        except (UnicodeEncodeError, OverflowError) as error:
            raise unwritable(error) from error

    def row(self, statement: str, params: Params = ()) -> Any:  # a tuple, or None
        """Run a query and give its first row, or None."""
        try:
            return self.driver.execute(statement, params).fetchone()
        except sqlite3.Error as error:
            raise translated(error) from error
        except (UnicodeEncodeError, OverflowError) as error:
            raise unwritable(error) from error

    @property
    def in_transaction(self) -> bool:
        return self.driver.in_transaction

    def close(self) -> None:
        """Give the connection up."""
        self._pooled.close()


def sqlite_engine(path: str, *, durable: bool = True) -> Engine:
    """Make the SQLAlchemy engine of a SQLite file; its connections have our pragmas and begin nothing by themselves.

    Not `durable` is for a file that is thrown away unless it is finished: a power cut may leave it torn.
    """
    arguments = {"check_same_thread": False, "isolation_level": None, "timeout": _BUSY_SECONDS}
    engine = create_engine(f"sqlite:///{path}", poolclass=NullPool, connect_args=arguments)
    event.listen(engine, "connect", _set_pragmas)
    if not durable:
        event.listen(engine, "connect", _without_waiting)
    return engine


def _set_pragmas(driver: sqlite3.Connection, _record: object) -> None:
    for pragma in _PRAGMAS:
        driver.execute(pragma).close()


def _without_waiting(driver: sqlite3.Connection, _record: object) -> None:
    driver.execute("PRAGMA synchronous=OFF").close()


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


def unwritable(error: UnicodeEncodeError | OverflowError) -> Invalid:
    """Give the refusal of a value that no column can hold."""
    if isinstance(error, OverflowError):
        return Invalid("number_too_large", "A number in it has too many digits to be kept. Write a smaller one.")
    return Invalid(
        "text_unwritable", "A text in it holds half a character, which cannot be kept. Delete it and type it again."
    )


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
            "The database file cannot be opened or read ({reason}). Check that its folder exists and the disk is well.",
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
    if getattr(error, "sqlite_errorcode", 0) in (
        sqlite3.SQLITE_CONSTRAINT_UNIQUE,
        sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY,
    ):
        return Duplicate(
            "already_there", "There is one with this key already ({detail}). Look it up instead.", detail=_detail(error)
        )
    return Conflict(
        "rows_disagree", "This does not fit what is already kept ({detail}); nothing was saved.", detail=_detail(error)
    )


def _detail(error: sqlite3.IntegrityError) -> str:
    return str(error).rpartition(": ")[2]
