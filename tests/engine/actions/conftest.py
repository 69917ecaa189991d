"""A small desk: one short complaint process, four people, two queues, and a channel that remembers what it was given."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from engine.actions.claim_task import claim_task
from engine.actions.complete_task import Answer, complete_task
from engine.actions.job_kinds import HANDLERS
from engine.actions.press_action import press_action
from engine.actions.register_case import Registration, register_case
from engine.jobs import drain, tick
from engine.model.case import Case
from engine.model.contract import shipped_segments
from engine.model.people import SYSTEM, Actor, ApprovalLevel, Person, PersonLevel, PersonRole, Queue, QueueMember, Role
from engine.model.ports import Envelope, Evidence, Ports
from engine.model.task import OPEN_STATES, Task
from engine.store import deployments, people, rows
from engine.store.transaction import Store
from tests.engine.conftest import HandClock

DIAGRAM = (Path(__file__).parent / "complaint.bpmn").read_bytes()
SPECIAL = (Path(__file__).parent / "special_mode.bpmn").read_bytes()
FORM = b"""{"title": {"en": "Decide"}, "schema": {"type": "object", "required": ["reasons"], "properties": {
  "reasons": {"type": "string"}, "amount": {"type": "string", "format": "decimal"}}},
  "ui": {"fields": {"reasons": {"label": {"en": "Reasons"}, "store": "message"}, "amount": {"label": {"en": "Amount"}}}}}"""
LETTERS = {
    f"letters/{name}.en.txt": f"Subject: {name} {{{{ case.number }}}}\n\nDear {{{{ customer.name }}}},\n{name}".encode()
    for name in ("acknowledgement", "answer_accepted", "answer_rejected", "withdrawn")
}
FILES = {"complaint.bpmn": DIAGRAM, "forms/decision.json": FORM, **LETTERS}


@dataclass
class Post:
    """A channel that hands everything over at once and remembers it by Message-ID."""

    clock: HandClock
    key: str = "email"
    sent: dict[str, Envelope] = field(default_factory=dict)

    def send(self, envelope: Envelope, *, message_id: str) -> Evidence:
        """Remember the letter."""
        self.sent[message_id] = envelope
        return Evidence(accepted_at=self.clock(), reference=message_id, medium=self.key)


@dataclass
class Desk:
    """The desk as a test drives it."""

    store: Store
    clock: HandClock
    post: Post

    def person(self, login: str) -> Actor:
        """The person as they may act now."""
        with self.store.read(SYSTEM) as tx:
            found = people.by_login(tx, login)
            assert found is not None
            return people.actor_of(tx, found.id)

    def register(self, **given: object) -> Case:
        """Register a complaint of a Polish consumer and let the desk settle."""
        registration = Registration(**{"subject": "A kettle that leaks", "country": "PL", **given})  # type: ignore[arg-type]  # tests name its fields
        with self.store.begin(self.person("anna")) as tx:
            case = register_case(tx, registration)
        self.settle()
        return case

    def settle(self) -> None:
        """Fire what is due and run all jobs."""
        while tick(self.store) + drain(self.store, HANDLERS):
            pass

    def wait(self, **period: float) -> None:
        """Let time pass and the desk settle."""
        self.clock.pass_time(timedelta(**period))
        self.settle()

    def until(self, moment: datetime) -> None:
        """Let time pass up to a moment."""
        self.clock.now = moment
        self.settle()

    def open_tasks(self, case: Case) -> list[Task]:
        """The open tasks of a case in the order of their opening."""
        with self.store.read(SYSTEM) as tx:
            return rows.find(tx, Task, case_id=case.id, state=tuple(sorted(OPEN_STATES)), order_by="id")

    def task(self, case: Case, element: str) -> Task:
        """The open task of an element."""
        return next(task for task in self.open_tasks(case) if task.element_id == element)

    def again(self, case: Case) -> Case:
        """The case as it is now."""
        with self.store.read(SYSTEM) as tx:
            return rows.get(tx, Case, case.id)

    def all(self, kind: type, /, **equals: Any) -> list:  # type: ignore[type-arg]  # tests know the type
        """The rows of a kind."""
        with self.store.read(SYSTEM) as tx:
            return rows.find(tx, kind, **equals)

    def claim(self, login: str, task: Task) -> Task:
        """Claim a task."""
        with self.store.begin(self.person(login)) as tx:
            return claim_task(tx, task.id)

    def press(self, login: str, task: Task, element: str) -> None:
        """Press an action button of a task."""
        with self.store.begin(self.person(login)) as tx:
            press_action(tx, task.id, element=element, payload={})

    def do(self, login: str, case: Case, element: str, outcome: str | None = None, **data: object) -> None:
        """Complete the open task of an element and let the desk settle."""
        self.complete(login, self.task(case, element), outcome=outcome, data=data)

    def complete(self, login: str, task: Task, *, outcome: str | None = None, data: Mapping[str, object]) -> None:
        """Complete a task as somebody, at the version that it has now."""
        with self.store.begin(self.person(login)) as tx:
            version = rows.get(tx, Task, task.id).version
            complete_task(tx, task.id, Answer(version=version, data=data, outcome=outcome))
        self.settle()


@pytest.fixture
def desk(store: Store, hand_clock: HandClock) -> Desk:
    """A desk with anna (clerk), ben (specialist), clara (lead), eva and filip (managers, filip decides any amount)."""
    post = Post(hand_clock)
    store.ports = Ports(channels={"email": post, "post": post})
    with store.begin(SYSTEM) as tx:
        rows.insert_many(tx, list(shipped_segments()))
        levels = [ApprovalLevel(key="regional", max_amount=None, rank=1), ApprovalLevel(key="director", rank=2)]
        rows.insert_many(tx, levels)
        deployments.keep(tx, "complaint", FILES, process_ids=["complaint"])
        deployments.keep(tx, "special_mode", {"special_mode.bpmn": SPECIAL}, process_ids=["special_mode"])
        given = {
            "anna": Role.CLERK,
            "ben": Role.SPECIALIST,
            "clara": Role.LEAD,
            "eva": Role.MANAGER,
            "filip": Role.MANAGER,
        }
        ids: dict[str, str] = {}
        for login, role in given.items():
            ids[login] = tx.new_id()
            rows.insert(tx, Person(id=ids[login], login=login, name=login.capitalize(), created_at=tx.now))
            rows.insert(tx, PersonRole(person_id=ids[login], role=role))
        rows.insert(tx, Queue(key="front_office", name="Front office", lead_id=ids["clara"]))
        rows.insert_many(tx, [QueueMember(queue_key="front_office", person_id=ids[one]) for one in ("anna", "ben")])
        held = {"eva": "regional", "filip": "director"}
        rows.insert_many(tx, [PersonLevel(person_id=ids[one], level_key=level) for one, level in held.items()])
    return Desk(store, hand_clock, post)
