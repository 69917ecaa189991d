"""A desk with invented people over a fresh database; each test has its own."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.actions.register_case import Registration, register_case
from engine.definitions.catalog import scan
from engine.model.case import Case
from engine.model.contract import shipped_segments
from engine.model.passwords import hash_password
from engine.model.people import (
    SYSTEM,
    Actor,
    ApprovalLevel,
    Person,
    PersonLevel,
    PersonRole,
    Queue,
    QueueMember,
    Role,
    Session,
)
from engine.model.session import LIFE, hash_of
from engine.settings import Settings
from engine.shipped import shipped_folder
from engine.store import deployments, people, rows
from engine.store.connection import utc_now
from engine.store.opening import upgraded
from engine.store.snapshots import put_snapshot
from engine.wiring import Engine, build
from tests.databases import Databases
from web.app import create_app
from web.sign_in_cookie import COOKIE

PASSWORD = "makegood-demo"
QUEUES = ("front_office", "technical", "energy", "financial", "partner", "fraud", "special_mode")
PEOPLE: dict[str, tuple[tuple[Role, ...], tuple[str, ...]]] = {
    "anna": ((Role.CLERK,), ("front_office",)),
    "ben": ((Role.SPECIALIST,), ("technical",)),
    "clara": ((Role.LEAD,), ("front_office",)),
    "david": ((Role.LEAD,), ("technical",)),
    "eva": ((Role.MANAGER,), ("special_mode",)),
    "greta": ((Role.DESIGNER,), ()),
    "henry": ((Role.ADMINISTRATOR,), ()),
    "iga": ((Role.SPECIALIST,), ("energy",)),
    "zoe": ((), ()),
}
LEADS = {"front_office": "clara", "technical": "david"}

ClientAs = Callable[[str], FlaskClient]


def person_id(login: str) -> str:
    """The id of a person of these tests."""
    return f"person-{login}"


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of data with people and queues in it, copied for each test."""
    folder = tmp_path_factory.mktemp("furnished")
    engine = build(Settings(data_dir=folder))
    password_hash = hash_password(PASSWORD, salt=b"salt of the tests")
    with engine.begin(SYSTEM) as tx:
        for login, (roles, _queues) in PEOPLE.items():
            person = Person(id=person_id(login), login=login, name=login.title(), created_at=tx.now)
            rows.insert(tx, person)
            rows.update(tx, Person, person.id, password_hash=password_hash, email=f"{login}@example.org")
            rows.insert_many(tx, [PersonRole(person_id=person.id, role=role) for role in roles])
        leads = {key: person_id(login) for key, login in LEADS.items()}
        rows.insert_many(tx, [Queue(key=key, name=key.title(), lead_id=leads.get(key)) for key in QUEUES])
        rows.insert_many(tx, list(shipped_segments()))
        levels = (
            ApprovalLevel(key="regional", name="Region", rank=1),
            ApprovalLevel(key="director", name="Director", rank=2),
        )
        rows.insert_many(tx, levels)
        rows.insert(tx, PersonLevel(person_id=person_id("eva"), level_key="regional"))
        for found in scan(shipped_folder("processes"), shipped_folder("forms")):
            deployments.keep(tx, found.key, found.files, process_ids=found.process_ids)
        members = [(key, login) for login, (_roles, queues) in PEOPLE.items() for key in queues]
        rows.insert_many(tx, [QueueMember(queue_key=key, person_id=person_id(login)) for key, login in members])
    engine.close()
    return folder


@pytest.fixture
def web_store() -> str:
    """Which database keeps a desk's data: SQLite, unless a test (or TEST_WEB_STORE, for all of them) says postgresql."""
    return os.environ.get("TEST_WEB_STORE", "sqlite")


@pytest.fixture
def engine(furnished: Path, tmp_path: Path, web_store: str, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An engine over data of its own."""
    folder = tmp_path / "var"
    shutil.copytree(furnished, folder)
    if web_store == "sqlite":
        found = build(Settings(data_dir=folder))
        yield found
        found.close()
        return
    databases: Databases = request.getfixturevalue("databases")
    url = databases.copy("web", partial(same_on_postgres, furnished))
    found = build(Settings(data_dir=folder, database_url=url))
    yield found
    found.close()
    databases.drop(url)


def same_on_postgres(furnished: Path, url: str) -> None:
    """Give a PostgreSQL database what the furnished folder has."""
    now = utc_now()
    upgraded(url, furnished, now=now)
    copied = Path(shutil.copy(furnished / "makegood.db", furnished / "for-postgres.db"))
    put_snapshot(url, furnished, copied, now=now)
    copied.unlink()


@pytest.fixture
def app(engine: Engine) -> Flask:
    """The application over the engine of the test; form tokens are not asked for."""
    return create_app(engine, testing=True)


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    """A browser in which nobody is signed in."""
    return app.test_client()


@pytest.fixture
def as_person(engine: Engine) -> Callable[[str], Actor]:
    """Gives somebody as the one who acts in a transaction."""

    def actor(login: str) -> Actor:
        with engine.read(SYSTEM) as tx:
            return people.actor_of(tx, person_id(login))

    return actor


@pytest.fixture
def client_as(app: Flask, engine: Engine) -> ClientAs:
    """Gives a browser in which somebody is signed in."""

    def client(login: str) -> FlaskClient:
        token = f"token of {login}"
        with engine.begin(SYSTEM) as tx:
            rows.delete(tx, Session, token_hash=hash_of(token))
            rows.insert(
                tx,
                Session(
                    token_hash=hash_of(token),
                    person_id=person_id(login),
                    created_at=tx.now,
                    seen_at=tx.now,
                    expires_at=tx.now + LIFE,
                ),
            )
        browser = app.test_client()
        browser.set_cookie(COOKIE, token)
        return browser

    return client


@pytest.fixture
def case(engine: Engine, as_person: Callable[[str], Actor]) -> Case:
    """A complaint about a kettle that anna has registered; its first task is offered to the front office."""
    with engine.begin(as_person("anna")) as tx:
        found = register_case(tx, Registration(subject="A kettle that leaks", country="PL", party="consumer"))
    engine.settle()
    with engine.read(SYSTEM) as tx:
        return rows.get(tx, Case, found.id)


@pytest.fixture
def noon() -> datetime:
    """A time that tests agree on."""
    return datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
