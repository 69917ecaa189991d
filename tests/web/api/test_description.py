"""The description is made from the calls: every address is in it, and whatever it refers to is there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import jsonschema_rs
import pytest
from flask import Flask
from markupsafe import escape

from web.api.calls import CALLS
from web.api.schemas import SCHEMAS, validator

NOT_CALLS = {"/api/openapi.json", "/api/docs"}
DRAFT = "https://json-schema.org/draft/2020-12/schema"


@pytest.fixture
def document(app: Flask) -> dict[str, Any]:
    """The description as a program gets it, without a token."""
    answer = app.test_client().get("/api/openapi.json")
    assert answer.status_code == 200
    told: dict[str, Any] = answer.get_json()
    return told


def references(value: object) -> Iterator[str]:
    """Every reference in it."""
    if isinstance(value, dict):
        if isinstance(value.get("$ref"), str):
            yield value["$ref"]
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def test_every_address_of_the_room_is_described(app: Flask, document: dict[str, Any]) -> None:
    served = {
        (str(rule).replace("<", "{").replace(">", "}"), method.lower())
        for rule in app.url_map.iter_rules()
        for method in (rule.methods or set()) - {"HEAD", "OPTIONS"}
        if rule.endpoint.startswith("api.") and str(rule) not in NOT_CALLS
    }
    assert served == {(path, method) for path, methods in document["paths"].items() for method in methods}


def test_whatever_is_referred_to_is_there(document: dict[str, Any]) -> None:
    known = {f"#/components/schemas/{name}" for name in document["components"]["schemas"]}
    found = set(references(document))
    assert found <= known
    assert known - found == set()


def test_every_schema_is_one(document: dict[str, Any]) -> None:
    for name, schema in document["components"]["schemas"].items():
        assert jsonschema_rs.meta.is_valid({"$schema": DRAFT, **schema}), name
        assert not validator(name).is_valid(17), name


def test_the_calls_of_the_contract_are_there(document: dict[str, Any]) -> None:
    assert {
        "/api/cases",
        "/api/cases/{number}",
        "/api/tasks",
        *(
            f"/api/tasks/{{task_id}}/{step}"
            for step in ("claim", "release", "start", "delegate", "reassign", "complete")
        ),
        "/api/cases/{number}/special-mode",
        "/api/messages",
        "/healthz",
    } <= set(document["paths"])


def test_people_read_the_same(app: Flask) -> None:
    page = app.test_client().get("/api/docs").get_data(as_text=True)
    for call in CALLS.values():
        assert escape(call.summary) in page
    for name, schema in SCHEMAS.items():
        assert f'id="{name}"' in page or not schema.get("properties")
