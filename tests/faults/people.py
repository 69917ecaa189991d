"""People who work at the desk while it breaks: they ask again with the same key, click twice, and remember every answer."""

from __future__ import annotations

import http.client
import json
import random
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from uuid import UUID

DATA: dict[str, tuple[dict[str, object], str | None]] = {
    "triage": ({"product_group": "appliance", "category": "defect"}, "complaint"),
    "work": ({"findings": "The pump is worn."}, None),
    "decide": ({"reasons": "It should last.", "decided_remedy": "repair"}, "accept"),
    "write_answer": ({"answer_text": "Sorry.", "medium": "email"}, None),
    "look": ({}, None),
}
PATIENCE = 20.0


@dataclass(slots=True)
class Seen:
    """What the desk has told people: each of these must be true in the end."""

    cases: dict[str, str] = field(default_factory=dict[str, str])
    comments: set[str] = field(default_factory=set[str])
    completed: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    messages: set[str] = field(default_factory=set[str])
    surprises: list[str] = field(default_factory=list[str])
    answers: int = 0
    broken: int = 0


@dataclass(slots=True)
class Person:
    """One of them, who does what the seed says."""

    login: str
    token: str
    port: int
    dice: random.Random
    seen: Seen
    numbers: list[str]

    def ask(self, method: str, path: str, body: object = None, key: str = "") -> tuple[int, dict[str, object]]:
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
        return status, said

    def insist(self, path: str, body: object, stop: threading.Event) -> tuple[int, dict[str, object]]:
        """Ask with one key until there is an answer."""
        key = str(UUID(int=self.dice.getrandbits(128)))
        while True:
            status, said = self.ask("POST", path, body, key)
            if (status and status < 500) or stop.is_set():
                return status, said
            time.sleep(0.2)

    def register(self, stop: threading.Event) -> None:
        """A complaint, or a case with a short timer; with a name of its own, so that it is found again."""
        name = f"{self.login}-{self.dice.getrandbits(60):x}"
        body: dict[str, object] = {"subject": name, "country": "PL", "kind": "quick"}
        if self.dice.random() < 0.6:
            customer = {"name": "Ola Nowak", "email": f"{name}@example.org"}
            body |= {"kind": "complaint", "description": "The pump is broken.", "customer": customer, "language": "en"}
        status, said = self.insist("/api/cases", body, stop)
        if status == 201:
            self.seen.cases[name] = str(said["number"])
            self.numbers.append(str(said["number"]))

    def complete(self, stop: threading.Event) -> None:
        """Take a task and complete it, clicking twice at once now and then, from an old page at times."""
        status, said = self.ask("GET", "/api/tasks?limit=20")
        items = said.get("items")
        if status != 200 or not isinstance(items, list) or not items or stop.is_set():
            return
        task = self.dice.choice(items)
        data, outcome = DATA.get(task["element"], ({}, None))
        path = f"/api/tasks/{task['id']}"
        if self.dice.random() < 0.5:
            self.ask("POST", f"{path}/claim")
        body: dict[str, object] = {"data": data, "outcome": outcome} if outcome else {"data": data}
        if self.dice.random() < 0.2:
            body["version"] = task["version"]
        with ThreadPoolExecutor(2) as both:
            times = 2 if self.dice.random() < 0.3 else 1
            answers = list(both.map(lambda _: self.ask("POST", f"{path}/complete", body), range(times)))
        for status, _ in answers:
            if status == 200:
                self.seen.completed.setdefault(str(task["id"]), []).append(self.login)

    def comment(self, stop: threading.Event) -> None:
        """A remark that must be there once."""
        if self.numbers:
            text = f"{self.login}-{self.dice.getrandbits(60):x}"
            status, _ = self.insist(f"/api/cases/{self.dice.choice(self.numbers)}/comments", {"body": text}, stop)
            if status == 201:
                self.seen.comments.add(text)

    def message(self, stop: threading.Event) -> None:
        """A message, too early, too late or twice: whatever order the customer's letters take."""
        if self.numbers:
            number = self.dice.choice(self.numbers)
            body = {"name": "customer_says", "correlation": {"case": number}, "payload": {}}
            status, _ = self.insist("/api/messages", body, stop)
            if status == 202:
                self.seen.messages.add(number)

    def work(self, stop: threading.Event) -> None:
        """Go on until it is over."""
        ways = (self.register, self.complete, self.complete, self.complete, self.comment, self.message)
        while not stop.is_set():
            self.dice.choice(ways)(stop)
            stop.wait(0.02)
