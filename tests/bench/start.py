"""How soon the first page is there after the program is started, with five hundred deployed processes."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from pathlib import Path
from statistics import median

from engine.actions.deploy_process import deploy_process
from engine.model.people import SYSTEM
from tests.bench.figures import Bound, Figures
from tests.bench.recurring_task import DIAGRAM, FORM_FILE, house_with_recurring_task

DEPLOYED = 500
STARTS = 5
MUST = {"first_page_to_2_s": Bound(most=1)}


def run() -> Figures:
    """Deploy, then start the server some times and wait for its sign-in page."""
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        engine = house_with_recurring_task(place)
        for number in range(DEPLOYED):
            diagram = DIAGRAM.replace('id="rounds"', f'id="rounds{number}"').replace(' mg:caseKind="complaint"', "")
            with engine.begin(SYSTEM) as tx:
                deploy_process(tx, f"rounds{number}", {"rounds.bpmn": diagram.encode(), **FORM_FILE})
        engine.close()
        took = median(first_page(place) for _ in range(STARTS))
    return Figures(
        "start",
        {f"from exec to the first page, {DEPLOYED} processes deployed": (took, "s")},
        {"first_page_to_2_s": took / 2},
        MUST,
    )


def first_page(folder: Path) -> float:
    """Seconds from starting `makegood serve` until its sign-in page has come."""
    port = free_port()
    environment = {**os.environ, "MAKEGOOD_DATA_DIR": str(folder)}
    begun = time.perf_counter()
    server = subprocess.Popen(
        [sys.executable, "-m", "web.cli", "serve", "--port", str(port)],
        env=environment,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        while not answers(port):
            if server.poll() is not None or time.perf_counter() - begun > 60:
                raise RuntimeError("the server does not start")
            time.sleep(0.01)
        return time.perf_counter() - begun
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(30)


def answers(port: int) -> bool:
    """Whether the sign-in page is there."""
    try:
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/sign-in", timeout=10) as page:
            return bool(page.status == 200)
    except OSError:
        return False


def free_port() -> int:
    """A port that nobody uses just now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
