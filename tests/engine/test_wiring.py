"""An engine is built from the environment alone, and its worker runs what is due on its own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.jobs import enqueue
from engine.jobs.clock import Beat, Worker
from engine.model.case import Case
from engine.model.errors import Conflict, Invalid, StorageBusy
from engine.model.people import SYSTEM
from engine.model.running import Job
from engine.settings import Settings
from engine.store import audit, rows
from engine.store.transaction import Tx
from engine.wiring import Engine, build, hold_data, start_worker
from tests.engine.conftest import add_case


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    """An engine on a new data folder, whose jobs mark their case."""

    def mark(tx: Tx, job: Job) -> None:
        rows.update(tx, Case, str(job.args["case"]), area="marked")

    found = build(Settings.from_environment({"MAKEGOOD_DATA_DIR": str(tmp_path / "var")}), handlers={"mark": mark})
    yield found
    found.close()


def test_settings_have_defaults_for_everything() -> None:
    settings = Settings.from_environment({})
    assert (settings.port, settings.zone, settings.smtp_url, settings.is_https) == (8000, "UTC", "", False)
    assert settings.database_path == Path("var").absolute() / "makegood.db"


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("MAKEGOOD_PORT", "80a", "MAKEGOOD_PORT is “80a”"),
        ("MAKEGOOD_PORT", "70000", "from 1 to 65535"),
        ("MAKEGOOD_ZONE", "Mars/Base", "not a time zone"),
        ("MAKEGOOD_STALL_SECONDS", "0", "seconds from 1 to 86400"),
        ("MAKEGOOD_SMTP_URL", "mail.example.org", "MAKEGOOD_SMTP_URL is"),
        ("MAKEGOOD_PUBLIC_URL", "ftp://example.org", "MAKEGOOD_PUBLIC_URL is"),
        ("MAKEGOOD_SMTP_URL", "smtp://desk:secret@mail.example.org:post", "MAKEGOOD_SMTP_URL is “smtp://…”"),
        ("MAKEGOOD_DATABASE_URL", "postgresql://anna:secret@db/makegood", "postgresql\\+psycopg://user@host"),
        ("MAKEGOOD_DATABASE_URL", "postgresql://anna@db/makegood?password=secret", "password=…”"),
        ("MAKEGOOD_DATABASE_URL", "postgresql+psycopg://anna:secret@db:post/makegood", "MAKEGOOD_DATABASE_URL is"),
        ("MAKEGOOD_DATABASE_URL", "postgresql+psycopg://anna:not@secret/db/makegood@db", "psycopg://…”"),
        ("MAKEGOOD_DATABASE_URL", "postgresql+psycopg://anna:secret", "MAKEGOOD_DATABASE_URL is"),
        ("MAKEGOOD_DATABASE_URL", "anna:secret@db/makegood", "is “…”"),
        ("MAKEGOOD_DATABASE_URL", "sqlite:///:memory:", "sqlite:///path"),
    ],
)
def test_a_setting_that_does_not_fit_is_named(name: str, text: str, sentence: str) -> None:
    with pytest.raises(Invalid, match=sentence) as refused:
        Settings.from_environment({name: text})
    assert "secret" not in str(refused.value)


def test_a_password_is_shown_nowhere_it_may_be_written() -> None:
    for place in ("anna:sec/ret?@db:5432/makegood", "db/makegood?user=anna&password=sec/ret?&connect_timeout=3"):
        settings = Settings.from_environment({"MAKEGOOD_DATABASE_URL": f"postgresql+psycopg://{place}"})
        assert settings.database_name.startswith("postgresql+psycopg://")
        assert "/makegood" in settings.database_name
        assert "ret" not in settings.database_name


def test_a_database_elsewhere_and_a_public_address_are_taken(tmp_path: Path) -> None:
    path = tmp_path / "elsewhere.db"
    given = {"MAKEGOOD_DATABASE_URL": f"sqlite:///{path}", "MAKEGOOD_PUBLIC_URL": "https://desk.example.org/"}
    settings = Settings.from_environment(given)
    assert (settings.database_path, settings.public_url, settings.is_https) == (path, "https://desk.example.org", True)


def test_only_one_process_holds_the_data(engine: Engine) -> None:
    lock = hold_data(engine.settings)
    with pytest.raises(Conflict, match="already running"):
        hold_data(engine.settings)
    lock.release()


def wait_until_marked(engine: Engine, case_id: str, seconds: float) -> float:
    started = time.monotonic()
    while time.monotonic() - started < seconds:
        with engine.read(SYSTEM) as tx:
            if rows.get(tx, Case, case_id).area == "marked":
                return time.monotonic() - started
        time.sleep(0.01)
    raise AssertionError("the worker did not run the job")


def test_a_job_runs_at_once_after_its_commit(engine: Engine) -> None:
    worker = start_worker(engine)
    with engine.begin(SYSTEM) as tx:
        case = add_case(tx)
        enqueue(tx, "mark", {"case": case.id})
    assert wait_until_marked(engine, case.id, 5) < 2
    worker.stop()


def test_jobs_of_a_killed_process_run_when_the_next_one_starts(engine: Engine) -> None:
    with engine.begin(SYSTEM) as tx:
        case = add_case(tx)
        job = enqueue(tx, "mark", {"case": case.id})
        rows.update(tx, Job, job.id, state="running", attempts=1, leased_until=tx.now.replace(year=2100))
    worker = start_worker(engine)
    assert wait_until_marked(engine, case.id, 5) < 2
    worker.stop()


def test_a_clock_waits_for_a_beat_for_a_while_and_not_for_ever(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.jobs.clock.ENDING", 0.2)
    begun, goes_on = threading.Event(), threading.Event()

    def work() -> None:
        begun.set()
        goes_on.wait(10)

    slow = Worker([Beat("slow", 60.0, work)])
    slow.start()
    assert begun.wait(5)
    assert slow.stop() is False
    goes_on.set()
    quick = Worker([Beat("quick", 60.0, begun.clear)])
    quick.start()
    assert quick.stop() is True


def test_a_failing_beat_does_not_end_the_clock(caplog: pytest.LogCaptureFixture) -> None:
    beats: list[int] = []
    third = threading.Event()

    def work() -> None:
        beats.append(len(beats))
        if len(beats) == 1:
            raise StorageBusy("storage_busy", "Another program is writing.")
        if len(beats) == 2:
            raise ZeroDivisionError
        third.set()

    with caplog.at_level(logging.WARNING):
        worker = Worker([Beat("beat", 0.01, work)])
        worker.start()
        assert third.wait(5)
        worker.stop()
    assert "Another program is writing." in caplog.text
    assert "beat failed" in caplog.text


def test_the_audit_of_an_installation_is_sealed_and_verified(engine: Engine) -> None:
    with engine.begin(SYSTEM) as tx:
        case = add_case(tx)
        audit.append(tx, case.id, "registered", {})
    engine.cast_anchor()
    engine.cast_anchor()
    assert len((engine.settings.data_dir / "anchors.txt").read_text().splitlines()) == 1
    assert engine.verify_audit() == []
    with engine.begin(SYSTEM) as tx:
        tx.connection.execute("DELETE FROM anchor_head")
        tx.connection.execute("DELETE FROM anchor")
    assert [fault.message.code for fault in engine.verify_audit()] == ["anchor_missing"]


def test_settling_runs_everything_that_is_due(engine: Engine) -> None:
    with engine.begin(SYSTEM) as tx:
        case = add_case(tx)
        enqueue(tx, "mark", {"case": case.id})
    assert engine.settle() == 1
    engine.tidy()
    assert engine.recover() == 0
