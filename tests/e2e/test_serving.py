"""One command serves pages and runs the clock; a timer fires on time, once, also after the process was down."""

from __future__ import annotations

import os
import shutil
import signal
import socket
import time
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.actions.deploy_process import deploy_process
from engine.actions.register_case import Registration, register_case
from engine.commands.demo.making import begin_empty
from engine.model.people import SYSTEM
from engine.settings import Settings
from engine.wiring import Engine, build
from tests.e2e.serving import ask, run_makegood, served, wait_until

pytestmark = pytest.mark.slow

TWO_SECONDS = b"""<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:mg="urn:makegood:bpmn:1" targetNamespace="urn:two_seconds">
  <process id="complaint" isExecutable="true">
    <startEvent id="begin"><outgoing>f1</outgoing></startEvent>
    <userTask id="look" name="Look at it" mg:queue="front_office"><incoming>f1</incoming><outgoing>f2</outgoing></userTask>
    <boundaryEvent id="late" attachedToRef="look" cancelActivity="false">
      <outgoing>f3</outgoing><timerEventDefinition><timeDuration>PT2S</timeDuration></timerEventDefinition>
    </boundaryEvent>
    <scriptTask id="escalated"><incoming>f3</incoming><outgoing>f4</outgoing><script>area = 'escalated'</script></scriptTask>
    <endEvent id="told"><incoming>f4</incoming></endEvent>
    <endEvent id="done"><incoming>f2</incoming></endEvent>
    <sequenceFlow id="f1" sourceRef="begin" targetRef="look"/>
    <sequenceFlow id="f2" sourceRef="look" targetRef="done"/>
    <sequenceFlow id="f3" sourceRef="late" targetRef="escalated"/>
    <sequenceFlow id="f4" sourceRef="escalated" targetRef="told"/>
  </process>
</definitions>"""
ESCALATED = "SELECT at FROM path_event WHERE instr(element_id, 'escalated')"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A furnished data folder whose complaints escalate after two seconds."""
    found = tmp_path / "data"
    begin_empty(Settings(data_dir=found))
    engine = build(Settings(data_dir=found))
    with engine.begin(SYSTEM) as tx:
        deploy_process(tx, "complaint", {"complaint.bpmn": TWO_SECONDS})
    engine.close()
    return found


def register(folder: Path) -> None:
    engine: Engine = build(Settings(data_dir=folder))
    with engine.begin(SYSTEM) as tx:
        register_case(tx, Registration(subject="A kettle that leaks", description="It leaks."))
    engine.close()


def test_a_timer_of_two_seconds_escalates_within_two_seconds_of_being_due_and_once(folder: Path) -> None:
    with served(folder):
        register(folder)
        wait_until(folder, ESCALATED, seconds=6)
        time.sleep(1.5)
        assert len(ask(folder, ESCALATED)) == 1
    assert delays(folder) == [pytest.approx(1, abs=1)]


def test_a_timer_that_fell_due_while_the_process_was_down_fires_once_when_it_is_up(folder: Path) -> None:
    register(folder)
    time.sleep(2.5)
    with served(folder):
        assert wait_until(folder, ESCALATED, seconds=4) <= 2
        time.sleep(1.5)
        assert len(ask(folder, ESCALATED)) == 1


def test_a_timer_survives_the_death_of_the_process(folder: Path) -> None:
    with served(folder) as server:
        register(folder)
        server.kill()
    time.sleep(2.2)
    assert ask(folder, ESCALATED) == []
    with served(folder):
        assert wait_until(folder, ESCALATED, seconds=4) <= 2
        time.sleep(1)
        assert len(ask(folder, ESCALATED)) == 1


def delays(folder: Path) -> list[float]:
    """Seconds from the due of each fired timer to its record."""
    rows = ask(folder, "SELECT due_at, settled_at FROM timer WHERE state = 'fired'")
    return [(int(str(settled)) - int(str(due))) / 1_000_000 for due, settled in rows]


def test_a_second_start_takes_less_than_three_seconds_and_a_second_server_is_refused(folder: Path) -> None:
    starts: list[float] = []  # the best of three, for other tests may keep this machine busy
    while len(starts) < 3 and min(starts, default=9) > 3:
        with served(folder) as server:
            starts.append(server.started_in)
    assert min(starts) <= 3
    with served(folder) as server:
        said = run_makegood(folder, "serve", "--port", "8399")
        assert said.returncode == 1
        assert "Makegood is already running" in said.stderr
        assert server.get("/sign-in")[0] == 200


def test_a_taken_port_gets_a_sentence(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        said = run_makegood(folder, "serve", "--port", str(port))
    assert said.returncode == 1
    assert f"Another program uses port {port} already." in said.stderr


def test_connections_that_say_nothing_and_slow_senders_keep_nobody_waiting(folder: Path) -> None:
    with served(folder) as server:
        silent = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(20)]
        slow = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(4)]
        for each in slow:
            each.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nlogin=")
        begun = time.monotonic()
        assert server.get("/sign-in")[0] == 200
        assert time.monotonic() - begun < 3
        for each in [*silent, *slow]:
            each.close()


def test_whoever_asks_to_close_and_then_stays_keeps_nobody_waiting(folder: Path) -> None:
    with served(folder) as server:
        staying = [socket.create_connection(("127.0.0.1", server.port)) for _ in range(4)]
        for each in staying:
            each.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
        begun = time.monotonic()
        assert server.get("/sign-in")[0] == 200
        assert time.monotonic() - begun < 1.5
        for each in staying:
            assert each.recv(12) == b"HTTP/1.1 200"
            each.close()


def test_several_requests_sent_at_once_over_one_connection_are_answered_in_their_order(folder: Path) -> None:
    with served(folder) as server, socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        paths = ["/healthz", "/nowhere", "/sign-in", "/"]
        line.sendall(b"".join(f"HEAD {path} HTTP/1.1\r\nHost: x\r\n\r\n".encode() for path in paths))
        said = b""
        while said.count(b"\r\n\r\n") < len(paths):
            said += line.recv(65536)
        assert [each[:3] for each in said.split(b"HTTP/1.1 ")[1:]] == [b"200", b"404", b"200", b"303"]


def test_requests_under_way_when_the_server_is_stopped_are_answered(folder: Path) -> None:
    with served(folder) as server, socket.create_connection(("127.0.0.1", server.port), timeout=10) as line:
        line.sendall(b"POST /sign-in HTTP/1.1\r\nHost: x\r\nContent-Length: 6\r\n\r\nlog")
        time.sleep(0.3)
        os.kill(server.process.pid, signal.SIGTERM)
        time.sleep(0.5)
        line.sendall(b"in=")
        assert line.recv(65536).startswith(b"HTTP/1.1 400")  # a form without its token
        line.sendall(b"GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n")
        last = line.recv(65536)
        assert last.startswith(b"HTTP/1.1 200")
        assert b"\r\nConnection: close\r\n" in last
        assert server.process.wait(timeout=15) == 0


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_a_stopped_server_ends_in_order_and_frees_its_data(folder: Path, how: signal.Signals) -> None:
    with served(folder) as server:
        os.kill(server.process.pid, how)
        assert server.process.wait(timeout=15) == 0
        assert "Traceback" not in server.log.read_text()
    assert not (folder / "makegood.db-wal").exists() or (folder / "makegood.db-wal").stat().st_size == 0
    assert run_makegood(folder, "demo", "--none").returncode == 0


def test_the_first_start_makes_the_demonstration_and_says_how_to_get_in(tmp_path: Path) -> None:
    folder = tmp_path / "fresh"
    with served(folder) as server:
        welcome = server.log.read_text()
        assert "makegood-demo" in welcome
        assert "anna" in welcome
        assert "Ctrl-C" in welcome
        assert server.get("/sign-in")[1].count("anna") >= 1
    cases = ask(folder, "SELECT count(*) FROM case_file")[0][0]
    assert isinstance(cases, int)
    assert 140 <= cases <= 160


def test_the_demonstration_shows_every_stage_colour_and_incident(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    assert run_makegood(folder, "demo").returncode == 0
    shown = {row[0] for row in ask(folder, "SELECT DISTINCT stage FROM case_file")}
    assert {"acknowledged", "under_investigation", "responded", "decision_communicated", "closed"} <= shown
    left = {row[0] for row in ask(folder, "SELECT DISTINCT element_id FROM task WHERE closed_at IS NULL")}
    assert {"triage", "work", "decide", "second_person", "write_answer", "post_answer", "decide_special_mode"} <= left
    now = int(datetime.now(UTC).timestamp() * 1_000_000)
    open_dues = [int(str(row[0])) for row in ask(folder, "SELECT due_at FROM clock WHERE state = 'running'")]
    assert any(due < now for due in open_dues)
    assert any(due > now for due in open_dues)
    assert ask(folder, "SELECT count(*) FROM incident WHERE state = 'open'") == [(1,)]
    assert ask(folder, "SELECT count(*) FROM special_mode WHERE status = 'requested'") == [(1,)]
    assert ask(folder, "SELECT count(*) FROM decision WHERE outcome = 'accepted_by_law'") != [(0,)]
    assert ask(folder, "SELECT count(*) FROM case_file WHERE segment = 'trial'") == [(1,)]
    assert run_makegood(folder, "audit", "verify").returncode == 0


def test_a_demonstration_that_was_broken_off_leaves_nothing_and_is_made_anew(tmp_path: Path) -> None:
    folder = tmp_path / "demo"
    broken = run_makegood(folder, "demo", MAKEGOOD_CRASH_AT="after_commit:60")
    assert broken.returncode == -signal.SIGKILL
    assert run_makegood(folder, "demo").returncode == 0
    assert not (folder / ".demonstration").exists()
    shutil.rmtree(folder)
