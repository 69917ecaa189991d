"""A SQLite database is brought up to this program's schema when it is opened, after a backup; a newer one is refused."""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection as SqlConnection
from sqlalchemy import Engine, event

from engine.model.errors import Conflict, StorageTrouble
from engine.shipped import shipped_folder
from engine.store.crash_points import reach
from engine.store.data_folder import make_private
from engine.store.sqlite import sqlite_engine, storage_errors

BACKUPS_KEPT = 3


@dataclass(frozen=True, slots=True)
class Upgrade:
    """From which revision to which; the same one says that nothing was to do."""

    before: str | None
    after: str | None
    backup: Path | None = None


def upgrade_sqlite(path: Path, *, now: datetime) -> Upgrade:
    """Create the database or bring it up to date; raise Conflict where a newer program wrote it.

    Before a change of an existing database a copy goes to `backups/` beside it; the newest three are kept. One process
    upgrades at a time: others wait, and find it done.
    """
    config = alembic_config()
    with storage_errors():
        make_private(path.parent)
        engine = sqlite_engine(str(path))
    event.listen(engine, "connect", _without_foreign_keys)
    event.listen(engine, "begin", _begin)
    try:
        before, after = current_revision(engine), newest_revision(config)
        refuse_newer(config, before)
        if before == after:
            return Upgrade(before, after)
        with storage_errors(), engine.connect() as connection, connection.begin():
            before = MigrationContext.configure(
                connection
            ).get_current_revision()  # another process may have been faster
            if before == after:
                return Upgrade(before, after)
            backup = _backup(path, before, now) if before else None
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            reach("mid_upgrade")
            _check_foreign_keys(connection)
        return Upgrade(before, after, backup)
    finally:
        engine.dispose()


def current_revision(engine: Engine) -> str | None:
    """Give the revision of the database's schema; None where it has none yet."""
    with storage_errors(), engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def alembic_config() -> Config:
    """Give Alembic's settings: where the revisions are."""
    config = Config()
    config.set_main_option("script_location", str(shipped_folder("migrations")).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config


def _without_foreign_keys(driver: sqlite3.Connection, _record: object) -> None:
    """Tables are rebuilt one by one; what refers to what is checked at the end."""
    driver.execute("PRAGMA foreign_keys=OFF").close()


def _begin(connection: SqlConnection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def newest_revision(config: Config) -> str | None:
    """Give the revision that this program works with."""
    return ScriptDirectory.from_config(config).get_current_head()


def refuse_newer(config: Config, revision: str | None) -> None:
    """Raise Conflict where a newer program wrote the database."""
    known = {script.revision for script in ScriptDirectory.from_config(config).walk_revisions()}
    if revision is not None and revision not in known:
        raise Conflict(
            "database_newer",
            "A newer Makegood wrote this database (schema {revision}). Start that version, or restore a backup made by this one.",
            revision=revision,
        )


def _backup(path: Path, revision: str, now: datetime) -> Path:
    folder = path.parent / "backups"
    folder.mkdir(exist_ok=True)
    target = folder / f"before-upgrade-{revision}-{now:%Y%m%dT%H%M%S}.db"
    target.unlink(missing_ok=True)
    with storage_errors():
        driver = sqlite3.connect(path, isolation_level=None)
        try:
            driver.execute("VACUUM INTO ?", (str(target),))
        finally:
            driver.close()
    for old in sorted(folder.glob("before-upgrade-*.db"), key=lambda file: file.stat().st_mtime)[:-BACKUPS_KEPT]:
        old.unlink()
    return target


def _check_foreign_keys(connection: SqlConnection) -> None:
    broken = connection.exec_driver_sql("PRAGMA foreign_key_check").fetchall()
    if broken:
        raise StorageTrouble(
            "foreign_keys_broken",
            "The upgrade was undone: {count} rows of “{table}” refer to rows that are not there. Restore a backup.",
            count=len(broken),
            table=str(broken[0][0]),
        )
