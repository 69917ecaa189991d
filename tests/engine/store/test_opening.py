"""A database is opened by its URL: SQLite needs nothing more, PostgreSQL is upgraded by one command alone."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from engine.model.errors import Conflict, Invalid
from engine.model.people import SYSTEM, Setting
from engine.settings import Settings
from engine.store import rows
from engine.store.opening import opened, postgres_at, upgraded
from engine.store.postgres_words import said
from engine.store.transaction import Store
from engine.wiring import build
from tests.databases import Databases, connection
from tests.engine.conftest import MONDAY

LOADED = (
    "import engine.wiring, web.app, sys; print([name for name in ('psycopg', 'procrastinate') if name in sys.modules])"
)


@pytest.fixture
def empty(databases: Databases) -> Iterator[str]:
    """The URL of a PostgreSQL database without tables."""
    url = databases.copy("without tables", lambda made: None)
    yield url
    databases.drop(url)


def test_without_postgresql_nothing_of_it_is_loaded(repository: Path) -> None:
    done = subprocess.run([sys.executable, "-c", LOADED], cwd=repository, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_where_its_driver_is_missing_a_sentence_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "psycopg", None)
    monkeypatch.delitem(sys.modules, "engine.store.postgres", raising=False)
    with pytest.raises(Invalid, match=r"Install makegood\[postgres\]"):
        postgres_at("postgresql+psycopg://anna@db/makegood")


def test_a_database_without_tables_is_not_made_in_passing(empty: str, tmp_path: Path) -> None:
    with pytest.raises(Conflict, match="Run “makegood migrate” once"):
        build(Settings(data_dir=tmp_path, database_url=empty))


def test_several_migrate_at_once_and_one_does_it(empty: str, tmp_path: Path) -> None:
    with ThreadPoolExecutor(3) as people:
        done = list(people.map(lambda _: upgraded(empty, tmp_path, now=MONDAY), range(3)))
    assert sorted(each.before is None for each in done) == [False, False, True]
    build(Settings(data_dir=tmp_path, database_url=empty)).close()


@pytest.mark.parametrize(
    ("revision", "sentence"), [("0001", "run “makegood migrate”, and start again"), ("9999", "A newer Makegood")]
)
def test_another_version_s_tables_are_left_alone(empty: str, tmp_path: Path, revision: str, sentence: str) -> None:
    upgraded(empty, tmp_path, now=MONDAY)
    with connection(empty) as admin:
        admin.execute("UPDATE alembic_version SET version_num = %s", (revision,))
    with pytest.raises(Conflict, match=sentence):
        opened(empty, tmp_path, now=MONDAY)


def test_places_are_numbered_and_texts_are_left_as_they_are() -> None:
    assert (
        said("SELECT '?:no''%' FROM t WHERE a = ? AND b = ?").text == b"SELECT '?:no''%' FROM t WHERE a = $1 AND b = $2"
    )
    named = said("a > :from AND b = :to AND c < :from AND d::text = :to")
    assert named.text == b"a > $1 AND b = $2 AND c < $1 AND d::text = $2"
    assert named.values({"to": 2, "other": 3, "from": 1}) == [1, 2]
    assert said("name = ?1 OR key = ?1").text == b"name = $1 OR key = $1"


@pytest.mark.only_on("postgresql")  # SQLite keeps it
def test_a_text_with_nul_is_refused_with_a_sentence(store: Store) -> None:
    with pytest.raises(Invalid, match="invisible sign"), store.begin(SYSTEM) as tx:
        rows.insert(tx, Setting(key="motto", value="a\0b"))


def test_what_no_column_holds_is_refused_with_a_sentence(store: Store) -> None:
    with pytest.raises(Invalid, match="half a character"), store.read(SYSTEM) as tx:
        rows.fetch(tx, "SELECT 1 FROM person WHERE name = :name", {"name": "\ud800"})
    with pytest.raises(Invalid, match="too many digits"), store.read(SYSTEM) as tx:
        rows.fetch(tx, "SELECT 1 FROM person WHERE created_at = :at", {"at": 2**70})
