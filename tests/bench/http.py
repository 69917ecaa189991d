"""What people wait for: claiming and completing tasks through the real server, signed in, over eight connections."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import quantiles

from engine.actions.create_token import NewToken, create_token
from engine.actions.register_case import Registration, register_case
from engine.commands.demo.people import PASSWORD
from engine.model.people import SYSTEM
from engine.model.task import Task
from engine.store import rows
from engine.wiring import Engine
from tests.bench.callers import Answer, Ask, Browser, Talk, drive
from tests.bench.figures import Bound, Figures
from tests.bench.recurring_task import ANSWER, house_with_recurring_task
from tests.bench.slow_disk import MORE
from tests.bench.start import answers, free_port

CONNECTIONS = 8
CASES = 680
WARM = 40
SLOW = 80
MUST = {"median_to_6_ms": Bound(most=1), "p99_to_30_ms": Bound(most=1)}
TOKEN = "a-token-of-the-bench-and-of-nothing-else"
HEADERS = f"Authorization: Bearer {TOKEN}\r\nContent-Type: application/json\r\n"
WORK, BUTTON, PAGE, BEFORE = "claim or complete", "a button", "a page", "before"


def run() -> Figures:
    """Register cases, start the server on them, and let Ben take and complete one task after the other."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        tasks = waiting_tasks(folder)
        with serving(folder) as server:
            by_programs(server.port, tasks[:WARM], 1)
            one = by_programs(server.port, tasks[WARM : 2 * WARM], 1)
            rest = tasks[2 * WARM : -SLOW]
            share = len(rest) * 3 // 4
            before = processor_seconds(server.pid)
            many = by_programs(server.port, rest[:share], CONNECTIONS)
            spent = (processor_seconds(server.pid) - before) / len(many)
            pages = by_people(server.port, rest[share:])
        with serving(folder, "tests.bench.slow_disk") as server:
            slow = by_programs(server.port, tasks[-SLOW:], CONNECTIONS)
    alone, cuts = quantiles(one, n=100), quantiles(many, n=100)
    measured = {
        "claim or complete, one connection, median": (alone[49] * 1e3, "ms"),
        f"claim or complete, {CONNECTIONS} connections, median": (cuts[49] * 1e3, "ms"),
        f"claim or complete, {CONNECTIONS} connections, p99": (cuts[98] * 1e3, "ms"),
        "claim or complete, processor time of the server": (spent * 1e3, "ms"),
        f"the same where a commit takes {MORE * 1e3:.0f} ms more, median": (quantiles(slow, n=100)[49] * 1e3, "ms"),
        f"in {CONNECTIONS} browsers, a button, median": (quantiles(pages[BUTTON], n=100)[49] * 1e3, "ms"),
        f"in {CONNECTIONS} browsers, the page of a task, median": (quantiles(pages[PAGE], n=100)[49] * 1e3, "ms"),
    }
    return Figures("http", measured, {"median_to_6_ms": cuts[49] / 6e-3, "p99_to_30_ms": cuts[98] / 30e-3}, MUST)


def waiting_tasks(folder: Path) -> list[str]:
    """The tasks of many new cases."""
    engine: Engine = house_with_recurring_task(folder)
    with engine.begin(SYSTEM) as tx:
        create_token(tx, "ben", NewToken(name="bench", plain=TOKEN))
        for number in range(CASES):
            register_case(tx, Registration(subject=f"Kettle {number} leaks", description="It leaks."))
    engine.settle()
    with engine.read(SYSTEM) as tx:
        found = [task.id for task in rows.find(tx, Task, element_id="assess", order_by="id")]
    engine.close()
    return found


@dataclass(frozen=True, slots=True)
class Server:
    """A server that answers."""

    port: int
    pid: int


@contextmanager
def serving(folder: Path, module: str = "web.cli") -> Iterator[Server]:
    """The server on a folder of data, by the command line or what stands in for it."""
    port = free_port()
    server = subprocess.Popen(
        [sys.executable, "-m", module, "serve", "--port", str(port)],
        env={**os.environ, "MAKEGOOD_DATA_DIR": str(folder)},
        stdout=subprocess.DEVNULL,
    )
    try:
        end = time.monotonic() + 60
        while not answers(port):
            if server.poll() is not None or time.monotonic() > end:
                raise RuntimeError("the server does not start")
            time.sleep(0.05)
        yield Server(port, server.pid)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def processor_seconds(pid: int) -> float:
    """What a process and its children have spent, as Linux tells; none elsewhere."""
    tasks = Path(f"/proc/{pid}/task/{pid}")
    if not (tasks / "children").is_file():
        return 0.0
    spent = (tasks.parent.parent / "stat").read_text().rpartition(")")[2].split()[11:13]
    children = (tasks / "children").read_text().split()
    return sum(map(int, spent)) / os.sysconf("SC_CLK_TCK") + sum(processor_seconds(int(child)) for child in children)


def by_programs(port: int, tasks: Sequence[str], connections: int) -> list[float]:
    """Seconds of each request; every connection has its own tasks."""
    shares = [tasks[place::connections] for place in range(min(connections, len(tasks)))]
    return drive(port, [program(share) for share in shares])[WORK]


def by_people(port: int, tasks: Sequence[str]) -> dict[str, list[float]]:
    """Seconds of each button and each page; every browser has its own tasks."""
    browsers = [Browser() for _ in range(min(CONNECTIONS, len(tasks)))]
    for browser in browsers:
        drive(port, [sign_in(browser)])
    return drive(port, [person(browser, tasks[place::CONNECTIONS]) for place, browser in enumerate(browsers)])


def program(tasks: Sequence[str]) -> Talk:
    """Claim and complete these tasks as a program does."""
    for task in tasks:
        claimed = checked((yield Ask(WORK, "POST", f"/api/tasks/{task}/claim", HEADERS, b"{}")))
        body = json.dumps({"version": claimed["version"], "data": dict(ANSWER)}).encode()
        checked((yield Ask(WORK, "POST", f"/api/tasks/{task}/complete", HEADERS, body)))


def checked(answer: Answer) -> dict[str, object]:
    """What was answered, if it was no refusal."""
    if answer.status != 200:
        raise RuntimeError(f"{answer.status} {answer.body[:300]!r}")
    found: dict[str, object] = json.loads(answer.body)
    return found


def sign_in(browser: Browser) -> Talk:
    """Sign in as Ben; several at once would look like somebody who tries passwords."""
    browser.read((yield browser.get(BEFORE, "/sign-in")), 200)
    browser.read((yield browser.post(BEFORE, "/sign-in", login="ben", password=PASSWORD)), 303)


def person(browser: Browser, tasks: Sequence[str]) -> Talk:
    """Open, claim and complete these tasks as a person does, whose browser follows where it is led."""
    form = {f"f.{name}": str(value) for name, value in ANSWER.items()}
    for task in tasks:
        browser.read((yield browser.get(PAGE, f"/tasks/{task}")), 200)
        page = browser.read((yield browser.post(BUTTON, f"/tasks/{task}/claim")), 303)
        browser.read((yield browser.get(PAGE, page)), 200)
        page = browser.read((yield browser.post(BUTTON, f"/tasks/{task}", _complete="1", **form)), 303)
        browser.read((yield browser.get(PAGE, page)), 200)
