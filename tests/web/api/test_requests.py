"""What cannot be read is refused with a sentence in the caller's language, and a wrong token gets nowhere."""

from __future__ import annotations

import time
from functools import partial
from pathlib import Path

import pytest
from flask import Flask

from engine.actions.watch_tokens import WRONG_TOKENS
from engine.model.errors import StorageFull
from engine.model.people import SYSTEM, LoginAttempt, Token
from engine.queries.health import has_worker
from engine.settings import Settings
from engine.store import rows
from engine.store.connection import StorageLost
from engine.store.transaction import Store
from engine.wiring import Engine, build, start_worker
from tests.databases import Databases
from tests.web.api.conftest import COMPLAINT, Program, ProgramAs
from tests.web.conftest import same_on_postgres
from web.api import blueprint
from web.api.schemas import validator
from web.app import create_app


def test_without_a_token_nothing_is_told(app: Flask) -> None:
    answer = app.test_client().get("/api/tasks")
    assert (answer.status_code, answer.mimetype) == (401, "application/problem+json")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_a_wrong_token_is_refused(anna: Program) -> None:
    anna.token = "mg_wrong"
    assert anna.get("/api/tasks").status_code == 401


def test_a_revoked_token_is_refused(anna: Program, engine: Engine) -> None:
    with engine.begin(SYSTEM) as tx:
        rows.update_where(tx, Token, {"revoked_at": tx.now}, name="tests")
    assert anna.get("/api/tasks").status_code == 401


def test_too_many_wrong_tokens_are_slowed_down_and_the_right_one_is_not(anna: Program, engine: Engine) -> None:
    right, anna.token = anna.token, "mg_wrong"
    statuses = [anna.get("/api/tasks").status_code for _ in range(WRONG_TOKENS + 3)]
    assert statuses == [401] * WRONG_TOKENS + [429] * 3
    with engine.read(SYSTEM) as tx:
        assert rows.count(tx, LoginAttempt) == WRONG_TOKENS
    anna.token = right
    assert anna.get("/api/tasks").status_code == 200


def test_the_use_of_a_token_is_noted(anna: Program, engine: Engine) -> None:
    anna.get("/api/tasks")
    with engine.read(SYSTEM) as tx:
        assert [token.used_at is not None for token in rows.find(tx, Token)] == [True]


@pytest.mark.parametrize(
    ("content", "status", "code"),
    [
        (b'{"subject": ', 400, "json_broken"),
        (b"\xff\xfe", 400, "json_unreadable"),
        (b'{"disputed_amount": NaN}', 400, "json_unreadable"),
        (b'{"disputed_amount": ' + b"9" * 5000 + b"}", 400, "json_unreadable"),
        (b'{"subject": "\\ud800"}', 400, "json_not_text"),
        (b'{"subject": "a\\u0000b"}', 400, "json_not_text"),
        (b"[" * 100_000, 400, "json_unreadable"),
        (b'{"product": ' + b"[" * 70 + b"]" * 70 + b"}", 400, "json_too_deep"),
        (b'{"subject": "' + b"x" * 1024 * 1024 + b'"}', 413, "body_too_large"),
        (b"[]", 422, "request_invalid"),
        (b"null", 422, "request_invalid"),
    ],
)
def test_what_cannot_be_read_is_refused(anna: Program, content: bytes, status: int, code: str) -> None:
    answer = anna.send("/api/cases", content)
    assert (answer.status_code, answer.get_json()["code"]) == (status, code)


def test_other_than_json_is_refused(anna: Program) -> None:
    answer = anna.send("/api/cases", b"subject=Pump", "application/x-www-form-urlencoded")
    assert (answer.status_code, answer.get_json()["code"]) == (415, "not_json")


def test_a_key_that_is_none_is_refused(anna: Program) -> None:
    answer = anna.post("/api/cases", COMPLAINT, Idempotency_Key="k" * 201)
    assert (answer.status_code, answer.get_json()["code"]) == (400, "key_wrong")


def test_a_refusal_speaks_the_language_that_the_program_asks_for(app: Flask, program_as: ProgramAs) -> None:
    anna = program_as("anna")
    headers = {"Authorization": f"Bearer {anna.token}", "Accept-Language": "pl"}
    answer = app.test_client().post("/api/cases", json={}, headers=headers)
    assert answer.status_code == 422
    assert answer.get_json()["code"] == "request_invalid"
    english = anna.post("/api/cases", {}).get_json()["detail"]
    assert english.startswith("The request does not fit")
    assert answer.headers["Vary"].count("Accept-Language") == 1


def test_an_unknown_address_is_a_problem_document(app: Flask) -> None:
    answer = app.test_client().get("/api/unicorns")
    assert (answer.status_code, answer.mimetype) == (404, "application/problem+json")


def test_health_is_told_to_anybody(app: Flask, engine: Engine) -> None:
    engine.settle()
    answer = app.test_client().get("/healthz")
    told = answer.get_json()
    assert (answer.status_code, told["ok"], told["pending_jobs"], told["oldest_due_s"]) == (200, True, 0, 0)
    assert told["version"]


def test_a_database_that_cannot_be_read_is_no_health(app: Flask, engine: Engine) -> None:
    engine.close()
    engine.settings.database_path.write_bytes(b"This is no database. " * 200)
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.get_json()["ok"]) == (503, False)
    assert "damaged" in answer.get_json()["warning"]


def test_where_the_database_is_nobody_outside_is_told(
    app: Flask, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def gone(*_: object) -> None:
        raise StorageLost("storage_lost", "It does not answer ({reason}).", reason="server at 10.0.0.5, user desk")

    monkeypatch.setattr(Store, "read", gone)
    monkeypatch.setattr(Store, "begin", gone)
    client = app.test_client()
    for path in ("/sign-in", "/healthz", "/api/tasks"):
        answer = client.get(path, headers={"Authorization": "Bearer mg_some"} if "api" in path else {})
        assert answer.status_code == 503, path
        assert "The database does not answer. Nothing was saved" in answer.text
        assert "10.0.0.5" not in answer.text
    assert "10.0.0.5" in caplog.text


def test_reading_goes_on_while_nothing_can_be_written(
    anna: Program, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise StorageFull("storage_full", "The disk of the database is full.")

    monkeypatch.setattr(blueprint, "note_token_use", full)
    assert anna.get("/api/tasks").status_code == 200


def test_without_a_worker_on_postgresql_it_is_no_health(databases: Databases, furnished: Path, tmp_path: Path) -> None:
    url = databases.copy("web", partial(same_on_postgres, furnished))
    engine = build(Settings(data_dir=tmp_path, database_url=url))
    ask = create_app(engine, testing=True).test_client().get
    alone = ask("/healthz")
    assert (alone.status_code, alone.get_json()["ok"], alone.get_json()["worker"]) == (200, False, False)
    assert "makegood work" in alone.get_json()["warning"]
    worker = start_worker(engine, concurrency=1)
    until = time.monotonic() + 10
    while not (told := ask("/healthz").get_json())["ok"]:
        assert time.monotonic() < until, told
        time.sleep(0.05)
    worker.stop()  # also where only one of its two queues is watched so far
    assert (told["worker"], "warning" in told) == (True, False)
    assert validator("Health").is_valid(told)
    with engine.begin(SYSTEM) as tx:
        assert has_worker(tx) is False  # it has said good-bye
        old = "INSERT INTO procrastinate_workers (last_heartbeat) VALUES (clock_timestamp() - interval '31 seconds')"
        tx.connection.execute(old)
        assert has_worker(tx) is False
    engine.close()
    databases.drop(url)
