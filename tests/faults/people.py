"""People who work at the desk while it breaks: they ask again with the same key, click twice, and remember every answer."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

Way = tuple[dict[str, object], str | None]
REASONS: dict[str, object] = {"reasons": "It should last."}
DATA: dict[str, tuple[Way, ...]] = {
    "triage": (({"product_group": "appliance", "category": "defect"}, "complaint"),),
    "work": (({"findings": "The pump is worn."}, None),),
    "decide": (({**REASONS, "decided_remedy": "repair"}, "accept"), (REASONS, "reject")),
    "second_person": (({}, "approve"), ({"check_note": "Ask the customer."}, "send_back")),
    "write_answer": (({"answer_text": "Sorry.", "medium": "email"}, None),),
    "carry_out_remedy": (({"remedy_on": "2026-11-20"}, None),),
    "name_cause": (({"root_cause": "material"}, None),),
    "look": (({}, None),),
}
PATIENCE = 20.0
KNOWN = 200
"""How many cases people have in mind."""


@dataclass(slots=True)
class Seen:
    """What the desk has told people: each of these must be true in the end."""

    cases: dict[str, str] = field(default_factory=dict[str, str])
    comments: set[str] = field(default_factory=set[str])
    completed: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    asked_messages: list[str] = field(default_factory=list[str])
    messages: list[str] = field(default_factory=list[str])
    surprises: list[str] = field(default_factory=list[str])
    answers: int = 0
    broken: int = 0
    decided: int = 0
    contests: int = 0
    trespasses: int = 0
    has_one_writer: bool = False


@dataclass(slots=True)
class Floor:
    """What people tell each other: numbers of cases, and who is there."""

    numbers: list[str] = field(default_factory=list[str])
    complaints: list[str] = field(default_factory=list[str])
    people: list[Person] = field(default_factory=list["Person"])


@dataclass(slots=True)
class Person:
    """One of them, who does what the seed says."""

    login: str
    token: str
    port: int
    dice: random.Random
    seen: Seen
    floor: Floor
    pause: float = 0.02

    def ask(self, method: str, path: str, body: object = None, key: str = "") -> tuple[int, dict[str, Any]]:
        """One request; status 0 where no whole answer came."""
        headers = {"Authorization": f"Bearer {self.token}", "Content-Type": "application/json"}
        if key:
            headers["Idempotency-Key"] = key
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        try:
            connection.request(method, path, json.dumps(body or {}) if method == "POST" else None, headers)
            answer = connection.getresponse()
            status, said = answer.status, json.loads(answer.read() or b"{}")
        except (OSError, http.client.HTTPException, ValueError):
            self.seen.broken += 1
            return 0, {}
        finally:
            connection.close()
        self.seen.answers += 1
        if status == 500:
            self.seen.surprises.append(f"{method} {path} was answered with 500: {said}")
        if said.get("code") == "storage_busy" and self.seen.has_one_writer:
            self.seen.surprises.append(f"2: {method} {path} did not wait for another program: {said}")
        return status, said

    def insist(self, path: str, body: object, stop: threading.Event | None = None) -> tuple[int, dict[str, Any]]:
        """Ask with one key until there is an answer; an impatient one asks twice at once, and is answered the same."""
        key = str(UUID(int=self.dice.getrandbits(128)))
        times = 2 if self.dice.random() < 0.15 else 1
        while True:
            found = at_once([lambda: self.ask("POST", path, body, key)] * times)
            told = [one for one in found if one[0] and one[0] < 500]
            if len({json.dumps(one, sort_keys=True) for one in told if one[0] < 300}) > 1:
                self.seen.surprises.append(f"1: one key of {path} was answered {told}")
            if told or (stop is not None and stop.is_set()):
                return told[0] if told else found[0]
            time.sleep(0.2)

    def register(self, stop: threading.Event) -> None:
        """A complaint, or a case with a short timer; with a name of its own, so that it is found again."""
        name = f"{self.login}-{self.dice.getrandbits(60):x}"
        body: dict[str, object] = {"subject": name, "country": "PL", "kind": "quick"}
        is_complaint = self.dice.random() < 0.6
        if is_complaint:
            customer = {"name": "Ola Nowak", "email": f"{name}@example.org"}
            body |= {"kind": "complaint", "description": "The pump is broken.", "customer": customer, "language": "en"}
        status, said = self.insist("/api/cases", body, stop)
        if status == 201:
            number = str(said["number"])
            self.seen.cases[name] = number
            remember(self.floor.numbers, number)
            if is_complaint:
                remember(self.floor.complaints, number)

    def chosen_task(self) -> dict[str, Any] | None:
        """One of the tasks that this person's list shows."""
        status, said = self.ask("GET", "/api/tasks?limit=20")
        items = said.get("items")
        if status != 200 or not isinstance(items, list) or not items:
            return None
        task: dict[str, Any] = self.dice.choice(items)
        return task

    def answer_to(self, task: dict[str, Any]) -> dict[str, object]:
        """What this person would send to complete it."""
        data, outcome = self.dice.choice(DATA.get(task["element"], (({}, None),)))
        return {"data": data, "outcome": outcome} if outcome else {"data": data}

    def complete(self, stop: threading.Event) -> None:
        """Take a task and complete it, clicking twice at once now and then, from an old page at times."""
        task = self.chosen_task()
        if task is None or stop.is_set():
            return
        path, body = f"/api/tasks/{task['id']}", self.answer_to(task)
        if self.dice.random() < 0.5:
            self.ask("POST", f"{path}/claim")
        if self.dice.random() < 0.2:
            body["version"] = task["version"]
        times = 2 if self.dice.random() < 0.3 else 1
        for status, _ in at_once([lambda: self.ask("POST", f"{path}/complete", body)] * times):
            self.note_completed(task, status)

    def contest(self, stop: threading.Event) -> None:
        """Two people decide the same task at the same moment, each in their own way."""
        task, other = self.chosen_task(), self.dice.choice(self.floor.people)
        if task is None or other is self or stop.is_set():
            return
        rivals = [(person, person.answer_to(task)) for person in (self, other)]
        path = f"/api/tasks/{task['id']}/complete"
        found = at_once([lambda one=one: one[0].ask("POST", path, one[1]) for one in rivals])  # type: ignore[misc]  # each its own
        for (person, _), (status, _) in zip(rivals, found, strict=True):
            person.note_completed(task, status)
        self.seen.contests += 1

    def note_completed(self, task: dict[str, Any], status: int) -> None:
        """Remember who was told that it is done."""
        if status == 200:
            self.seen.completed.setdefault(str(task["id"]), []).append(self.login)
            self.seen.decided += task["element"] == "decide"

    def trespass(self, stop: threading.Event) -> None:
        """Try to complete what this person may see in a case, and must not do."""
        if not self.floor.numbers or stop.is_set():
            return
        _, said = self.ask("GET", f"/api/tasks?case={self.dice.choice(self.floor.numbers)}")
        items = said.get("items")
        for task in items if isinstance(items, list) else ():
            if task["queue"] in ("front_office", "technical") and task["state"] == "ready":
                status, told = self.ask("POST", f"/api/tasks/{task['id']}/complete", self.answer_to(task))
                self.seen.trespasses += 1
                if status == 200:
                    self.seen.surprises.append(f"8: {self.login} completed {task['element']}: {told}")

    def comment(self, stop: threading.Event) -> None:
        """A remark that must be there once."""
        if self.floor.numbers:
            text = f"{self.login}-{self.dice.getrandbits(60):x}"
            number = self.dice.choice(self.floor.numbers)
            status, _ = self.insist(f"/api/cases/{number}/comments", {"body": text}, stop)
            if status == 201:
                self.seen.comments.add(text)

    def message(self, stop: threading.Event) -> None:
        """A message, too early, too late or twice: whatever order the customer's letters take."""
        if self.floor.numbers:
            number = self.dice.choice(self.floor.numbers)
            body = {"name": "customer_says", "correlation": {"case": number}, "payload": {}}
            self.seen.asked_messages.append(number)
            status, _ = self.insist("/api/messages", body, stop)
            if status == 202:
                self.seen.messages.append(number)

    def withdraw(self, stop: threading.Event) -> None:
        """The customer takes the complaint back, or comes again after all."""
        if self.floor.complaints:
            number = self.dice.choice(self.floor.complaints)
            what = "reopen" if self.dice.random() < 0.3 else "withdraw"
            self.insist(f"/api/cases/{number}/{what}", {"reason": "It works again"}, stop)

    def work(self, stop: threading.Event) -> None:
        """Go on until it is over."""
        ways: tuple[Callable[[threading.Event], None], ...] = (
            *[self.register] * 3,
            *[self.complete] * 9,
            *[self.contest] * 2,
            *[self.comment] * 3,
            *[self.message] * 3,
            self.withdraw,
        )
        while not stop.is_set():
            self.dice.choice(ways)(stop)
            stop.wait(self.pause)

    def prowl(self, stop: threading.Event) -> None:
        """Try what is not allowed, until it is over."""
        while not stop.is_set():
            self.trespass(stop)
            stop.wait(2 * self.pause)


def at_once(asks: Sequence[Callable[[], tuple[int, dict[str, Any]]]]) -> list[tuple[int, dict[str, Any]]]:
    """All of them at the same moment."""
    if len(asks) == 1:
        return [asks[0]()]
    with ThreadPoolExecutor(len(asks)) as pool:
        return [future.result() for future in [pool.submit(ask) for ask in asks]]


def remember(many: list[Any], one: Any) -> None:
    """Keep the newest in mind."""
    many.append(one)
    if len(many) > KNOWN:
        del many[0]
