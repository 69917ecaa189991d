"""A designer copies the example, draws a process and a form of their own, and the desk works with them: no Python anywhere."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import textwrap
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient

from engine.model.case import Case
from engine.model.people import SYSTEM
from engine.model.running import Instance
from engine.model.task import OPEN_STATES, Task
from engine.shipped import shipped_folder
from engine.store import rows
from engine.wiring import Engine
from tests.web.conftest import ClientAs
from web.app import create_app
from web.cli import main

FORM: dict[str, Any] = {
    "title": {"en": "Check the recalled machine"},
    "schema": {
        "type": "object",
        "required": ["batch"],
        "properties": {
            "batch": {"type": "string", "maxLength": 20},
            "cause": {"type": "string", "enum": ["material", "assembly"]},
        },
    },
    "ui": {
        "order": ["batch", "cause"],
        "groups": [{"use": "case_facts", "mode": "readonly"}],
        "fields": {
            "batch": {"label": {"en": "Batch on the plate"}},
            "cause": {"label": {"en": "Cause"}, "options": {"material": {"en": "Steel"}, "assembly": {"en": "Screws"}}},
        },
    },
}
STORY = """title = "A part of a recalled machine is sent"
now = 2026-03-02T09:00:00+01:00
as = "anna"
clocks = { contract = "P10D" }
[start]
kind = "recall"
[[step]]
task = "check_part"
as = "ben"
data = { batch = "B-7", cause = "material" }
outcome = "send"
[expect]
path = ["check_part", "send_part", "close_it"]
notices = ["part_sent"]
"""
RECALL = {
    "f.kind": "recall",
    "f.received_on": "2026-03-02",
    "f.channel": "phone",
    "f.customer_name": "Maria Nowak",
    "f.customer_email": "maria@example.org",
    "f.party": "consumer",
    "f.country": "PL",
    "f.sector": "general",
    "f.language": "en",
    "f.medium": "email",
    "f.subject": "My saw is on the list",
    "f.description": "The plate says B-7.",
    "_register": "1",
}


@pytest.fixture
def app(engine: Engine) -> Flask:
    """The rooms through which a case goes."""
    return create_app(engine, testing=True, rooms=("auth", "worklist", "cases", "intake", "design"))


@pytest.fixture
def house(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder, which the commands use as well."""
    monkeypatch.setenv("MAKEGOOD_DATA_DIR", str(engine.settings.data_dir))
    return engine.settings.data_dir


@pytest.fixture
def recall(house: Path) -> Path:
    """The example under a name of its own, with a form and a story."""
    folder = house / "processes" / "recall"
    shutil.copytree(shipped_folder("processes") / "modeler" / "example", folder)
    diagram = (folder / "spare_part.bpmn").read_text("utf-8")
    own = diagram.replace("spare_part", "recall").replace("Replace a spare part", "Recall").replace('"work"', '"plate"')
    (folder / "spare_part.bpmn").unlink()
    (folder / "recall.bpmn").write_text(own.replace('Kind="warranty_claim"', 'Kind="recall"'), "utf-8")
    (folder / "scenarios" / "part_sent.toml").write_text(STORY, "utf-8")
    write_form(house, FORM)
    return folder


def write_form(house: Path, form: dict[str, Any]) -> None:
    (house / "forms").mkdir(exist_ok=True)
    (house / "forms" / "plate.json").write_text(json.dumps(form), "utf-8")


def register(browser: FlaskClient, engine: Engine) -> Case:
    answer = browser.post("/cases/new", data=RECALL)
    assert answer.status_code == 303, answer.text
    engine.settle()
    with engine.read(SYSTEM) as tx:
        return rows.find(tx, Case, order_by="id DESC", limit=1)[0]


def task_of(engine: Engine, case: Case) -> Task:
    with engine.read(SYSTEM) as tx:
        return rows.find(tx, Task, case_id=case.id, state=tuple(sorted(OPEN_STATES)))[0]


