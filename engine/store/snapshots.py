"""What a database holds at one moment is a SQLite file, wherever it came from, and goes back from one, all or nothing."""

from __future__ import annotations

import os
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import datetime
from pathlib import Path

from engine.model.errors import NotFound, StorageTrouble
from engine.model.people import SYSTEM
from engine.store import copying
from engine.store.connection import Database
from engine.store.data_folder import flush_folder, make_private
from engine.store.opening import is_postgres, opened
from engine.store.sqlite import SqliteDatabase, storage_errors
from engine.store.transaction import Store, Tx
from engine.store.upgrade import upgrade_sqlite


def write_snapshot(url: str, path: Path, target: Path, *, now: datetime) -> None:
    """Write all there is into a new SQLite file; Makegood may run meanwhile. Raise NotFound where there is no database."""
    if is_postgres(url):
        upgrade_sqlite(target, now=now)
        with _reading(opened(url, path, now=now)) as source, _writing(SqliteDatabase(str(target))) as made:
            copying.copy_all(source.connection, made.connection)
        return
    if not path.exists():
        raise NotFound("nothing_to_back_up", "There is no database at {path}.", path=str(path))
    with storage_errors(), closing(sqlite3.connect(path, isolation_level=None)) as driver:
        driver.execute("VACUUM INTO ?", (str(target),))


def put_snapshot(url: str, path: Path, source: Path, *, now: datetime) -> None:
    """Let a SQLite file become the database, which nobody uses now; a file that was there before moves aside."""
    if not is_postgres(url):
        make_private(path.parent)
        _move_aside(path)
        shutil.move(source, path)
        flush_folder(path.parent)
        return
    upgrade_sqlite(source, now=now)
    with _reading(SqliteDatabase(str(source))) as kept, _writing(opened(url, path, now=now)) as tx:
        copying.require_unused(tx.connection)
        copying.remove_all(tx.connection)
        copy_verified(kept, tx)


def move(source: Database, target: Database) -> int:
    """Copy all rows of a stopped installation into an empty database and compare them; give how many there were."""
    with _reading(source) as old, _writing(target) as new:
        copying.require_unused(old.connection)
        copying.require_empty(new.connection)
        return copy_verified(old, new)


def copy_verified(source: Tx, target: Tx) -> int:
    """Copy all rows and compare them; raise StorageTrouble where one is not as it was."""
    total = copying.copy_all(source.connection, target.connection)
    wrong = copying.first_difference(source.connection, target.connection)
    if wrong is not None:
        raise StorageTrouble(
            "copy_differs",
            "A row of “{table}” ({key}) did not arrive as it was, so nothing was copied. Check the source with “makegood audit verify”.",
            table=wrong.table,
            key=", ".join(str(part) for part in wrong.key),
        )
    return total


@contextmanager
def _reading(database: Database) -> Iterator[Tx]:
    with closing(Store(database)) as store, store.read(SYSTEM) as tx:
        yield tx


@contextmanager
def _writing(database: Database) -> Iterator[Tx]:
    with closing(Store(database)) as store, store.begin(SYSTEM) as tx:
        yield tx


def _move_aside(database: Path) -> None:
    for suffix in ("", "-wal", "-shm"):
        present = database.with_name(database.name + suffix)
        if present.exists():
            os.replace(present, database.with_name(f"{database.name}.before-restore{suffix}"))
