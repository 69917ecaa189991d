"""A process that dies in the middle of an upgrade leaves the version before; the next start makes the whole way."""

from __future__ import annotations

import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
from alembic import command
from sqlalchemy import Engine

from engine.store.opening import is_postgres, upgraded
from engine.store.postgres import postgres_engine
from engine.store.sqlite import sqlite_engine
from engine.store.upgrade import alembic_config, current_revision, newest_revision
from tests.databases import Databases
from tests.e2e.serving import run_makegood
from tests.promises.conftest import MONDAY

FIRST = "0001"
PERSON = "INSERT INTO setting (key, value) VALUES ('company.name', 'Veltra')"


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
        connection.exec_driver_sql(PERSON)
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
