"""What the store asks of a database: kept connections of its driver, whose refusals are sentences."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Protocol

from engine.model.errors import Conflict, Duplicate, Invalid, StorageTrouble
from engine.store.known_rows import KnownRows

Params = Sequence[object] | Mapping[str, object]


class Dialect(StrEnum):
    """Which database it is."""

    SQLITE = "sqlite"
    POSTGRES = "postgresql"


class StorageLost(StorageTrouble):
    """The connection to the database broke; another one may work."""


def utc_now() -> datetime:
    """Give the time of the machine's clock, in UTC."""
    return datetime.now(UTC)


class Cursor(Protocol):
    """What a statement left behind."""

    @property
    def rowcount(self) -> int: ...

    def fetchone(self) -> Any: ...

    def fetchall(self) -> list[Any]: ...


class Connection(Protocol):
    """Runs statements on one driver connection; places are `?` or `:name`, whatever the driver calls them.

    `row_lock` is what a query ends with to hold its rows until the transaction ends; `driver` is the driver's own connection.
    `known` are the rows that its next transaction need not read, or None where other writers work beside it.
    """

    dialect: Dialect
    row_lock: str
    known: KnownRows | None

    @property
    def driver(self) -> Any: ...

    @property
    def in_transaction(self) -> bool: ...

    def begin(self, *, reading: bool) -> None:
        """Open a transaction; raise StorageLost where the connection is gone."""

    @property
    def is_whole(self) -> bool:
        """Whether the connection can be used again."""
        ...

    def end(self, word: str) -> None:
        """Keep what was done, by the database's word for it; raise where that cannot be."""

    def execute(self, statement: str, params: Params = ()) -> Cursor:
        """Run one statement; refusals are raised as Duplicate, Conflict or StorageTrouble."""
        ...

    def send(self, statement: str, params: Sequence[object] = ()) -> None:
        """Run one statement whose answer nobody waits for: it, and its refusal, may come with the next one."""

    def flush(self) -> None:
        """Wait for what was sent so far; raise what was refused of it."""

    def forget_waiting(self) -> None:
        """Never run what was not sent yet."""

    def gathering(self) -> AbstractContextManager[None]:
        """Let what nobody waits for come together where that saves work; its refusals come by the end of the block."""
        ...

    def together(self, queries: Sequence[tuple[str, Sequence[object]]]) -> list[list[Any]]:
        """Run queries one after the other, in one round trip where there is a way, and give the rows of each."""
        ...

    def executemany(self, statement: str, params: Iterable[Sequence[object]]) -> None:
        """Run one statement for many rows, as `send` does."""

    def rows(self, statement: str, params: Params = ()) -> list[Any]:
        """Run a query and give all its rows as tuples."""
        ...

    def row(self, statement: str, params: Params = ()) -> Any:
        """Run a query and give its first row, or None."""

    def hold(self, name: str, *, shared: bool = False) -> None:
        """Let no other transaction hold the same name before this one ends, but those that share it with one another."""

    def wait_for_locks(self, patience: timedelta) -> None:
        """Raise StorageBusy in this transaction where a row stays locked by another one for longer than this."""

    def undo(self) -> None:
        """End the transaction without a trace, if one is open."""

    def close(self) -> None:
        """Give the connection up."""


class Database(Protocol):
    """Where connections come from; `has_one_writer` says that writers take turns."""

    dialect: Dialect
    has_one_writer: bool

    @property
    def clock(self) -> Callable[[], datetime]:
        """The time of the database."""
        ...

    def connect(self, *, reading: bool) -> Connection:
        """Open a connection; raise StorageTrouble where that is not possible."""
        ...


def unwritable(error: UnicodeEncodeError | OverflowError) -> Invalid:
    """Give the refusal of a value that no column can hold."""
    return number_too_large() if isinstance(error, OverflowError) else text_unwritable()


def number_too_large() -> Invalid:
    """Give the refusal of a number beyond what columns hold."""
    return Invalid("number_too_large", "A number in it has too many digits to be kept. Write a smaller one.")


def text_unwritable() -> Invalid:
    """Give the refusal of a text that no column can hold."""
    return Invalid(
        "text_unwritable", "A text in it holds half a character, which cannot be kept. Delete it and type it again."
    )


def text_with_nul() -> Invalid:
    """Give the refusal of a text with the sign that PostgreSQL keeps in no text."""
    return Invalid(
        "text_with_nul", "A text in it holds an invisible sign (NUL) that cannot be kept. Delete it and type it again."
    )


def already_there(detail: str) -> Duplicate:
    """Give the refusal of a second row with a key."""
    return Duplicate(
        "already_there", "There is one with this key already ({detail}). Look it up instead.", detail=detail
    )


def rows_disagree(detail: str) -> Conflict:
    """Give the refusal of a row that refers to none, or breaks a rule of its table."""
    return Conflict(
        "rows_disagree", "This does not fit what is already kept ({detail}); nothing was saved.", detail=detail
    )
