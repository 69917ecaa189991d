"""What may happen in a house, as steps that a random choice fills in; a refusal is an answer, anything else a fault."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable, Sequence
from datetime import timedelta
from decimal import Decimal
from pathlib import Path
from typing import NoReturn, TypeVar

from engine.actions.claim_task import claim_task
from engine.actions.complete_task import Answer, complete_task
from engine.actions.form_of_task import form_of_task
from engine.actions.message_case import record_reply, reopen_case, withdraw_case
from engine.actions.press_action import actions_of_task, press_action
from engine.actions.reassign_task import delegate_task, reassign_task
from engine.actions.register_case import Registration, register_case
from engine.actions.release_task import release_task
from engine.actions.request_special_mode import request_special_mode
from engine.actions.set_absence import Away, cancel_absence, set_absence
from engine.actions.settle_incident import retry_incident, skip_incident
from engine.actions.take_next_task import take_next_task
from engine.model.case import Case
from engine.model.errors import MakegoodError, NotFound
from engine.model.form import Field, FieldKind, Form
from engine.model.people import SYSTEM, Absence, Person
from engine.model.running import Incident
from engine.model.task import OPEN_STATES, Task
from engine.store import people, rows
from engine.store.sqlite import SqliteDatabase
from engine.store.transaction import Tx
from tests.promises.conftest import OLA, TEXT, House

Item = TypeVar("Item")
WAITS = (
    timedelta(minutes=1),
    timedelta(hours=7),
    timedelta(days=1, hours=1),
    timedelta(days=6),
    timedelta(days=15),
    timedelta(days=70),
)
COUNTRIES = (
    ("PL", "general"),
    ("DE", "general"),
    ("GB", "financial"),
    ("PL", "energy"),
    ("US", "financial"),
    ("ES", "general"),
)
NOT_FILLED = frozenset({FieldKind.FILE, FieldKind.LINES})
TEXTS = ("The pump is worn.", "Refund it", "message:x", "=1+1", "{{ 7 * 7 }}", "<b>bold</b>", "é" * 300)


class Life:
    """A history: each step takes a few numbers and turns them into who does what."""

    def __init__(self, house: House) -> None:
        self.house = house
        self.refused = 0
        self.done = 0
        self.steps: tuple[Callable[[Sequence[int]], None], ...] = (
            self.complete,
            self.complete,
            self.complete,
            self.complete,
            self.complete,
            self.register,
            self.wait,
            self.wait,
            self.move,
            self.press,
            self.special_mode,
            self.message,
            self.absence,
            self.mail,
            self.incident,
        )

    def step(self, numbers: Sequence[int]) -> None:
        """Do one step; what is refused changes nothing."""
        try:
            self.steps[numbers[0] % len(self.steps)](numbers[1:])
            self.done += 1
        except MakegoodError:
            self.refused += 1
        if numbers[1] % 3:
            self.house.settle()

    def as_anybody(self, number: int, act: Callable[[Tx], object]) -> None:
        """Let somebody of the house do it."""
        with self.house.store.read(SYSTEM) as tx:
            actor = people.actor_of(tx, pick(rows.find(tx, Person, order_by="login"), number).id)
        with self.house.store.begin(actor) as tx:
            act(tx)

    def as_able(self, task: Task, number: int, act: Callable[[Tx], object]) -> None:
        """Let mostly its owner do it, or else somebody of its queue, or now and then anybody."""
        with self.house.store.read(SYSTEM) as tx:
            present = [actor for actor in people.present_actors(tx) if not task.queue or task.queue in actor.queues]
            owner = people.actor_of(tx, task.owner_id) if task.owner_id and number % 7 else None
        if number % 11 == 0 or not present:
            self.as_anybody(number, act)
            return
        with self.house.store.begin(owner or pick(present, number)) as tx:
            act(tx)

    def task(self, number: int) -> Task:
        """One of the open tasks; raises NotFound where there is none."""
        with self.house.store.read(SYSTEM) as tx:
            found = rows.find(tx, Task, state=tuple(sorted(OPEN_STATES)), order_by="id")
        return pick(found, number) if found else self.nothing()

    def nothing(self) -> NoReturn:
        """There is nothing to do: that is an answer too."""
        raise NotFound("nothing_to_do", "There is nothing to do.")

    def register(self, numbers: Sequence[int]) -> None:
        """A complaint comes in."""
        country, sector = pick(COUNTRIES, numbers[0])
        given = Registration(
            subject=pick(TEXTS, numbers[1]),
            description=TEXT if numbers[1] % 2 else "My bill is wrong",
            country=country,
            sector=sector,
            party=pick(("consumer", "micro", "business"), numbers[2]),
            medium=pick(("email", "post"), numbers[2]),
            language=pick(("en", "pl", ""), numbers[1]),
            customer=OLA,
            disputed_amount=pick((None, Decimal(40), Decimal(90_000)), numbers[0]),
            received_on=self.house.now.date() - timedelta(days=pick((0, 1, 13, 40), numbers[2])),
        )
        self.as_anybody(numbers[0], lambda tx: register_case(tx, given))

    def complete(self, numbers: Sequence[int]) -> None:
        """Somebody completes a task with whatever its form takes."""
        task = self.task(numbers[0])

        def act(tx: Tx) -> None:
            outcome = pick(task.outcomes, numbers[2]) if task.outcomes else None
            form = form_of_task(tx, task)
            answer = Answer(data=filled(form, numbers[2], self.house) if form else {}, outcome=outcome)
            complete_task(tx, task.id, answer)

        self.as_able(task, numbers[1], act)

    def move(self, numbers: Sequence[int]) -> None:
        """Claim, take the next, release, delegate or reassign."""
        task, to = self.task(numbers[0]), pick(("anna", "ben", "clara", "eva", "filip", "iga", "henry"), numbers[2])
        moves: tuple[Callable[[Tx], object], ...] = (
            lambda tx: claim_task(tx, task.id),
            take_next_task,
            lambda tx: release_task(tx, task.id),
            lambda tx: delegate_task(tx, task.id, to=to),
            lambda tx: reassign_task(tx, task.id, to=to, reason="It is urgent"),
        )
        self.as_anybody(numbers[1], pick(moves, numbers[2] // 7))

    def press(self, numbers: Sequence[int]) -> None:
        """Press a button beside a task."""
        task = self.task(numbers[0])

        def act(tx: Tx) -> None:
            offered = actions_of_task(tx, task)
            if offered:
                press_action(tx, task.id, element=pick(offered, numbers[2]).element_id, payload={})

        self.as_able(task, numbers[1], act)

    def special_mode(self, numbers: Sequence[int]) -> None:
        """Ask for special mode."""
        amount = pick((Decimal(100), Decimal(3000), Decimal(30_000), None), numbers[1])
        case = self.case(numbers[0])
        self.as_anybody(numbers[2], lambda tx: request_special_mode(tx, case.id, reason="A court case", amount=amount))

    def message(self, numbers: Sequence[int]) -> None:
        """The customer replies, withdraws or comes back."""
        case, text = self.case(numbers[0]), pick(TEXTS, numbers[1])
        ways: tuple[Callable[[Tx], object], ...] = (
            lambda tx: record_reply(tx, case.id, text=text),
            lambda tx: withdraw_case(tx, case.id, reason=text),
            lambda tx: reopen_case(tx, case.id, reason=text),
        )
        self.as_anybody(numbers[1], pick(ways, numbers[2]))

    def absence(self, numbers: Sequence[int]) -> None:
        """Somebody goes away, or comes back early."""
        with self.house.store.read(SYSTEM) as tx:
            away = rows.find(tx, Absence, cancelled_at=None)
        if away and numbers[2] % 3 == 0:
            self.as_anybody(numbers[1], lambda tx: cancel_absence(tx, pick(away, numbers[0]).id))
            return
        logins, today = ("anna", "ben", "clara", "david", "eva", "filip", "stefan"), self.house.now.date()
        given = Away(
            first_day=today,
            last_day=today + timedelta(days=numbers[2] % 9),
            substitute=pick(logins, numbers[2]) if numbers[2] % 2 else "",
        )
        self.as_anybody(numbers[1], lambda tx: set_absence(tx, pick(logins, numbers[0]), given))

    def mail(self, numbers: Sequence[int]) -> None:
        """The mail server goes down or comes back."""
        self.house.post.is_down = numbers[0] % 3 == 0

    def incident(self, numbers: Sequence[int]) -> None:
        """Operations retry or skip."""
        with self.house.store.read(SYSTEM) as tx:
            found = rows.find(tx, Incident, state="open", order_by="id")
        if not found:
            return
        one = pick(found, numbers[0])
        with self.house.store.begin(self.house.person("henry")) as tx:
            if numbers[1] % 2:
                retry_incident(tx, one.id, reason="It works again")
            else:
                skip_incident(tx, one.id, reason="It was told by telephone")

    def wait(self, numbers: Sequence[int]) -> None:
        """Time passes."""
        self.house.now += pick(WAITS, numbers[0])

    def case(self, number: int) -> Case:
        """One of the cases."""
        with self.house.store.read(SYSTEM) as tx:
            found = rows.find(tx, Case, order_by="id")
        return pick(found, number) if found else self.nothing()


def broken_after(kind: type[Life], furnished: Path, steps: Sequence[Sequence[int]]) -> list[str]:
    """Live a history in a house of its own, and name the promises that do not hold at its end."""
    with tempfile.TemporaryDirectory() as folder:
        house = House(SqliteDatabase(str(shutil.copy(furnished, Path(folder) / "makegood.db"))))
        life = kind(house)
        for step in steps:
            life.step(step)
        house.settle()
        broken = house.broken()
        house.store.close()
    return broken


def pick(items: Sequence[Item], number: int) -> Item:
    """One of them."""
    return items[number % len(items)]


def filled(form: Form, number: int, house: House) -> dict[str, object]:
    """Something for each field that is not only shown; what does not fit is refused."""
    return {
        field.name: value(field, number, house)
        for field in form.fields
        if not field.readonly and field.kind not in NOT_FILLED and (field.required or number % 5)
    }


def value(field: Field, number: int, house: House) -> object:
    """A value of the field's kind."""
    if field.name == "duplicate_of":
        return "C-2026-000001"
    if field.options:
        chosen = pick(field.options, number).value
        return [chosen] if field.kind is FieldKind.CHOICES else chosen
    match field.kind:
        case FieldKind.YES_NO:
            return number % 2 == 0
        case FieldKind.DATE:
            return (house.now.date() - timedelta(days=number % 30)).isoformat()
        case FieldKind.NUMBER:
            return number % 100
        case FieldKind.MONEY:
            return pick(("0", "10", "4000", "70000"), number)
        case FieldKind.EMAIL:
            return "lab@example.org"
        case _:
            return pick(TEXTS, number)
