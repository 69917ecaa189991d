"""Real workers on PostgreSQL are killed, stopped and kept waiting: inner jobs are done once, letters go again under the same Message-ID."""

from __future__ import annotations

import contextlib
import os
import signal
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from email import message_from_bytes
from pathlib import Path
from typing import cast

import pytest

from engine.actions.register_case import Registration, register_case
from engine.jobs import enqueue
from engine.model.case import Case, CaseMessage
from engine.model.people import SYSTEM
from engine.model.running import Incident, Job, JobState, KeptMessage
from engine.settings import Settings
from engine.store import audit, rows
from engine.wiring import Engine, build
from tests.databases import Databases
from tests.promises.check import broken_promises
from tests.promises.conftest import OLA, TEXT, furnish_postgres

WORK = "import sys; from web.cli import main; sys.exit(main(['work', '--concurrency', '2']))"
STALL = "2"


class Mail(socketserver.ThreadingTCPServer):
    """A mail server that takes its time and remembers Message-IDs."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Conversation)
        self.taken: list[str] = []
        self.pause = 0.0
        self.has_begun = threading.Event()
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()


class Conversation(socketserver.StreamRequestHandler):
    """As much of SMTP as a letter needs."""

    def handle(self) -> None:
        mail = cast("Mail", self.server)
        with contextlib.suppress(OSError):  # a worker that is killed hangs up
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline():
                if line.upper().startswith(b"DATA"):
                    self.wfile.write(b"354 go on\r\n")
                    lines = list(iter(self.rfile.readline, b".\r\n"))
                    mail.has_begun.set()
                    time.sleep(mail.pause)
                    mail.taken.append(str(message_from_bytes(b"".join(lines))["Message-ID"]))
                self.wfile.write(b"221 bye\r\n" if line.upper().startswith(b"QUIT") else b"250 fine\r\n")


@dataclass
class Desk:
    """An installation on PostgreSQL with its mail server, whose workers are processes of their own."""

    engine: Engine
    mail: Mail
    folder: Path
    workers: list[subprocess.Popen[bytes]] = field(default_factory=list[subprocess.Popen[bytes]])

    def work(self, *, crash_at: str = "") -> subprocess.Popen[bytes]:
        """Begin a worker."""
        settings = {
            "MAKEGOOD_DATABASE_URL": self.engine.settings.database_url,
            "MAKEGOOD_DATA_DIR": str(self.folder),
            "MAKEGOOD_SMTP_URL": self.engine.settings.smtp_url,
            "MAKEGOOD_STALL_SECONDS": STALL,
            "MAKEGOOD_CRASH_AT": crash_at,
        }
        with (self.folder / "worker.log").open("ab") as log:
            root = Path(__file__).resolve().parents[2]
            worker = subprocess.Popen(
                [sys.executable, "-c", WORK], env=os.environ | settings, cwd=root, stdout=log, stderr=log
            )
        self.workers.append(worker)
        return worker

    def register(self) -> Case:
        """Ola's complaint, which has a letter to send."""
        facts = Registration(subject="It leaks", description=TEXT, country="PL", customer=OLA, language="en")
        with self.engine.begin(SYSTEM) as tx:
            return register_case(tx, facts)

    def withdraw(self, case: Case) -> None:
        """Ask for an inner job that takes the case to its end."""
        with self.engine.begin(SYSTEM) as tx:
            args = {"name": "customer_withdraws", "correlation": {"case": case.number}, "payload": {}}
            enqueue(tx, "deliver_message", args, case_id=case.id)

    def jobs(self) -> list[Job]:
        """The jobs that are there."""
        with self.engine.read(SYSTEM) as tx:
            return rows.find(tx, Job, order_by="id")

    def wait_until(self, is_so: Callable[[], bool], *, seconds: float = 30) -> None:
        """Wait for the workers."""
        end = time.monotonic() + seconds
        while not is_so():
            told = (self.folder / "worker.log").read_text(errors="replace")[-1500:]
            assert time.monotonic() < end, f"{self.jobs()}\n{told}"
            time.sleep(0.05)

    def wait_until_killed(self, worker: subprocess.Popen[bytes]) -> None:
        """The worker ended as by kill -9."""
        assert worker.wait(30) == -signal.SIGKILL, (self.folder / "worker.log").read_text()[-1500:]

    def kinds(self, case: Case) -> list[str]:
        """What the case's trail tells."""
        with self.engine.read(SYSTEM) as tx:
            assert (audit.verify(tx), broken_promises(tx), rows.find(tx, Incident)) == ([], [], [])
            return [event.kind for event in audit.events_of(tx, case.id)]

    def letters(self, case: Case) -> dict[str | None, str]:
        """The states of the case's letters by Message-ID."""
        with self.engine.read(SYSTEM) as tx:
            return {row.message_id: row.state for row in rows.find(tx, CaseMessage, case_id=case.id, kind="letter")}


