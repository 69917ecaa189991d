"""Killed at any moment, nothing that was acknowledged is lost and nothing happens twice."""

from __future__ import annotations

import signal
from pathlib import Path

import pytest

from engine.actions.claim_task import claim_task
from engine.actions.complete_task import Answer, complete_task
from engine.actions.find_customer import NewCustomer
from engine.actions.register_case import Registration, register_case
from engine.commands.demo.making import begin_empty
from engine.commands.demo.people import hire
from engine.model.people import SYSTEM, Actor
from engine.model.task import Task
from engine.settings import Settings
from engine.store import people, rows
from engine.wiring import Engine, build
from tests.e2e.serving import ask, run_makegood

pytestmark = pytest.mark.slow

ROWS = 40


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A furnished data folder with people, without cases."""
    found = tmp_path / "data"
    begin_empty(Settings(data_dir=found))
    engine = build(Settings(data_dir=found))
    hire(engine.store)
    engine.close()
    return found


@pytest.fixture
def complaints(tmp_path: Path) -> Path:
    """A file of complaints, each with an address to write to."""
    file = tmp_path / "complaints.csv"
    lines = [f'{n},"The kettle number {n} leaks and burnt my hand.",customer{n}@example.org' for n in range(ROWS)]
    file.write_text("\n".join(["id,text,email", *lines]))
    return file


@pytest.mark.parametrize(
    "point", ["before_commit:1", "after_commit:1", "before_commit:2", "after_commit:2", "mid_job:1"]
)
def test_an_import_that_was_killed_and_repeated_registers_each_complaint_once(
    folder: Path, complaints: Path, point: str
) -> None:
    killed = run_makegood(folder, "import", "complaints", complaints, MAKEGOOD_CRASH_AT=point)
    assert killed.returncode == -signal.SIGKILL
    assert run_makegood(folder, "import", "complaints", complaints).returncode == 0
    settled(folder)
    assert ask(folder, "SELECT count(*), count(DISTINCT reference) FROM case_file") == [(ROWS, ROWS)]
    assert ask(folder, "SELECT count(*) FROM task WHERE element_id = 'triage'") == [(ROWS,)]
    assert letters(folder) == ROWS
    whole(folder)


@pytest.mark.parametrize("point", ["mid_job", "after_perform", "before_commit:2", "after_commit:2", "before_commit:3"])
def test_a_letter_whose_sender_was_killed_is_written_once_and_recorded_once(folder: Path, point: str) -> None:
    engine = build(Settings(data_dir=folder))
    with engine.begin(SYSTEM) as tx:
        customer = NewCustomer(name="Zofia Król", email="zofia@example.org")
        register_case(tx, Registration(subject="A kettle", description="It leaks.", customer=customer))
    engine.close()
    killed = run_makegood(folder, "work", MAKEGOOD_CRASH_AT=point)
    assert killed.returncode == -signal.SIGKILL
    settled(folder)
    assert letters(folder) == 1
    assert ask(folder, "SELECT state, count(*) FROM message WHERE direction = 'out' GROUP BY state") == [("sent", 1)]
    assert ask(folder, "SELECT count(*) FROM audit_event WHERE kind = 'letter_sent'") == [(1,)]
    assert ask(folder, "SELECT count(*) FROM task WHERE element_id = 'triage'") == [(1,)]
    whole(folder)


def test_a_completed_task_stays_completed_and_an_unfinished_one_stays_open(folder: Path) -> None:
    engine = build(Settings(data_dir=folder))
    with engine.begin(SYSTEM) as tx:
        register_case(tx, Registration(subject="A kettle", description="It leaks.", facts={}))
    engine.settle()
    with engine.begin(people_named(engine, "anna")) as tx:
        task = rows.find(tx, Task, element_id="triage")[0]
        claim_task(tx, task.id)
        data = {"product_group": "appliance", "category": "defect", "area": "product"}
        complete_task(tx, task.id, Answer(data=data, outcome="complaint"))
    engine.close()  # acknowledged to Anna; the next process finds it so
    killed = run_makegood(folder, "work", MAKEGOOD_CRASH_AT="after_commit")
    assert killed.returncode == -signal.SIGKILL
    settled(folder)
    assert ask(folder, "SELECT element_id, state FROM task ORDER BY id") == [("triage", "completed"), ("work", "ready")]
    whole(folder)


def people_named(engine: Engine, login: str) -> Actor:
    with engine.read(SYSTEM) as tx:
        person = people.by_login(tx, login)
        assert person is not None
        return people.actor_of(tx, person.id)


def settled(folder: Path) -> None:
    """Start again, as an operator would, and let everything run that was left."""
    engine = build(Settings(data_dir=folder))
    engine.recover(all_leases=True)
    engine.settle()
    engine.close()


def letters(folder: Path) -> int:
    return len(list((folder / "outbox").rglob("*.eml")))


def whole(folder: Path) -> None:
    """No job is left, nothing stumbled, every audit chain holds."""
    assert ask(folder, "SELECT name, state, last_error FROM job") == []
    assert ask(folder, "SELECT code FROM incident") == []
    assert run_makegood(folder, "audit", "verify").returncode == 0