def version_of(engine: Engine, case: Case) -> int:
    with engine.read(SYSTEM) as tx:
        return tx.catalog.by_id(rows.find(tx, Instance, case_id=case.id)[0].deployment_id).version


def test_a_case_runs_a_process_and_a_form_that_are_files_alone(
    recall: Path, engine: Engine, client_as: ClientAs
) -> None:
    assert [main([command, str(recall)]) for command in ("check", "scenario", "deploy")] == [0, 0, 0]
    assert ">Recall</option>" in client_as("anna").get("/cases/new").text
    case = register(client_as("anna"), engine)
    ben, task = client_as("ben"), task_of(engine, case)
    ben.post(f"/tasks/{task.id}/claim")
    assert "Batch on the plate" in ben.get(f"/tasks/{task.id}").text
    answer = {"_outcome": "send", "f.cause": "material", "_version": task_of(engine, case).version}
    assert ben.post(f"/tasks/{task.id}", data=answer).status_code == 422
    assert ben.post(f"/tasks/{task.id}", data={**answer, "f.batch": "B-7"}).status_code == 303
    engine.settle()
    with engine.read(SYSTEM) as tx:
        assert rows.get(tx, Case, case.id).stage == "closed"


def test_a_running_case_keeps_its_version_when_the_next_is_deployed(
    recall: Path, house: Path, engine: Engine, client_as: ClientAs
) -> None:
    main(["deploy", str(recall)])
    first = register(client_as("anna"), engine)
    changed = json.loads(json.dumps(FORM).replace("Batch on the plate", "Number on the handle"))
    write_form(house, changed)
    greta = client_as("greta").get("/design").text
    assert "“recall” was changed on disk." in greta
    main(["deploy", str(recall)])
    second = register(client_as("anna"), engine)
    assert (version_of(engine, first), version_of(engine, second)) == (1, 2)
    ben = client_as("ben")
    assert "Batch on the plate" in ben.get(f"/tasks/{task_of(engine, first).id}").text
    assert "Number on the handle" in ben.get(f"/tasks/{task_of(engine, second).id}").text


def test_a_running_case_of_version_one_ends_as_version_one_says(
    recall: Path, house: Path, engine: Engine, client_as: ClientAs
) -> None:
    main(["deploy", str(recall)])
    case = register(client_as("anna"), engine)
    diagram = (recall / "recall.bpmn").read_text("utf-8")
    (recall / "recall.bpmn").write_text(diagram.replace("Check the part", "Look at the plate"), "utf-8")
    main(["deploy", str(recall)])
    ben, task = client_as("ben"), task_of(engine, case)
    assert task.name == "Check the part"
    data = {"f.batch": "B-7", "f.cause": "material", "_outcome": "refuse", "_version": task.version}
    assert ben.post(f"/tasks/{task.id}", data=data).status_code == 303
    engine.settle()
    with engine.read(SYSTEM) as tx:
        assert rows.get(tx, Case, case.id).stage == "closed"


def test_the_steps_of_the_readme_work_as_they_are_written(engine: Engine, house: Path) -> None:
    text = (shipped_folder("processes").parent / "README.md").read_text("utf-8").split("## Add a process")[1]
    steps = textwrap.dedent("".join(text.split("\n## ")[0].split("   ```\n")[1::2]))
    here = house.parent
    for name in ("processes", "forms"):
        (here / name).symlink_to(shipped_folder(name))
    (here / ".venv" / "bin").mkdir(parents=True)
    command = here / ".venv" / "bin" / "makegood"
    command.write_text(f'#!/bin/sh\nexec "{sys.executable}" -m web.cli "$@"\n', "utf-8")
    command.chmod(0o755)
    settings = {**os.environ, "PYTHONPATH": str(shipped_folder("processes").parent)}
    done = subprocess.run(
        ["sh", "-e", "-c", steps], cwd=here, env=settings, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    with engine.read(SYSTEM) as tx:
        assert tx.catalog.newest("recall").version == 1
