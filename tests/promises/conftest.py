"""A furnished house with its twenty people and the shipped processes; the clock stands on Monday 2 March 2026 in the morning."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from engine.actions.claim_task import claim_task
from engine.actions.complete_task import Answer, complete_task
from engine.actions.find_customer import NewCustomer
from engine.actions.job_kinds import HANDLERS
from engine.actions.reassign_task import reassign_task
from engine.actions.register_case import Registration, register_case
from engine.actions.request_special_mode import request_special_mode
from engine.commands.demo.people import hire
from engine.definitions.catalog import scan
from engine.jobs import drain, tick
from engine.model.case import Case
from engine.model.errors import ChannelError
from engine.model.people import SYSTEM, Actor
from engine.model.ports import Envelope, Evidence, Ports
from engine.model.task import OPEN_STATES, Task
from engine.shipped import shipped_folder
from engine.store import deployments, people, rows
from engine.store.connection import Database
from engine.store.opening import postgres_at, upgraded
from engine.store.sqlite import SqliteDatabase
from engine.store.transaction import Store, Tx
from engine.store.upgrade import upgrade_sqlite
from tests.databases import Databases
from tests.promises.check import broken_promises

MONDAY = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
TEXT = "My washing machine leaks. The pump is broken after three months and nobody repairs it."
OLA = NewCustomer(name="Ola Nowak", email="ola@example.org", address="Prosta 1, Warszawa")


@dataclass
class Post:
    """Both channels: what was handed over by Message-ID; it can be told to fail."""

    house: House
    key: str = "email"
    sent: dict[str, Envelope] = field(default_factory=dict)
    is_down: bool = False

    def send(self, envelope: Envelope, *, message_id: str) -> Evidence:
        """Remember the letter, or fail."""
        if self.is_down:
            raise ChannelError("mail_down", "The mail server does not answer.", permanent=False)
        self.sent[message_id] = envelope
        return Evidence(accepted_at=self.house.now, reference=message_id, medium=self.key)


class House:
    """The house as a test drives it: who does what, and how time passes."""

    def __init__(self, database: Database) -> None:
        self.now = MONDAY
        self.post = Post(self)
        ports = Ports(channels={"email": self.post, "post": self.post})
        self.store = Store(database, clock=lambda: self.now, ports=ports)

    def person(self, login: str) -> Actor:
        """The person as they may act now."""
        with self.store.read(SYSTEM) as tx:
            found = people.by_login(tx, login)
            assert found is not None
            return people.actor_of(tx, found.id)

    def settle(self) -> None:
        """Fire what is due and run all jobs."""
        while tick(self.store) + drain(self.store, HANDLERS):
            pass

    def wait(self, **period: float) -> None:
        """Let time pass and the house settle."""
        self.now += timedelta(**period)
        self.settle()

    def register(self, **given: object) -> Case:
        """Anna registers the complaint of a Polish consumer."""
        facts = {"subject": "It leaks", "description": TEXT, "country": "PL", "customer": OLA, "language": "en"}
        with self.store.begin(self.person("anna")) as tx:
            case = register_case(tx, Registration(**{**facts, **given}))  # type: ignore[arg-type]  # tests name its fields
        self.settle()
        return case

    def triaged(self, **given: object) -> Case:
        """A case that waits for the technicians."""
        case = self.register(**given)
        self.do("anna", case, "triage", "complaint", product_group="appliance", category="defect")
        return case

    def open_tasks(self, case: Case) -> list[Task]:
        """The open tasks of a case in the order of their opening."""
        with self.store.read(SYSTEM) as tx:
            return rows.find(tx, Task, case_id=case.id, state=tuple(sorted(OPEN_STATES)), order_by="id")

    def task(self, case: Case, element: str) -> Task:
        """The open task of an element."""
        return next(task for task in self.open_tasks(case) if task.element_id == element)

    def claim(self, login: str, task: Task) -> Task:
        """Claim a task."""
        with self.store.begin(self.person(login)) as tx:
            return claim_task(tx, task.id)

    def do(self, login: str, case: Case, element: str, outcome: str | None = None, **data: object) -> None:
        """Complete the open task of an element and let the house settle."""
        self.complete(login, self.task(case, element), outcome=outcome, data=data)

    def complete(self, login: str, task: Task, *, outcome: str | None, data: Mapping[str, object]) -> None:
        """Complete a task as somebody."""
        with self.store.begin(self.person(login)) as tx:
            complete_task(tx, task.id, Answer(data=data, outcome=outcome))
        self.settle()

    def give(self, login: str, task: Task, *, to: str) -> None:
        """Let somebody give a task to somebody."""
        with self.store.begin(self.person(login)) as tx:
            reassign_task(tx, task.id, to=to, reason="It is urgent")

    def ask_special_mode(self, login: str, case: Case, amount: int | None = 800) -> None:
        """Ask for special mode."""
        with self.store.begin(self.person(login)) as tx:
            wanted = Decimal(amount) if amount is not None else None
            request_special_mode(tx, case.id, reason="Ten years a customer", amount=wanted)
        self.settle()

    def all(self, kind: type[Any], /, **equals: Any) -> list[Any]:
        """The rows of a kind."""
        with self.store.read(SYSTEM) as tx:
            return rows.find(tx, kind, **equals)

    def broken(self) -> list[str]:
        """Which promises do not hold now; an empty list is what every test wants."""
        with self.store.read(SYSTEM) as tx:
            return broken_promises(tx)


def furnished(tx: Tx) -> None:
    """Deploy what ships."""
    folder = shipped_folder("processes")
    for files in scan(folder, shipped_folder("forms")):
        deployments.keep(tx, files.key, files.files, process_ids=list(files.process_ids))


def furnish(database: Database) -> None:
    """Hire the people and deploy what ships."""
    store = Store(database, clock=lambda: MONDAY)
    hire(store)
    with store.begin(SYSTEM) as tx:
        furnished(tx)
    store.close()


@pytest.fixture(scope="session")
def furnished_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A database with people and processes and no case; copied for every test."""
    path = tmp_path_factory.mktemp("house") / "makegood.db"
    upgrade_sqlite(path, now=MONDAY)
    furnish(SqliteDatabase(str(path)))
    return path


def furnish_postgres(url: str) -> None:
    """The same on PostgreSQL."""
    upgraded(url, Path(), now=MONDAY)
    furnish(postgres_at(url))


@pytest.fixture
def house(dialect: str, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    """The house for one test."""
    if dialect == "sqlite":
        furnished_one = request.getfixturevalue("furnished_database")
        found = House(SqliteDatabase(str(shutil.copy(furnished_one, tmp_path / "makegood.db"))))
        yield found
        found.store.close()
        return
    databases: Databases = request.getfixturevalue("databases")
    url = databases.copy("furnished", furnish_postgres)
    found = House(postgres_at(url))
    yield found
    found.store.close()
    databases.drop(url)
