"""Anchors show a chain that was cut with its head; backups come back whole or not at all; keys and locks hold."""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from engine.model.case import Case
from engine.model.errors import Conflict, Invalid, NotFound, StorageFull, StorageTrouble
from engine.model.people import SYSTEM, Session
from engine.model.running import IdempotencyKey
from engine.store import anchors, audit, backup, idempotency, rows, search
from engine.store.data_folder import put_in_place
from engine.store.idempotency import KeyedRequest
from engine.store.lock_file import DataLock, Shared
from engine.store.postgres import PostgresDatabase
from engine.store.secret_file import secret_of
from engine.store.snapshots import put_snapshot, write_snapshot
from engine.store.sqlite import SqliteDatabase
from engine.store.tidying import tidy
from engine.store.transaction import Store, Tx
from tests.engine.conftest import MONDAY, HandClock, add_case, add_person

KEY = b"the key lies in another drawer"


def three_days(store: Store, clock: HandClock) -> dict[str, str]:
    """Let cases be registered on three days, each sealed; give the noted seals."""
    noted: dict[str, str] = {}
    for day in range(3):
        with store.begin(SYSTEM) as tx:
            case = add_case(tx, f"C-{day}")
            for kind in ("registered", "classified"):
                audit.append(tx, case.id, kind, {})
            line = anchors.cast(tx, KEY)
            assert line is not None
            assert anchors.cast(tx, KEY) is None
            noted[line.split()[0]] = line.split()[2]
        clock.pass_time(timedelta(days=1))
    return noted


def test_untouched_anchors_verify(store: Store, hand_clock: HandClock) -> None:
    noted = three_days(store, hand_clock)
    with store.begin(SYSTEM) as tx:
        audit.append(tx, rows.find(tx, Case)[0].id, "decided", {})
        assert anchors.verify(tx, KEY, noted) == []


def test_a_chain_cut_together_with_its_head_shows(store: Store, hand_clock: HandClock) -> None:
    noted = three_days(store, hand_clock)
    with store.begin(SYSTEM) as tx:
        case, event = rows.find(tx, Case, number="C-1")[0], "sequence = 1"
        (first,) = [found.hash for found in audit.events_of(tx, case.id) if found.sequence == 1]
        tx.connection.execute(f"DELETE FROM audit_event WHERE case_id = ? AND NOT {event}", (case.id,))
        rows.update(tx, Case, case.id, audit_sequence=1, audit_hash=first)
        assert audit.verify(tx) == []
        (fault,) = anchors.verify(tx, KEY, noted)
        assert str(fault.message) == f"Event 2 of case {case.id} was there on 2026-03-03, and is gone or altered."


@pytest.mark.parametrize(
    "tampering",
    [
        "UPDATE anchor SET digest = 'x' WHERE day = '2026-03-03'",
        "UPDATE anchor SET mac = 'x' WHERE day = '2026-03-03'",
        "DELETE FROM anchor_head WHERE day = '2026-03-03'",
        "DELETE FROM anchor WHERE day = '2026-03-03'",
        "DELETE FROM anchor WHERE day = '2026-03-04'",
    ],
)
def test_a_forged_or_missing_anchor_shows(store: Store, hand_clock: HandClock, tampering: str) -> None:
    noted = three_days(store, hand_clock)
    with store.begin(SYSTEM) as tx:
        tx.connection.execute(tampering)
        assert anchors.verify(tx, KEY, noted)
        assert anchors.verify(tx, b"another key", noted)


def test_noted_anchors_are_read_back(tmp_path: Path) -> None:
    path = tmp_path / "anchors.txt"
    assert anchors.noted_in(path) == {}
    anchors.note(path, "2026-03-02 d1 m1")
    anchors.note(path, "2026-03-03 d2 m2")
    assert anchors.noted_in(path) == {"2026-03-02": "m1", "2026-03-03": "m2"}


def writing(path: Path) -> backup.Snapshot:
    """What copies the SQLite file."""
    return lambda target: write_snapshot("", path, target, now=MONDAY)


def putting(path: Path) -> backup.Snapshot:
    """What puts a SQLite file in its place."""
    return lambda source: put_snapshot("", path, source, now=MONDAY)


def url_of(store: Store) -> str:
    """What the settings call the store's database."""
    return store.database.url if isinstance(store.database, PostgresDatabase) else ""


