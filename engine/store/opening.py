"""A database is opened by its URL; what PostgreSQL needs is loaded only where it is named."""

from __future__ import annotations

from datetime import datetime
from importlib import import_module
from pathlib import Path
from typing import Any

from engine.model.errors import Invalid
from engine.store.connection import Database
from engine.store.sqlite import SqliteDatabase
from engine.store.upgrade import Upgrade, upgrade_sqlite

_POSTGRES = "postgresql+psycopg://"


def is_postgres(url: str) -> bool:
    """Whether the URL names a database of a PostgreSQL server."""
    return url.startswith(_POSTGRES)


def opened(url: str, path: Path, *, now: datetime, durable: bool = True) -> Database:
    """Open the database: SQLite is brought up to date first; PostgreSQL must be, or Conflict says what to do."""
    if is_postgres(url):
        _postgres("postgres_upgrade").require_current(url)
        return postgres_at(url)
    upgrade_sqlite(path, now=now)
    return SqliteDatabase(str(path), durable=durable)


def postgres_at(url: str) -> Database:
    """The database behind a PostgreSQL URL; nothing is asked of it yet."""
    found: Database = _postgres("postgres").PostgresDatabase(url)
    return found


def upgraded(url: str, path: Path, *, now: datetime) -> Upgrade:
    """Bring the database up to this program's schema."""
    if is_postgres(url):
        done: Upgrade = _postgres("postgres_upgrade").upgrade_postgres(url)
        return done
    return upgrade_sqlite(path, now=now)


def _postgres(module: str) -> Any:  # a module that is there only with the extra
    try:
        return import_module(f"engine.store.{module}")
    except ModuleNotFoundError as error:
        if error.name is None or error.name.split(".")[0] != "psycopg":
            raise
        raise Invalid(
            "postgres_not_installed",
            "PostgreSQL needs a package that is not installed. Install makegood[postgres], then start again.",
        ) from error
