"""A process that dies in the middle of an upgrade leaves the version before; the next start makes the whole way."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from time import sleep

import pytest
from alembic import command
from sqlalchemy import Engine

from engine.store.opening import is_postgres, upgraded
from engine.store.postgres import postgres_engine
from engine.store.sqlite import sqlite_engine
from engine.store.upgrade import alembic_config, current_revision, newest_revision, upgrade_sqlite
from tests.databases import Databases
from tests.e2e.serving import free_port, run_makegood, served, settings_of
from tests.promises.conftest import MONDAY

FIRST = "0001"
KEPT = "INSERT INTO setting (key, value) VALUES ('company.name', 'Veltra'), ('demo', 'none')"


@pytest.fixture
def old_url(dialect: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[str]:
    """A database of the first version with something in it."""
    if dialect == "sqlite":
        url = f"sqlite:///{tmp_path / 'makegood.db'}"
    else:
        databases: Databases = request.getfixturevalue("databases")
        url = databases.copy("nothing", lambda _url: None)
    config = alembic_config()
    with engine_of(url).connect() as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, FIRST)
        connection.exec_driver_sql(KEPT)
    yield url
    if dialect == "postgresql":
        request.getfixturevalue("databases").drop(url)


def engine_of(url: str) -> Engine:
    """For migrations, and to look."""
    return postgres_engine(url) if is_postgres(url) else sqlite_engine(url.removeprefix("sqlite:///"))


def test_who_is_killed_in_an_upgrade_begins_it_anew(old_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    named = {"MAKEGOOD_DATABASE_URL": old_url}
    killed = run_makegood(folder, "migrate", MAKEGOOD_CRASH_AT="mid_upgrade", **named)
    assert killed.returncode == -signal.SIGKILL
    assert current_revision(engine_of(old_url)) == FIRST
    again = run_makegood(folder, "migrate", **named)
    assert (again.returncode, f"from {FIRST} to" in again.stdout) == (0, True)
    assert current_revision(engine_of(old_url)) == newest_revision(alembic_config())
    with engine_of(old_url).connect() as connection:
        kept = connection.exec_driver_sql("SELECT value FROM setting WHERE key = 'company.name'").scalar()
    assert kept == "Veltra"
    path = Path(old_url.removeprefix("sqlite:///"))
    assert upgraded(old_url, path, now=MONDAY).before == newest_revision(alembic_config())


def test_one_of_two_that_upgrade_at_once_may_die(old_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    dying, other = (
        begun(folder, "migrate", MAKEGOOD_DATABASE_URL=old_url, MAKEGOOD_CRASH_AT=point)
        for point in ("mid_upgrade", "")
    )
    assert (other.wait(60), dying.wait(60) in (0, -signal.SIGKILL)) == (0, True)
    assert current_revision(engine_of(old_url)) == newest_revision(alembic_config())


@pytest.mark.only_on("sqlite")  # PostgreSQL's backups are made before, by whoever upgrades
def test_who_comes_second_to_an_upgrade_waits_and_copies_nothing(old_url: str) -> None:
    path, config = Path(old_url.removeprefix("sqlite:///")), alembic_config()
    with ThreadPoolExecutor(1) as second, engine_of(old_url).connect() as first:
        first.exec_driver_sql("BEGIN IMMEDIATE")
        config.attributes["connection"] = first
        command.upgrade(config, "head")
        waiting = second.submit(upgrade_sqlite, path, now=MONDAY)
        sleep(0.3)
        first.exec_driver_sql("COMMIT")
        done = waiting.result()
    assert (done.before, done.backup) == (newest_revision(alembic_config()), None)
    assert not (path.parent / "backups").exists()


@pytest.mark.only_on("sqlite")  # on PostgreSQL `serve` never upgrades
def test_a_desk_that_is_killed_while_it_upgrades_serves_after_its_next_start(old_url: str, tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    for _ in range(2):
        killed = begun(
            folder,
            "serve",
            "--port",
            str(free_port()),
            MAKEGOOD_DATABASE_URL=old_url,
            MAKEGOOD_CRASH_AT="mid_upgrade",
        )
        assert killed.wait(60) == -signal.SIGKILL
        assert current_revision(engine_of(old_url)) == FIRST
    with served(folder, MAKEGOOD_DATABASE_URL=old_url) as desk:
        assert desk.get("/healthz")[0] == 200
    assert current_revision(engine_of(old_url)) == newest_revision(alembic_config())


def begun(folder: Path, *arguments: str, **more: str) -> subprocess.Popen[bytes]:
    """A command that runs in a process of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "web.cli", *arguments],
        env=settings_of(folder, **more),
        cwd=folder.parent,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
