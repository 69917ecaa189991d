"""The shipped forms read without a finding, in English and Polish, and offer what the tables can answer."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.definitions.bpmn import read_bpmn
from engine.definitions.forms import join_forms, read_form
from engine.model.form import Field, FieldKind, Form, Store

ROOT = Path(__file__).parents[2]
PATHS = sorted((ROOT / "forms").glob("*.json"))


def form_of(path: Path) -> Form:
    read = read_form(path.read_bytes(), key=path.stem, file=path.name)
    assert read.findings == ()
    assert read.form is not None
    return read.form


FORMS = {path.stem: form_of(path) for path in PATHS}


def texts_of(field: Field) -> Iterator[tuple[str, object]]:
    yield field.name, field.label
    if field.help:
        yield f"{field.name} (help)", field.help
    for option in field.options:
        yield f"{field.name}={option.value}", option.label
    for column in field.columns:
        yield from texts_of(column)


@pytest.mark.parametrize("key", sorted(FORMS))
def test_a_form_is_complete_in_english_and_polish(key: str) -> None:
    texts = [(key, FORMS[key].title), *(text for field in FORMS[key].fields for text in texts_of(field))]
    assert [name for name, text in texts if not isinstance(text, dict) or not {"en", "pl"} <= set(text)] == []


def test_the_forms_fit_together() -> None:
    joined, findings = join_forms(FORMS)
    assert findings == ()
    assert {group.use for group in joined["triage"].groups} == {"case_facts"}


def test_every_user_task_of_a_shipped_process_has_a_form() -> None:
    for diagram in ROOT.glob("processes/*/*.bpmn"):
        definitions = read_bpmn(diagram.read_bytes(), file=diagram.name).definitions
        users = [node.user for process in definitions.processes for node in process.body.walk() if node.user]
        assert {user.form for user in users} <= set(FORMS)


def test_the_registration_form_asks_for_everything_that_a_complaint_needs() -> None:
    asked = {
        *("received_on", "posted_on", "channel", "by_proxy", "complainant_name", "party", "customer_number"),
        *("customer_contract", "model", "serial", "invoice", "disputed_amount", "subject", "remedy", "medium"),
        *("language", "earlier_case", "attachments"),
    }
    assert asked <= {field.name for field in FORMS["registration"].fields}


def test_personal_values_of_the_registration_stay_out_of_the_process() -> None:
    form = FORMS["registration"]
    personal = {field.name for field in form.fields if field.name.startswith(("customer_", "complainant_"))}
    kept = form.stored(Store.CUSTOMER)
    assert personal - kept == {"customer_contract"}
    assert form.stored(Store.MESSAGE) == {"description"}


def test_every_kind_of_field_is_in_use() -> None:
    used = {field.kind for form in FORMS.values() for field in form.fields}
    assert used >= set(FieldKind) - {FieldKind.NUMBER}


def test_the_files_are_readable_json_with_one_field_a_line() -> None:
    for path in PATHS:
        properties = json.loads(path.read_text("utf-8"))["schema"]["properties"]
        lines = path.read_text("utf-8").splitlines()
        assert all(any(line.strip().startswith(f'"{name}":') for line in lines) for name in properties)