def test_a_backup_comes_back_whole_as_a_file(store: Store, tmp_path: Path) -> None:
    with store.begin(SYSTEM) as tx:
        case = add_case(tx)
        search.put(tx, case.id, "Kettle")
        audit.append(tx, case.id, "registered", {})
    key = secret_of(tmp_path / "audit.key")
    monday, place = tmp_path / "copies" / "monday.zip", tmp_path / "makegood.db"
    write = partial(write_snapshot, url_of(store), place, now=MONDAY)
    made = backup.back_up(write, tmp_path, monday, now=MONDAY)
    assert set(made.digests) == {"makegood.db", "audit.key"}
    store.close()
    new = tmp_path / "new" / "makegood.db"
    assert backup.restore(monday, putting(new), tmp_path / "new") == made
    assert (tmp_path / "new" / "audit.key").read_bytes().strip() == key
    again = Store(SqliteDatabase(str(new)))
    with again.read(SYSTEM) as tx:
        assert rows.get(tx, Case, case.id).number == case.number
        assert search.matching(tx, "kett") == [case.id]
        assert audit.verify(tx) == []
    again.close()


@pytest.mark.only_on("postgresql")  # files move aside
def test_a_backup_comes_back_into_a_database_that_is_in_use_by_nobody(store: Store, tmp_path: Path) -> None:
    with store.begin(SYSTEM) as tx:
        case = add_case(tx, "C-1")
        search.put(tx, case.id, "Kettle")
    write = partial(write_snapshot, url_of(store), tmp_path, now=MONDAY)
    put = partial(put_snapshot, url_of(store), tmp_path, now=MONDAY)
    backup.back_up(write, tmp_path, tmp_path / "monday.zip", now=MONDAY)
    with store.begin(SYSTEM) as tx:
        add_case(tx, "C-2")
    with pytest.raises(Conflict, match="works on this database"):
        backup.restore(tmp_path / "monday.zip", put, tmp_path)
    store.close()
    backup.restore(tmp_path / "monday.zip", put, tmp_path)
    with store.begin(SYSTEM) as tx:
        assert [each.number for each in rows.find(tx, Case)] == ["C-1"]
        assert search.matching(tx, "kett") == [case.id]
        search.put(tx, add_case(tx, "C-3").id, "Roof")
    store.close()


@pytest.mark.only_on("sqlite")  # PostgreSQL has a backup instead
def test_what_was_there_before_a_restore_moves_aside(store: Store, database: Path, tmp_path: Path) -> None:
    archive = tmp_path / "copies" / "monday.zip"
    backup.back_up(writing(database), tmp_path, archive, now=MONDAY)
    with store.begin(SYSTEM) as tx:
        add_case(tx)
    store.close()
    backup.restore(archive, putting(database), tmp_path)
    aside = Store(SqliteDatabase(str(tmp_path / "makegood.db.before-restore")))
    with aside.read(SYSTEM) as tx:
        assert rows.count(tx, Case) == 1
    aside.close()


def test_a_damaged_backup_changes_nothing(database: Path, tmp_path: Path) -> None:
    archive = tmp_path / "copies" / "monday.zip"
    backup.back_up(writing(database), tmp_path, archive, now=MONDAY)
    before = database.read_bytes()
    with zipfile.ZipFile(archive) as packed:
        manifest = packed.read("manifest.json")
    for content in (b"", b"not a database", before[:-4096]):
        with zipfile.ZipFile(archive, "w") as forged:
            forged.writestr("manifest.json", manifest)
            forged.writestr("makegood.db", content)
        with pytest.raises(Invalid, match="no complete backup"):
            backup.restore(archive, putting(database), tmp_path)
    archive.write_bytes(b"PK something else")
    with pytest.raises(Invalid, match="no complete backup"):
        backup.restore(archive, putting(database), tmp_path)
    with pytest.raises(NotFound, match="no backup at"):
        backup.restore(tmp_path / "tuesday.zip", putting(database), tmp_path)
    assert database.read_bytes() == before


