"""Veltra's people take their tasks, ask, decide and write, each through the same actions as on the pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

from engine.actions.choose_owner import eligible_people
from engine.actions.claim_task import claim_task
from engine.actions.comment_case import comment_case
from engine.actions.complete_task import complete_task
from engine.actions.message_case import record_reply, withdraw_case
from engine.actions.press_action import press_action
from engine.actions.register_case import Registration, register_case
from engine.actions.request_special_mode import request_special_mode
from engine.actions.save_draft import save_draft
from engine.actions.start_task import start_task
from engine.commands.demo.answers import answer_of
from engine.commands.demo.clockwork import Calendar, Clockwork, at_work
from engine.commands.demo.journey import Journey
from engine.commands.demo.people import ZONE, shown_people
from engine.model.errors import Conflict, NotFound
from engine.model.people import SYSTEM, Actor, Role
from engine.model.task import OPEN_STATES, Task
from engine.store import people, rows
from engine.store.transaction import Tx
from engine.wiring import Engine

COMMENTS = (
    "Customer rang and asked how it stands. Told her that the report is due on Thursday.",
    "The haulier’s note says “carton damaged”, so this should not take long.",
    "Second complaint about this batch this month; David knows.",
    "Left a message on the answering machine, will try again tomorrow.",
)
REPLY = "Photographs enclosed. I noticed it on the second day, right after the first programme had ended."
TAKEN_BACK = "The customer rang: the plug was loose, the machine runs. She apologises."


class Desk:
    """The people at work, on one calendar."""

    def __init__(self, engine: Engine, clock: Clockwork, calendar: Calendar, random: Random) -> None:
        self._engine = engine
        self._clock = clock
        self._calendar = calendar
        self._random = random
        self._shown = {person.login for person in shown_people()}  # they have more to do, so that visitors have

    def register(self, registration: Registration, journey: Journey) -> None:
        """Take a complaint in: web and mail come by themselves, the rest is typed by a clerk."""
        by_hand = registration.channel in ("phone", "post", "partner")
        clerk = self._named(self._random.choice(("anna", "karin", "paula", "rosa"))) if by_hand else SYSTEM
        with self._engine.begin(clerk) as tx:
            case = register_case(tx, replace(registration, opened_at=tx.now))
        journey.case_id, journey.number = case.id, case.number
        self._engine.settle()
        self.look(journey)

    def look(self, journey: Journey) -> None:
        """Put every newly opened task of the case on the calendar."""
        with self._engine.read(SYSTEM) as tx:
            open_tasks = rows.find(tx, Task, case_id=journey.case_id, state=tuple(sorted(OPEN_STATES)), order_by="id")
        for task in open_tasks:
            if task.id in journey.seen:
                continue
            journey.seen.add(task.id)
            if task.element_id in journey.stops and journey.left == "unclaimed":
                continue
            self._put(self._later(journey.hours), journey, lambda task=task: self._take(task, journey))  # type: ignore[misc]  # the task of this turn

    def _put(self, moment: datetime, journey: Journey, happening: Callable[[], None]) -> None:
        """Let somebody do something later, unless the case has gone another way by then."""

        def done() -> None:
            try:
                happening()
            except (Conflict, NotFound):  # the law, the customer or a colleague was faster
                return
            self._engine.settle()
            self.look(journey)

        self._calendar.put(moment, done)

    def _take(self, task: Task, journey: Journey) -> None:
        """Claim the task and, unless it is left for the visitor, finish it later the same day."""
        actor = self._performer(task.id, journey.by)
        if actor is None:
            return
        with self._engine.begin(actor) as tx:
            claim_task(tx, task.id)
        if task.element_id == "work" and self._asks(task, journey, actor):
            return
        if task.element_id in journey.stops:
            self._leave(task, journey, actor)
            return
        minutes = timedelta(minutes=self._random.randrange(15, 140))
        self._put(at_work(self._clock.now + minutes, self._random, ZONE), journey, lambda: self._finish(task, journey))

    def _finish(self, task: Task, journey: Journey) -> None:
        actor = self._performer(task.id, journey.by)
        if actor is None:
            return
        answer = answer_of(task.element_id, journey, self._random, self._clock.now.date())
        with self._engine.begin(actor) as tx:
            complete_task(tx, task.id, answer)
            if self._random.random() < 0.08:
                comment_case(tx, task.case_id, body=self._random.choice(COMMENTS))

    def _asks(self, task: Task, journey: Journey, actor: Actor) -> bool:
        """Ask the customer, an expert or for special mode, or hear that the customer withdraws; tells whether the work waits."""
        if journey.has_asked or not (journey.ask or journey.special or journey.withdrawn):
            return False
        journey.has_asked = True
        with self._engine.begin(actor) as tx:
            if journey.withdrawn:
                withdraw_case(tx, task.case_id, reason=TAKEN_BACK)
                return True
            if journey.special:
                reason = "A customer of many years; the second visit failed by our fault, and the guarantee ended nine days ago."
                request_special_mode(tx, task.case_id, reason=reason, amount=journey.special_amount)
            if journey.ask:
                press_action(tx, task.id, element=f"ask_{journey.ask}", payload={})
        if journey.ask == "customer" and journey.replies:
            self._put(self._later(60), journey, lambda: self._reply(task))
        if task.element_id not in journey.stops:
            self._put(self._later(90), journey, lambda: self._finish(task, journey))
        return True

    def _reply(self, task: Task) -> None:
        with self._engine.begin(self._named("anna")) as tx:
            record_reply(tx, task.case_id, text=REPLY)

    def _leave(self, task: Task, journey: Journey, actor: Actor) -> None:
        """Leave a claimed task as somebody leaves it who goes to lunch."""
        with self._engine.begin(actor) as tx:
            if journey.left != "claimed":
                start_task(tx, task.id)
            if journey.left == "draft":
                answer = answer_of(task.element_id, journey, self._random, self._clock.now.date())
                save_draft(tx, task.id, values=answer.data)

    def _later(self, hours: float) -> datetime:
        wait = timedelta(hours=min(self._random.expovariate(1 / hours), hours * 3))
        return at_work(self._clock.now + wait, self._random, ZONE)

    def _named(self, login: str) -> Actor:
        with self._engine.read(SYSTEM) as tx:
            return actor_named(tx, login)

    def _performer(self, task_id: str, wanted: str) -> Actor | None:
        """Its owner or who stands in, else somebody of the queue; leads and managers only where nobody else may."""
        with self._engine.read(SYSTEM) as tx:
            task = rows.get(tx, Task, task_id)
            if task.state not in OPEN_STATES:
                return None
            if task.owner_id is not None:
                present = people.substitute_of(tx, task.owner_id)
                return people.actor_of(tx, present) if present else None
            eligible = eligible_people(tx, task)
        named = [actor for actor in eligible if actor.login == wanted]
        if named:
            return named[0]
        for roles in ((Role.CLERK, Role.SPECIALIST), (Role.LEAD,), (Role.MANAGER,)):
            fitting = [actor for actor in eligible if actor.has(*roles)]
            if fitting:
                weights = [3 if actor.login in self._shown else 1 for actor in fitting]
                return self._random.choices(fitting, weights)[0]
        return None


def actor_named(tx: Tx, login: str) -> Actor:
    """The person with this login, with what they may do today."""
    person = people.by_login(tx, login)
    if person is None:
        raise NotFound("login_unknown", "Nobody signs in as “{login}”. Look at makegood user list.", login=login)
    return people.actor_of(tx, person.id)
