"""A database is brought up to date when it is opened, after a backup; a newer or a broken one is refused with a sentence."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import timedelta
from pathlib import Path

import pytest
from alembic import command

from engine.model.errors import Conflict, StorageTrouble
from engine.store import upgrade
from engine.store.upgrade import alembic_config, newest_revision, upgrade_sqlite
from tests.engine.conftest import MONDAY

HEAD = newest_revision(alembic_config())


def change(path: Path, statement: str) -> None:
    driver = sqlite3.connect(path)
    with driver:
        driver.execute(statement)
    driver.close()


def test_a_new_database_is_made_in_a_new_folder(tmp_path: Path) -> None:
    path = tmp_path / "var" / "makegood.db"
    done = upgrade_sqlite(path, now=MONDAY)
    assert (done.before, done.backup, path.exists()) == (None, None, True)
    again = upgrade_sqlite(path, now=MONDAY)
    assert again.before == again.after == done.after


def test_a_database_of_a_newer_program_is_refused_and_left_alone(database: Path) -> None:
    change(database, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(Conflict, match="A newer Makegood wrote this database"):
        upgrade_sqlite(database, now=MONDAY)


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "makegood.db"
    path.write_bytes(b"This is a letter to the editor. " * 100)
    with pytest.raises(StorageTrouble, match="damaged"):
        upgrade_sqlite(path, now=MONDAY)


def test_before_an_upgrade_there_is_a_backup_and_three_are_kept(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    newer: list[str] = []
    monkeypatch.setattr(upgrade, "newest_revision", lambda config: "9000")
    monkeypatch.setattr(command, "upgrade", lambda config, to: newer.append(to))
    for hour in range(5):
        done = upgrade_sqlite(database, now=MONDAY + timedelta(hours=hour))
        assert done.backup is not None
        with closing(sqlite3.connect(done.backup)) as kept_copy:
            assert kept_copy.execute("SELECT count(*) FROM case_file").fetchone() == (0,)
    kept = sorted(file.name for file in (database.parent / "backups").iterdir())
    assert len(kept) == 3
    assert kept[-1] == f"before-upgrade-{HEAD}-20260302T130000.db"
    assert newer == ["head"] * 5


def test_an_upgrade_that_leaves_dangling_rows_is_undone(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    change(database, "INSERT INTO comment (id, case_id, author_id, created_at) VALUES ('1', 'none', 'none', 0)")
    monkeypatch.setattr(upgrade, "newest_revision", lambda config: "9000")
    monkeypatch.setattr(
        command,
        "upgrade",
        lambda config, to: config.attributes["connection"].exec_driver_sql("DELETE FROM alembic_version"),
    )
    with pytest.raises(StorageTrouble, match="The upgrade was undone"):
        upgrade_sqlite(database, now=MONDAY)
    monkeypatch.undo()
    assert upgrade_sqlite(database, now=MONDAY).before == HEAD
