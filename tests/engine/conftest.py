"""A migrated database is made once and copied for every test; its clock stands still until a test moves it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TypeVar

import pytest

from engine.model.case import Case
from engine.model.people import SYSTEM, Person, PersonRole, Role
from engine.store import rows
from engine.store.connection import Database
from engine.store.opening import postgres_at, upgraded
from engine.store.sqlite import SqliteDatabase
from engine.store.transaction import Store, Tx
from engine.store.upgrade import Upgrade, upgrade_sqlite
from tests.databases import Databases

T = TypeVar("T")
MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@dataclass
class HandClock:
    """A clock that is moved by hand."""

    now: datetime = field(default=MONDAY)

    def __call__(self) -> datetime:
        return self.now

    def pass_time(self, by: timedelta) -> None:
        """Let time pass."""
        self.now += by


@pytest.fixture
def hand_clock() -> HandClock:
    """The clock of `store`: it is 9 o'clock UTC on Monday 2 March 2026."""
    return HandClock()


@pytest.fixture(scope="session")
def template_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty database of today's schema."""
    path = tmp_path_factory.mktemp("template") / "makegood.db"
    upgrade_sqlite(path, now=MONDAY)
    return path


@pytest.fixture
def database(template_database: Path, tmp_path: Path) -> Path:
    """A copy of the empty database for this test alone."""
    return Path(shutil.copy(template_database, tmp_path / "makegood.db"))


@pytest.fixture
def opened_database(dialect: str, request: pytest.FixtureRequest) -> Iterator[Database]:
    """This test's own database: SQLite in one run, PostgreSQL in the other."""
    if dialect == "sqlite":
        yield SqliteDatabase(str(request.getfixturevalue("database")))
        return
    databases: Databases = request.getfixturevalue("databases")
    url = databases.copy("empty", lambda made: assert_made(upgraded(made, Path(), now=MONDAY)))
    yield postgres_at(url)
    databases.drop(url)


def assert_made(done: Upgrade) -> None:
    """The schema was made from nothing."""
    assert done.before is None


@pytest.fixture
def store(opened_database: Database, hand_clock: HandClock) -> Iterator[Store]:
    """The store on this test's database."""
    found = Store(opened_database, clock=hand_clock)
    yield found
    found.close()


@pytest.fixture
def tx(store: Store) -> Iterator[Tx]:
    """A writing transaction of Makegood itself, open for the whole test."""
    with store.begin(SYSTEM) as found:
        yield found


class Undone(Exception):
    """A test undoes what a block did."""


@contextmanager
def undone(block: AbstractContextManager[T]) -> Iterator[T]:
    """Run a block in a transaction or savepoint that then raises, so that nothing of it is kept."""
    try:
        with block as found:
            yield found
            raise Undone
    except Undone:
        pass


def add_case(tx: Tx, number: str = "C-2026-000001") -> Case:
    """Keep a case with nothing but a number."""
    case = Case(id=tx.new_id(), number=number, subject="A kettle that leaks", opened_at=tx.now)
    rows.insert(tx, case)
    return case


def add_person(tx: Tx, login: str, *roles: Role, zone: str = "UTC") -> Person:
    """Keep a person with these roles."""
    person = Person(id=tx.new_id(), login=login, name=login.capitalize(), zone=zone, created_at=tx.now)
    rows.insert(tx, person)
    rows.insert_many(tx, [PersonRole(person_id=person.id, role=role) for role in roles])
    return person
