"""A backup is one file with the database as it was at one moment, the audit key, and a list of what it holds."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from engine.model.errors import Conflict, Invalid, NotFound, StorageFull, StorageTrouble
from engine.store.data_folder import make_private, put_in_place
from engine.store.sqlite import storage_errors

DATABASE = "makegood.db"
BESIDE = ("audit.key", "anchors.txt")
ARCHIVES = "archives"
_MANIFEST = "manifest.json"
_FORMAT = 1
_NEEDED = """SELECT DISTINCT archive_event.file FROM archived_case
JOIN archive_event ON archive_event.id = archived_case.archive_id ORDER BY 1"""
_ENOSPC = 28


@dataclass(frozen=True, slots=True)
class Contents:
    """What a backup holds, when it was made, and the archives in which its archived cases lie: those are not in it."""

    made_at: str
    revision: str
    digests: dict[str, str]
    archives: tuple[str, ...] = ()


Snapshot = Callable[[Path], None]


def back_up(write: Snapshot, data_dir: Path, target: Path, *, now: datetime) -> Contents:
    """Write a backup to `target`, of what `write` writes into a file. Raise StorageTrouble where it cannot be written."""
    beside = _beside(data_dir)  # before the database, so that it has every anchor that they name
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(dir=target.parent) as folder:
            copy = Path(folder) / DATABASE
            for name, content in beside.items():
                (Path(folder) / name).write_bytes(content)
            write(copy)
            files = {name: Path(folder) / name for name in (DATABASE, *beside)}
            digests = {name: _digest(path) for name, path in files.items()}
            contents = Contents(now.isoformat(), _revision(copy), digests, _archives(copy))
            packed = Path(folder) / "packed"
            _pack(packed, files, contents)
            packed.chmod(0o600)  # it holds the audit key, and everything about everybody
            put_in_place(packed, target)
            return contents
    except StorageFull as error:  # what is read needs no room
        raise _full_at(target) from error
    except OSError as error:
        raise file_trouble(error, target) from error


def restore(source: Path, put: Snapshot, data_dir: Path) -> Contents:
    """Let `put` make a verified backup's file the database, which must not be in use.

    Raises Invalid where the backup is damaged or incomplete; then nothing has changed.
    """
    try:
        make_private(data_dir)
        with tempfile.TemporaryDirectory(dir=data_dir) as folder:
            contents = _unpack(source, Path(folder))
            _verify_database(Path(folder) / DATABASE)
            put(Path(folder) / DATABASE)
            for name in contents.digests.keys() - {DATABASE}:
                put_in_place(Path(folder) / name, data_dir / name)
            return contents
    except OSError as error:
        raise file_trouble(error, data_dir) from error


def require_backup(source: Path) -> None:
    """Raise NotFound where there is none, StorageTrouble where it may not be read."""
    try:
        source.open("rb").close()
    except FileNotFoundError as error:
        raise NotFound("backup_not_found", "There is no backup at {path}.", path=str(source)) from error
    except OSError as error:
        raise StorageTrouble(
            "backup_unreadable",
            "The backup {path} cannot be read ({reason}). Check who owns it.",
            path=str(source),
            reason=error.strerror or str(error),
        ) from error


def _beside(data_dir: Path) -> dict[str, bytes]:
    """What lies beside the database; raise StorageTrouble where it may not be read."""
    try:
        return {name: (data_dir / name).read_bytes() for name in BESIDE if (data_dir / name).exists()}
    except OSError as error:
        raise StorageTrouble(
            "data_unreadable",
            "{path} cannot be read ({reason}). Run this as the user that Makegood runs as.",
            path=error.filename or str(data_dir),
            reason=error.strerror or str(error),
        ) from error


def _pack(target: Path, files: dict[str, Path], contents: Contents) -> None:
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        told = {
            "format": _FORMAT,
            "made_at": contents.made_at,
            "revision": contents.revision,
            "digests": contents.digests,
            "archives": contents.archives,
        }
        archive.writestr(_MANIFEST, json.dumps(told, indent=1, sort_keys=True))
        for name, path in files.items():
            archive.write(path, name)


def _unpack(source: Path, folder: Path) -> Contents:
    damaged = Invalid(
        "backup_damaged", "{path} is no complete backup of Makegood; nothing was changed.", path=str(source)
    )
    require_backup(source)
    try:
        with zipfile.ZipFile(source) as archive:
            told = json.loads(archive.read(_MANIFEST))
            if told["format"] > _FORMAT:
                raise Conflict("backup_newer", "A newer Makegood made this backup; restore it with that version.")
            archives = tuple(Path(name).name for name in told.get("archives", ()))  # older backups do not say it
            contents = Contents(told["made_at"], told["revision"], dict(told["digests"]), archives)
            for name in contents.digests:
                if name not in (DATABASE, *BESIDE):
                    raise damaged
                with archive.open(name) as packed, (folder / name).open("wb") as plain:
                    shutil.copyfileobj(packed, plain)
                    plain.flush()
                    os.fsync(plain.fileno())
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise damaged from error
    if DATABASE not in contents.digests or any(
        _digest(folder / name) != digest for name, digest in contents.digests.items()
    ):
        raise damaged
    for name in contents.digests.keys() & {"audit.key"}:
        (folder / name).chmod(0o600)
    return contents


def _verify_database(path: Path) -> None:
    with storage_errors():
        driver = sqlite3.connect(path)
        try:
            problems = driver.execute("PRAGMA integrity_check").fetchone()[0] != "ok"
            problems = problems or driver.execute("PRAGMA foreign_key_check").fetchone() is not None
        finally:
            driver.close()
    if problems:
        raise Invalid("backup_database_damaged", "The database in this backup is damaged; nothing was changed.")


def _revision(path: Path) -> str:
    with storage_errors():
        driver = sqlite3.connect(path)
        try:
            return str(driver.execute("SELECT version_num FROM alembic_version").fetchone()[0])
        finally:
            driver.close()


def _archives(path: Path) -> tuple[str, ...]:
    with storage_errors():
        driver = sqlite3.connect(path)
        try:
            has_archives = driver.execute("SELECT 1 FROM sqlite_master WHERE name = 'archived_case'").fetchone()
            return tuple(file for (file,) in driver.execute(_NEEDED)) if has_archives else ()
        finally:
            driver.close()


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _full_at(path: Path) -> StorageFull:
    return StorageFull("storage_full_at", "The disk of {path} is full. Make room and try again.", path=str(path))


def file_trouble(error: OSError, path: Path) -> StorageTrouble:
    """The refusal that says why a file could not be written."""
    if error.errno == _ENOSPC:
        return _full_at(path)
    return StorageTrouble(
        "file_trouble",
        "{path} cannot be written ({reason}). Check who owns the folder.",
        path=str(path),
        reason=error.strerror or str(error),
    )