def test_a_backup_onto_a_full_disk_is_a_sentence(
    database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(backup, "_pack", full)
    with pytest.raises(StorageFull, match="is full"):
        backup.back_up(writing(database), tmp_path, tmp_path / "copies" / "monday.zip", now=MONDAY)
    assert list((tmp_path / "copies").iterdir()) == []


def test_a_full_disk_of_the_backup_is_not_called_the_database_s(database: Path, tmp_path: Path) -> None:
    def full(target: Path) -> None:
        raise StorageFull("storage_full", "The disk of the database is full.")

    with pytest.raises(StorageFull, match=r"The disk of .*monday\.zip is full"):
        backup.back_up(full, tmp_path, tmp_path / "copies" / "monday.zip", now=MONDAY)


def test_a_key_that_may_not_be_read_is_named(database: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret_of(tmp_path / "audit.key")

    def forbidden(path: Path) -> bytes:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "read_bytes", forbidden)
    with pytest.raises(StorageTrouble, match=r"audit\.key cannot be read \(Permission denied\)"):
        backup.back_up(writing(database), tmp_path, tmp_path / "monday.zip", now=MONDAY)


def test_a_file_has_its_name_only_when_it_is_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    done: list[object] = []
    flush, replace = os.fsync, os.replace

    def flushed(file: int) -> None:
        done.append(os.fstat(file).st_ino)
        flush(file)

    def replaced(source: Path, target: Path) -> None:
        done.append(f"{source.name} is {target.name}")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", flushed)
    monkeypatch.setattr(os, "replace", replaced)
    (tmp_path / "draft").write_bytes(b"whole")
    put_in_place(tmp_path / "draft", tmp_path / "backup")
    assert done == [(tmp_path / "backup").stat().st_ino, "draft is backup", tmp_path.stat().st_ino]


def test_a_second_process_is_refused_with_the_first_ones_id(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib; from engine.store.lock_file import DataLock; lock = DataLock(pathlib.Path(sys.argv[1]));"
        "print('held', flush=True); sys.stdin.read()"
    )
    holder = subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    with holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(Conflict, match=f"already running on .*, as process {holder.pid}"):
            DataLock(tmp_path)
        holder.kill()
    lock = DataLock(tmp_path)
    lock.release()
    DataLock(tmp_path).release()


def test_a_database_that_cannot_be_read_is_not_held_open(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "makegood.db").write_bytes(b"This is no database. " * 200)
    opened: list[sqlite3.Connection] = []
    connect = sqlite3.connect

    def watched(path: str, **named: Any) -> sqlite3.Connection:
        opened.append(connect(path, **named))
        return opened[-1]

    monkeypatch.setattr(sqlite3, "connect", watched)
    with pytest.raises(StorageTrouble, match="is damaged"):
        SqliteDatabase(str(tmp_path / "makegood.db")).connect(reading=True)
    with pytest.raises(sqlite3.ProgrammingError, match="closed"):
        opened[0].execute("SELECT 1")


def test_a_data_folder_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StorageTrouble, match="cannot be used"):
        DataLock(tmp_path / "file" / "var")


def test_a_secret_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    path = tmp_path / "var" / "audit.key"
    secret = secret_of(path)
    assert secret_of(path) == secret
    assert len(secret) == 64
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_secret_that_is_being_made_is_never_read_half(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "audit.key"
    seen: list[bool] = []
    monkeypatch.setattr(os, "fsync", lambda _file: seen.append(path.exists()))
    with ThreadPoolExecutor(8) as people:
        assert len({*people.map(secret_of, [path] * 8)}) == 1
    assert not seen[0]  # it had no name before it was whole
    assert [file.name for file in tmp_path.iterdir()] == ["audit.key"]


def test_a_secret_that_was_cut_off_seals_nothing(tmp_path: Path) -> None:
    (tmp_path / "audit.key").touch()
    with pytest.raises(StorageTrouble, match="cut off. Put it back from a backup"):
        secret_of(tmp_path / "audit.key")


def test_what_is_kept_is_for_its_owner_alone(database: Path, tmp_path: Path) -> None:
    kept = tmp_path / "var"
    DataLock(kept).release()
    Shared(tmp_path / "shared" / "var")
    assert (tmp_path / "shared" / "var").stat().st_mode & 0o777 == 0o700
    backup.back_up(writing(database), tmp_path, kept / "monday.zip", now=MONDAY)
    assert [path.stat().st_mode & 0o777 for path in (kept, kept / "monday.zip")] == [0o700, 0o600]


def test_a_key_gets_its_first_answer_again(tx: Tx) -> None:
    request = KeyedRequest("POST /api/cases", "k-1", b'{"subject": "Kettle"}')
    assert idempotency.answer_of(tx, request) is None
    idempotency.keep_answer(tx, request, status=201, answer={"number": "C-1"})
    again = idempotency.answer_of(tx, request)
    assert again is not None
    assert (again.status, again.answer) == (201, {"number": "C-1"})
    with pytest.raises(Invalid, match="another body"):
        idempotency.answer_of(tx, KeyedRequest("POST /api/cases", "k-1", b"{}"))
    assert idempotency.answer_of(tx, KeyedRequest("POST /api/messages", "k-1", b"{}")) is None


def test_tidying_removes_only_what_is_past_its_time(store: Store, hand_clock: HandClock) -> None:
    with store.begin(SYSTEM) as tx:
        anna = add_person(tx, "anna")
        for hours in (1, 24 * 40):
            until = tx.now + timedelta(hours=hours)
            rows.insert(
                tx,
                Session(token_hash=str(hours), person_id=anna.id, created_at=tx.now, seen_at=tx.now, expires_at=until),
            )
        idempotency.keep_answer(tx, KeyedRequest("r", "k", b""), status=200, answer={})
        assert tidy(tx) == 0
    hand_clock.pass_time(timedelta(days=31))
    with store.begin(SYSTEM) as tx:
        assert tidy(tx) == 2
        assert [session.token_hash for session in rows.find(tx, Session)] == [str(24 * 40)]
        assert rows.count(tx, IdempotencyKey) == 0
