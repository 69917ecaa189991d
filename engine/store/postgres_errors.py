"""Whatever PostgreSQL refuses becomes a sentence."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

import psycopg
from psycopg import errors

from engine.model.errors import MakegoodError, StorageBusy, StorageFull, StorageTrouble
from engine.store.connection import (
    StorageLost,
    already_there,
    number_too_large,
    rows_disagree,
    text_unwritable,
    text_with_nul,
    unwritable,
)

_REFUSED_OPTIONS = ("invalid connection", "invalid URI", "bad value for connect_timeout")


@contextmanager
def postgres_errors() -> Iterator[None]:
    """Whatever the driver refuses inside is raised as a sentence."""
    try:
        yield
    except psycopg.Error as error:
        raise translated(error) from error
    except (UnicodeEncodeError, OverflowError) as error:
        raise unwritable(error) from error


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
        return text_with_nul()
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
    if isinstance(error, psycopg.OperationalError | psycopg.InterfaceError | errors.IdleInTransactionSessionTimeout):
        reason = str(error).strip().splitlines()[0] if str(error).strip() else type(error).__name__
        return StorageLost(
            "storage_lost",
            "The database does not answer ({reason}). Nothing was saved; check that its server runs and "
            "that MAKEGOOD_DATABASE_URL is right, and try again.",
            reason=reason,
        )
    if isinstance(error, psycopg.ProgrammingError) and str(error).startswith(_REFUSED_OPTIONS):
        return StorageTrouble(
            "connection_option",
            "MAKEGOOD_DATABASE_URL has an option that PostgreSQL does not take ({reason}). Take it out, or mend it.",
            reason=str(error).strip(),
        )
    raise error
