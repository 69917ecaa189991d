"""Programs that act as people of the desk: each call carries a token, and each answer is checked against its description."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.actions.create_token import NewToken, create_token
from engine.model.people import SYSTEM
from engine.wiring import Engine
from web.api.calls import CALLS
from web.api.schemas import validator
from web.app import create_app

COMPLAINT: dict[str, Any] = {
    "kind": "complaint",
    "subject": "Pump leaks",
    "description": "The pump of my washing machine is broken and leaks after three months.",
    "channel": "web",
    "received_on": "2026-03-02",
    "country": "PL",
    "party": "consumer",
    "sector": "general",
    "customer": {"name": "Zofia Nowak", "email": "zofia@example.org", "language": "en"},
    "product": {"model": "WM-7", "serial": "123", "purchased_on": "2025-12-01"},
    "remedy": "repair",
}


@dataclass
class Program:
    """A program with somebody's token."""

    app: Flask
    browser: FlaskClient
    token: str

    def get(self, path: str, **query: object) -> TestResponse:
        """Read."""
        return self._checked(self.browser.get(path, query_string=query, headers=self._headers({})))

    def post(self, path: str, body: object = None, **headers: str) -> TestResponse:
        """Write; a header's name is given with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self._checked(self.browser.post(path, json={} if body is None else body, headers=self._headers(named)))

    def send(self, path: str, content: bytes, media_type: str = "application/json") -> TestResponse:
        """Write bytes as they are."""
        answer = self.browser.post(path, data=content, content_type=media_type, headers=self._headers({}))
        return self._checked(answer)

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}", "Accept-Language": "en", **more}

    def _checked(self, answer: TestResponse) -> TestResponse:
        """The answer is what its call describes, or a problem document."""
        with self.app.test_request_context(answer.request.path, method=answer.request.method):
            rule = self.app.url_map.bind("localhost").match(answer.request.path, method=answer.request.method)[0]
        call = CALLS[str(rule).removeprefix("api.")]
        name = call.gives if answer.status_code < 400 else "Problem"
        faults = [str(fault) for fault in validator(name).iter_errors(answer.get_json())]
        assert not faults, faults
        assert answer.status_code >= 400 or answer.status_code == call.status
        assert answer.mimetype == ("application/json" if answer.status_code < 400 else "application/problem+json")
        return answer


ProgramAs = Callable[[str], Program]


@pytest.fixture
def app(engine: Engine) -> Flask:
    """The application with no other room than this one."""
    return create_app(engine, testing=True, rooms=("auth", "api"))


@pytest.fixture
def program_as(app: Flask, engine: Engine) -> ProgramAs:
    """Gives a program with a token of somebody."""

    def program(login: str) -> Program:
        plain = f"mg_token_of_{login}"
        with engine.begin(SYSTEM) as tx:
            create_token(tx, login, NewToken(name="tests", plain=plain))
        return Program(app, app.test_client(), plain)

    return program


@pytest.fixture
def anna(program_as: ProgramAs) -> Program:
    """A clerk's program."""
    return program_as("anna")


@pytest.fixture
def number(anna: Program, engine: Engine) -> str:
    """The number of a case that anna's program has registered; its triage is offered to the front office."""
    answer = anna.post("/api/cases", COMPLAINT)
    assert answer.status_code == 201, answer.text
    engine.settle()
    return str(answer.json["number"]) if answer.json else ""


def only_task(program: Program, number: str, element: str = "triage") -> dict[str, Any]:
    """The open task of an element in a case."""
    found = [item for item in program.get("/api/tasks", case=number).json["items"] if item["element"] == element]  # type: ignore[index]  # a list is JSON
    assert len(found) == 1, found
    task: dict[str, Any] = found[0]
    return task
