"""A history whose requests are kept several at a time leaves, byte for byte, what it leaves when each is kept by itself."""

from __future__ import annotations

import json
import shutil
import sqlite3
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from random import Random
from typing import Any

import pytest
from flask.testing import FlaskClient

from engine.actions.create_token import NewToken, create_token
from engine.model.ids import IdSource
from engine.model.people import SYSTEM
from engine.model.ports import Envelope, Evidence, Ports
from engine.model.task import Task
from engine.settings import Settings
from engine.store import rows
from engine.store.one_commit import OneCommit
from engine.wiring import Engine, build
from tests.engine.conftest import HandClock
from tests.web.api.conftest import COMPLAINT
from web.app import create_app

TRIAGE = {"product_group": "appliance", "category": "defect"}
LOGINS = ("anna", "anna", "clara", "ben", "david")
BAD = ({"data": {"product_group": 7}}, {"version": 999, "data": TRIAGE, "outcome": "complaint"}, {"outcome": "eaten"})


@dataclass
class Post:
    """A post office by the clock of the test."""

    clock: HandClock
    key = "email"

    def send(self, envelope: Envelope, *, message_id: str) -> Evidence:
        del envelope
        return Evidence(accepted_at=self.clock(), reference=message_id)


@dataclass
class Histories:
    """The same seed asks for the same, as long as it is answered the same."""

    engine: Engine
    browser: FlaskClient
    clock: HandClock
    seed: int
    is_together: bool
    told: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    sizes: list[int] = field(default_factory=list[int])

    def __post_init__(self) -> None:
        self.dice = Random(self.seed)
        self.numbers: list[str] = []

    def lived(self) -> None:
        """Some requests at a time; between them the desk does its own work."""
        for _ in range(12):
            together = OneCommit(self.engine.store, self.is_kept) if self.is_together else None
            size = self.dice.randint(1, 8)
            tasks = self.tasks()
            for _ in range(size):
                self.clock.pass_time(timedelta(milliseconds=self.dice.randint(0, 400)))
                self.ask(tasks)
            if together is not None:
                together.end()
            self.sizes.append(size)
            self.engine.settle()

    def is_kept(self, kept: bool) -> None:
        assert kept

    def tasks(self) -> list[str]:
        """The open tasks before the next requests, the oldest first, of which all ask at once."""
        with self.engine.read(SYSTEM) as tx:
            return [task.id for task in rows.find(tx, Task, closed_at=None, order_by="id", limit=5)]

    def ask(self, tasks: list[str]) -> None:
        """One request: perhaps the same one as somebody else's, perhaps one that is refused."""
        kind = self.dice.random()
        key = f"key-{self.dice.randint(1, 6)}"
        if kind < 0.2 or not tasks:
            self.post("/api/cases", {**COMPLAINT, "subject": "Pump leaks"}, Idempotency_Key=key)
        elif kind < 0.3 and self.numbers:
            self.post(f"/api/cases/{self.dice.choice(self.numbers)}/comments", {"body": "It leaks."})
        else:
            path = f"/api/tasks/{self.dice.choice(tasks)}"
            move = self.dice.choice(("claim", "claim", "release", "start", "complete", "complete", "complete"))
            good = {"data": TRIAGE, "outcome": self.dice.choice(("complaint", "not_complaint", "not_ours"))}
            body = self.dice.choice((good, good, good, *BAD)) if move == "complete" else {}
            self.post(f"{path}/{move}", body)

    def post(self, path: str, body: dict[str, Any], **more: str) -> None:
        """Send it and remember what was answered."""
        headers = {"Authorization": f"Bearer mg_{self.dice.choice(LOGINS)}"}
        headers |= {name.replace("_", "-"): value for name, value in more.items()}
        answer = self.browser.post(path, json=body, headers=headers)
        self.told.append((answer.status_code, answer.get_data(as_text=True)))
        if answer.status_code == 201 and path == "/api/cases":
            self.numbers.append(json.loads(answer.data)["number"])


@pytest.fixture
def peopled(furnished: Path, tmp_path: Path) -> Path:
    """A folder in which everybody has a program."""
    folder = tmp_path / "peopled"
    shutil.copytree(furnished, folder)
    with closing(build(Settings(data_dir=folder))) as engine, engine.begin(SYSTEM) as tx:
        for login in sorted(set(LOGINS)):
            create_token(tx, login, NewToken(name="tests", plain=f"mg_{login}"))
    return folder


def lived(peopled: Path, seed: int, *, is_together: bool) -> tuple[Histories, list[str]]:
    """A history at a desk with a clock and ids of the test, and every row that it leaves."""
    folder, clock = peopled.parent / "desk", HandClock()
    shutil.copytree(peopled, folder)
    engine = build(Settings(data_dir=folder), clock=clock, ports=Ports(channels={"email": Post(clock)}))
    engine.store._ids = IdSource(Random(seed).getrandbits)
    app = create_app(engine, testing=True, rooms=("auth", "api"))
    histories = Histories(engine, app.test_client(), clock, seed, is_together)
    with closing(engine):
        histories.lived()
        assert engine.verify_audit() == []
    with closing(sqlite3.connect(folder / "makegood.db")) as database:
        left = list(database.iterdump())
    shutil.rmtree(folder)
    return histories, left


@pytest.mark.parametrize("seed", range(4))
def test_together_or_one_by_one_it_comes_to_the_same(peopled: Path, seed: int) -> None:
    alone, left_alone = lived(peopled, seed, is_together=False)
    together, left_together = lived(peopled, seed, is_together=True)
    assert together.told == alone.told
    assert left_together == left_alone
    statuses = {status for status, _ in alone.told}
    assert {200, 201} <= statuses, statuses
    assert statuses & {403, 409, 422}, "some were refused"
    assert max(alone.sizes) >= 4
