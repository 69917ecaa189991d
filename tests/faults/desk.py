"""A desk under trial: its data, its processes, who may speak to it, and what is left when all is over."""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from engine.actions.create_token import NewToken, create_token
from engine.actions.deploy_process import deploy_process
from engine.commands.demo.making import prepare_house
from engine.commands.demo.people import hire
from engine.model.people import SYSTEM
from engine.settings import Settings
from engine.store import settings as house
from engine.store.connection import utc_now
from engine.store.opening import upgraded
from engine.wiring import Engine, build
from tests.e2e.serving import REPOSITORY, free_port, settings_of

PEOPLE = ("anna", "clara", "ben", "iga", "david", "paula", "oskar")
"""Who has a token; paula only looks, and oskar tries what is not his."""
QUICK = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:mg="urn:makegood:bpmn:1" targetNamespace="urn:quick">
  <message id="m" name="customer_says"/>
  <process id="quick" isExecutable="true" mg:caseKind="quick">
    <startEvent id="begin"><outgoing>f1</outgoing></startEvent>
    <userTask id="look" name="Look at it" mg:queue="front_office"><incoming>f1</incoming><outgoing>f2</outgoing></userTask>
    <boundaryEvent id="late" attachedToRef="look" cancelActivity="false">
      <outgoing>f3</outgoing><timerEventDefinition><timeDuration>PT1S</timeDuration></timerEventDefinition>
    </boundaryEvent>
    <scriptTask id="escalated"><incoming>f3</incoming><outgoing>f4</outgoing><script>area = 'escalated'</script></scriptTask>
    <endEvent id="told"><incoming>f4</incoming></endEvent>
    <receiveTask id="hear" messageRef="m"><incoming>f2</incoming><outgoing>f5</outgoing></receiveTask>
    <boundaryEvent id="silent" attachedToRef="hear" cancelActivity="false">
      <outgoing>f6</outgoing><timerEventDefinition><timeDuration>PT1S</timeDuration></timerEventDefinition>
    </boundaryEvent>
    <endEvent id="noted"><incoming>f6</incoming></endEvent>
    <endEvent id="done"><incoming>f5</incoming></endEvent>
    <sequenceFlow id="f1" sourceRef="begin" targetRef="look"/>
    <sequenceFlow id="f2" sourceRef="look" targetRef="hear"/>
    <sequenceFlow id="f3" sourceRef="late" targetRef="escalated"/>
    <sequenceFlow id="f4" sourceRef="escalated" targetRef="told"/>
    <sequenceFlow id="f5" sourceRef="hear" targetRef="done"/>
    <sequenceFlow id="f6" sourceRef="silent" targetRef="noted"/>
  </process>