@pytest.fixture
def desk(databases: Databases, tmp_path: Path) -> Iterator[Desk]:
    """The desk, whose workers end with the test."""
    url = databases.copy("furnished", furnish_postgres)
    mail = Mail()
    smtp = f"smtp://127.0.0.1:{mail.server_address[1]}?from=desk@example.org&starttls=no"
    found = Desk(build(Settings(data_dir=tmp_path, database_url=url, smtp_url=smtp)), mail, tmp_path)
    yield found
    for worker in found.workers:
        if worker.poll() is None:
            worker.kill()
        worker.wait(30)
    found.engine.close()
    mail.shutdown()
    mail.server_close()
    databases.drop(url)


@pytest.mark.parametrize(("point", "times"), [("mid_job:1", 1), ("after_perform:1", 2)])
def test_a_letter_whose_worker_is_killed_goes_again_under_the_same_message_id(
    desk: Desk, point: str, times: int
) -> None:
    case = desk.register()
    desk.wait_until_killed(desk.work(crash_at=point))
    (left,) = desk.jobs()
    assert (left.state, left.attempts) == (JobState.RUNNING, 1)
    desk.work()
    desk.wait_until(lambda: not desk.jobs())
    (message_id,) = desk.letters(case)
    assert desk.mail.taken == [message_id] * times
    assert (desk.letters(case)[message_id], desk.kinds(case).count("letter_sent")) == ("sent", 1)


@pytest.mark.parametrize("point", ["mid_job:1", "before_commit:2"])
def test_an_inner_job_whose_worker_is_killed_is_done_once(desk: Desk, point: str) -> None:
    case = desk.register()
    with desk.engine.begin(SYSTEM) as tx:
        rows.update_where(tx, Job, {"due_at": tx.now.replace(year=tx.now.year + 1)}, name="send_letter")
    desk.withdraw(case)
    desk.wait_until_killed(desk.work(crash_at=point))
    desk.work()
    desk.wait_until(lambda: all(job.name == "send_letter" for job in desk.jobs()))
    with desk.engine.read(SYSTEM) as tx:
        assert rows.find(tx, KeptMessage, state="kept") == []  # a second delivery would have found nobody
    with desk.engine.begin(SYSTEM) as tx:
        rows.update_where(tx, Job, {"due_at": tx.now}, name="send_letter")
    desk.wait_until(lambda: not desk.jobs())
    assert desk.kinds(case).count("case_closed") == 1
    sent = [message_id for message_id, state in desk.letters(case).items() if state == "sent"]
    assert desk.mail.taken == sent


def test_a_worker_that_is_told_to_stop_ends_what_is_at_work(desk: Desk) -> None:
    desk.mail.pause = 1.5
    worker = desk.work()
    case = desk.register()
    desk.wait_until(desk.mail.has_begun.is_set)
    worker.send_signal(signal.SIGTERM)
    assert worker.wait(30) == 0
    assert (desk.jobs(), list(desk.letters(case).values()), len(desk.mail.taken)) == ([], ["sent"], 1)
    assert desk.kinds(case).count("letter_sent") == 1


def test_a_locked_case_puts_its_job_off_and_no_attempt_is_counted(desk: Desk) -> None:
    case = desk.register()
    desk.work()
    desk.wait_until(lambda: not desk.jobs())
    desk.withdraw(case)
    put_off = set[datetime]()
    with desk.engine.begin(SYSTEM) as tx:
        rows.get(tx, Case, case.id, lock=True)
        end = time.monotonic() + 20
        while len(put_off) < 3 and time.monotonic() < end:
            (waiting,) = rows.find(tx, Job)
            if waiting.state is JobState.PENDING and waiting.attempts == 0:
                put_off.add(waiting.due_at)
            time.sleep(0.02)
    assert len(put_off) == 3, "when it was asked for, and twice put off"
    desk.wait_until(lambda: not desk.jobs())
    assert desk.kinds(case).count("case_closed") == 1
