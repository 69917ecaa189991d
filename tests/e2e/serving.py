"""A whole Makegood in a process of its own, on a free port of this machine."""

from __future__ import annotations

import http.client
import json
import os
import signal
import socket
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
LONGEST_START = 30.0


@dataclass(frozen=True)
class Serving:
    """A server that answers; `started_in` seconds after it was called."""

    port: int
    process: subprocess.Popen[bytes]
    log: Path
    started_in: float

    def get(self, path: str) -> tuple[int, str]:
        """Ask for a page; gives status and text."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=10)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()

    def kill(self) -> None:
        """End it and all its children as a power cut would."""
        os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()


def free_port() -> int:
    """A port that nobody uses."""
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def settings_of(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a process that works on a folder."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("MAKEGOOD_")}
    return {**kept, "MAKEGOOD_DATA_DIR": str(folder), "PYTHONPATH": str(REPOSITORY), **more}


def run_makegood(folder: Path, *arguments: str | Path, **more: str) -> subprocess.CompletedProcess[str]:
    """Run a command in a process of its own."""
    command = [sys.executable, "-m", "web.cli", *(str(each) for each in arguments)]
    return subprocess.run(
        command,
        env=settings_of(folder, **more),
        cwd=folder.parent,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


@contextmanager
def served(folder: Path, **more: str) -> Iterator[Serving]:
    """Serve a data folder until the block ends."""
    port, log = free_port(), folder.parent / "serve.log"
    command = [sys.executable, "-m", "web.cli", "serve", "--port", str(port)]
    begun = time.monotonic()
    with log.open("ab") as out:
        process = subprocess.Popen(
            command,
            env=settings_of(folder, **more),
            cwd=folder.parent,
            stdout=out,
            stderr=out,
            stdin=subprocess.DEVNULL,
            start_new_session=True,
        )
    try:
        wait_for_health(process, port, log)
        yield Serving(port, process, log, time.monotonic() - begun)
    finally:
        if process.poll() is None:
            process.terminate()
            process.wait(timeout=30)


def wait_for_health(process: subprocess.Popen[bytes], port: int, log: Path) -> None:
    """Ask until the server answers."""
    end = time.monotonic() + LONGEST_START
    while time.monotonic() < end:
        assert process.poll() is None, log.read_text()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            if json.loads(connection.getresponse().read())["ok"]:
                return
        except OSError:
            time.sleep(0.05)
        finally:
            connection.close()
    raise AssertionError(f"no answer within {LONGEST_START:.0f} s; it said: {log.read_text()}")


def ask(folder: Path, query: str) -> list[tuple[object, ...]]:
    """Look into the database beside a running server."""
    database = sqlite3.connect(f"file:{folder / 'makegood.db'}?mode=ro", uri=True)
    try:
        return database.execute(query).fetchall()
    finally:
        database.close()


def wait_until(folder: Path, query: str, *, seconds: float) -> float:
    """Ask until the query finds something; gives how long that took."""
    begun = time.monotonic()
    while not ask(folder, query):
        assert time.monotonic() - begun < seconds, f"nothing within {seconds} s: {query}"
        time.sleep(0.05)
    return time.monotonic() - begun