</definitions>"""
"""A process whose timers fall due after a second and that waits for a message."""


@dataclass(slots=True)
class Desk:
    """The processes of one installation; `url` is empty on SQLite."""

    folder: Path
    url: str
    smtp_url: str
    direct_url: str = ""
    port: int = field(default_factory=free_port)
    running: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict[str, subprocess.Popen[bytes]])
    mutant: str = ""
    logs: Path = field(default_factory=Path)

    @property
    def names(self) -> tuple[str, ...]:
        """The processes that belong to it."""
        return ("serve", "work1", "work2") if self.url else ("serve",)

    def clock_of(self, name: str) -> Path:
        """The file that says how wrong a process's clock is."""
        return self.logs / f"clock-{name}"

    def start(self, name: str, **more: str) -> None:
        """Let a process run, with a crash point perhaps."""
        command = ["serve", "--port", str(self.port)] if name == "serve" else ["work", "--concurrency", "2"]
        if name == "serve" and self.url:
            command += ["--workers", "2"]
        more["FAULTS_CLOCK"] = str(self.clock_of(name))
        with (self.logs / f"{name}.log").open("ab") as log:
            self.running[name] = subprocess.Popen(
                [sys.executable, "-m", "tests.faults.process", *command],
                env=self.settings(more),
                cwd=REPOSITORY,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )

    def command(self, *words: str) -> subprocess.Popen[bytes]:
        """Begin what an operator types, beside whatever runs."""
        return subprocess.Popen(
            [sys.executable, "-m", "tests.faults.process", *words],
            env=self.settings({}),
            cwd=REPOSITORY,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
        )

    def settings(self, more: dict[str, str]) -> dict[str, str]:
        """The environment of each of its processes."""
        if self.url:
            more["MAKEGOOD_DATABASE_URL"] = self.url
        return settings_of(self.folder, MAKEGOOD_SMTP_URL=self.smtp_url, FAULTS_MUTANT=self.mutant, **more)

    def send(self, name: str, what: signal.Signals) -> None:
        """A signal to a process and all its children."""
        with contextlib.suppress(ProcessLookupError, KeyError):
            os.killpg(self.running[name].pid, what)

    def kill(self, name: str) -> None:
        """End it as a power cut would."""
        self.send(name, signal.SIGKILL)
        if name in self.running:
            self.running.pop(name).wait()

    def kill_a_child(self, name: str) -> None:
        """End one of the processes that serve; the one above them starts another."""
        for child in self.pids(name)[1:2]:
            with contextlib.suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)

    def pids(self, name: str) -> list[int]:
        """A process and its children."""
        process = self.running.get(name)
        if process is None:
            return []
        found = subprocess.run(["pgrep", "-P", str(process.pid)], capture_output=True, text=True, check=False)
        return [process.pid, *(int(child) for child in found.stdout.split())]

    def loses_somebody(self, name: str, *, patience: float) -> bool:
        """Whether a process or one of its children ends by itself while one waits."""
        end, known = time.monotonic() + patience, set[int]()
        while time.monotonic() < end:
            now = set(self.pids(name))
            if known - now or self.running[name].poll() is not None:
                return True
            known |= now
            time.sleep(0.1)
        return False

    def stop(self, name: str, *, patience: float) -> bool:
        """Ask it to end as an operator does; tell whether it did."""
        if name not in self.running:
            return True
        process = self.running.pop(name)
        process.terminate()
        try:
            process.wait(patience)
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return False
        return True

    def revive(self) -> None:
        """Start again what has ended by itself."""
        for name in self.names:
            process = self.running.get(name)
            if process is None or process.poll() is not None:
                self.start(name)

    def wait(self, *, seconds: float) -> None:
        """Until pages can be asked for; what ends meanwhile is started again."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.revive()
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=5)
            try:
                connection.request("GET", "/healthz")
                if connection.getresponse().status == 200:
                    return
            except (OSError, http.client.HTTPException):
                time.sleep(0.1)
            finally:
                connection.close()

    def end(self) -> None:
        """Stop everything."""
        for name in list(self.running):
            self.send(name, signal.SIGCONT)
            self.kill(name)

    def opened(self, offset: timedelta = timedelta()) -> Engine:
        """The desk's engine in this process, with its clock ahead."""
        settings = Settings(data_dir=self.folder, database_url=self.direct_url, smtp_url=self.smtp_url)

        return build(settings, clock=lambda: utc_now() + offset)


def furnish(desk: Desk) -> dict[str, str]:
    """Hire people, deploy the processes, and give each person's program a token."""
    desk.folder.mkdir(parents=True, exist_ok=True)
    if desk.direct_url:
        upgraded(desk.direct_url, Path(), now=utc_now())
    engine = desk.opened()
    prepare_house(engine)
    hire(engine.store)
    tokens = {login: f"mg_{login:x<40}" for login in PEOPLE}
    with engine.begin(SYSTEM) as tx:
        house.put_setting(tx, "demo", "none")
        deploy_process(tx, "quick", {"quick.bpmn": QUICK})
        for login, token in tokens.items():
            create_token(tx, login, NewToken(name="trial", plain=token, expires_at=None))
    engine.close()
    return tokens
