"""What people wait for: claiming and completing tasks through the real server, signed in, over eight connections."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from contextlib import closing
from http.client import HTTPConnection
from pathlib import Path
from statistics import quantiles

from engine.actions.create_token import NewToken, create_token
from engine.actions.register_case import Registration, register_case
from engine.model.people import SYSTEM
from engine.model.task import Task
from engine.store import rows
from engine.wiring import Engine
from tests.bench.figures import Bound, Figures
from tests.bench.recurring_task import ANSWER, house_with_recurring_task
from tests.bench.start import answers, free_port

CONNECTIONS = 8
CASES = 400
WARM = 40
MUST = {"median_to_6_ms": Bound(most=1), "p99_to_30_ms": Bound(most=1)}
TOKEN = "a-token-of-the-bench-and-of-nothing-else"


def run() -> Figures:
    """Register cases, start the server on them, and let Ben take and complete one task after the other."""
    with tempfile.TemporaryDirectory() as folder:
        tasks = waiting_tasks(Path(folder))
        port = free_port()
        server = started(Path(folder), port)
        try:
            drive(port, tasks[:WARM], 1)
            one = drive(port, tasks[WARM : 2 * WARM], 1)
            many = drive(port, tasks[2 * WARM :], CONNECTIONS)
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(30)
    alone, cuts = quantiles(one, n=100), quantiles(many, n=100)
    measured = {
        "claim or complete, one connection, median": (alone[49] * 1e3, "ms"),
        f"claim or complete, {CONNECTIONS} connections, median": (cuts[49] * 1e3, "ms"),
        f"claim or complete, {CONNECTIONS} connections, p99": (cuts[98] * 1e3, "ms"),
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


def started(folder: Path, port: int) -> subprocess.Popen[bytes]:
    """The server, once it answers."""
    server = subprocess.Popen(
        [sys.executable, "-m", "web.cli", "serve", "--port", str(port)],
        env={**os.environ, "MAKEGOOD_DATA_DIR": str(folder)},
        stdout=subprocess.DEVNULL,
    )
    end = time.monotonic() + 60
    while not answers(port):
        if server.poll() is not None or time.monotonic() > end:
            raise RuntimeError("the server does not start")
        time.sleep(0.05)
    return server


def drive(port: int, tasks: list[str], connections: int) -> list[float]:
    """Seconds of each request; every connection has its own tasks."""
    taken: list[float] = []
    threads = [
        threading.Thread(target=work, args=(port, tasks[place::connections], taken)) for place in range(connections)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if len(taken) != 2 * len(tasks):
        raise RuntimeError("a request was refused")
    return taken


def work(port: int, tasks: list[str], taken: list[float]) -> None:
    """Claim and complete these tasks over one connection."""
    with closing(HTTPConnection("127.0.0.1", port, timeout=30)) as connection:
        for task in tasks:
            version = asked(connection, f"/api/tasks/{task}/claim", {}, taken)["version"]
            asked(connection, f"/api/tasks/{task}/complete", {"version": version, "data": dict(ANSWER)}, taken)


def asked(connection: HTTPConnection, path: str, body: dict[str, object], taken: list[float]) -> dict[str, object]:
    """The answer of one request, whose time is noted."""
    headers = {"Authorization": f"Bearer {TOKEN}", "Content-Type": "application/json"}
    begun = time.perf_counter()
    connection.request("POST", path, json.dumps(body), headers)
    answer = connection.getresponse()
    text = answer.read()
    taken.append(time.perf_counter() - begun)
    if answer.status != 200:
        raise RuntimeError(f"{path}: {answer.status} {text[:300]!r}")
    found: dict[str, object] = json.loads(text)
    return found
