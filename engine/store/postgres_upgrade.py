"""A PostgreSQL database is upgraded by `makegood migrate` alone, by one process at a time; all others only look."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from alembic import command
from alembic.migration import MigrationContext
from psycopg import Error
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import DBAPIError

from engine.model.errors import Conflict
from engine.store.crash_points import reach
from engine.store.postgres import postgres_engine
from engine.store.postgres_errors import translated
from engine.store.upgrade import Upgrade, alembic_config, newest_revision, refuse_newer

_LOCK = "SELECT pg_advisory_xact_lock(hashtextextended('makegood migrate', 0))"


def upgrade_postgres(url: str) -> Upgrade:
    """Create the tables or bring them up to date, all or nothing; raise Conflict where a newer program wrote them."""
    config = alembic_config()
    with _connected(url) as connection, connection.begin():
        connection.exec_driver_sql(_LOCK)
        before, after = _revision(connection), newest_revision(config)
        refuse_newer(config, before)
        if before != after:
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            reach("mid_upgrade")
        return Upgrade(before, after)


def require_current(url: str) -> None:
    """Raise Conflict where the tables are missing, or of another version than this program's."""
    config = alembic_config()
    with _connected(url) as connection:
        revision = _revision(connection)
    refuse_newer(config, revision)
    if revision is None:
        raise Conflict(
            "database_empty", "The database has no tables yet. Run “makegood migrate” once, then start again."
        )
    if revision != newest_revision(config):
        raise Conflict(
            "database_older",
            "The database is of an older version (schema {revision}). Keep a copy of it (pg_dump, or the backup that the version before made), run “makegood migrate”, and start again.",
            revision=revision,
        )


@contextmanager
def _connected(url: str) -> Iterator[Connection]:
    engine: Engine = postgres_engine(url)
    try:
        with engine.connect() as connection:
            yield connection
    except DBAPIError as error:
        if isinstance(error.orig, Error):
            raise translated(error.orig) from error
        raise
    finally:
        engine.dispose()


def _revision(connection: Connection) -> str | None:
    return MigrationContext.configure(connection).get_current_revision()
