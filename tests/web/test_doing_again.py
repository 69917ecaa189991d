"""Two requests that meet in PostgreSQL: the victim of a deadlock is done again, and a long wait loses nothing that was typed."""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import AbstractContextManager
from functools import partial
from html import unescape
from io import BytesIO

import pytest
from flask import Flask
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.actions.create_token import NewToken, create_token
from engine.model.case import AttachmentContent, Case, Comment
from engine.model.errors import StorageBusy
from engine.model.people import SYSTEM, Actor, Setting
from engine.store import postgres, rows
from engine.store.transaction import Tx
from engine.wiring import Engine
from web import current
from web.access import public

Ask = Callable[[], TestResponse]
ClientAs = Callable[[str], FlaskClient]
LEAKS = "It leaks.\n\n“Twice” <b>a day</b> & more"
_WAITS = "SELECT count(*) FROM pg_locks JOIN pg_database AS d ON d.oid = database WHERE NOT granted AND datname = current_database()"


@pytest.fixture
def web_store() -> str:
    """Only there do two transactions write at once."""
    return "postgresql"


@pytest.fixture
def elsewhere() -> Iterator[ThreadPoolExecutor]:
    """Where the other request runs."""
    with ThreadPoolExecutor(1) as pool:
        yield pool


def await_a_lock(tx: Tx) -> None:
    """Come back when somebody waits for a lock."""
    until = time.monotonic() + 5
    while not tx.connection.row(_WAITS)[0]:
        assert time.monotonic() < until, "nobody waits"
        time.sleep(0.01)


def asked(ask: Ask) -> TestResponse:
    """Ask on another thread, because this one has a transaction open."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(ask).result(30)


def crossed(engine: Engine, case: Case, ask: Ask, elsewhere: ThreadPoolExecutor) -> TestResponse:
    """Let a request that takes its case, then writes to it, meet a transaction that does it the other way round."""
    with engine.begin(SYSTEM) as tx:
        tx.connection.execute("LOCK TABLE comment, attachment, attachment_content IN EXCLUSIVE MODE")
        answer: Future[TestResponse] = elsewhere.submit(ask)
        await_a_lock(tx)
        time.sleep(0.5)  # PostgreSQL gives up the one who has waited for a second first
        rows.get(tx, Case, case.id, lock=True)
        rows.update(tx, Case, case.id, subject="Changed meanwhile")
    return answer.result(30)


def counted(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Who begins a writing transaction in a request."""
    begun: list[str] = []
    begin_as = current.begin_as

    def count(who: Actor) -> AbstractContextManager[Tx]:
        begun.append(who.name)
        return begin_as(who)

    monkeypatch.setattr(current, "begin_as", count)
    return begun


@pytest.fixture
def impatient(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """A database where nobody waits long for a lock."""
    monkeypatch.setitem(postgres._SETTINGS, "lock_timeout", "100ms")
    engine.store.close()


def comments(engine: Engine) -> list[str]:
    """The texts of all comments."""
    with engine.read(SYSTEM) as tx:
        return [comment.body for comment in rows.find(tx, Comment)]


def test_the_victim_of_a_deadlock_is_done_again(
    engine: Engine, case: Case, client_as: ClientAs, elsewhere: ThreadPoolExecutor, monkeypatch: pytest.MonkeyPatch
) -> None:
    anna, begun = client_as("anna"), counted(monkeypatch)
    answer = crossed(engine, case, lambda: anna.post(f"/cases/{case.number}/comments", data={"body": LEAKS}), elsewhere)
    assert answer.status_code == 303
    assert begun == ["Anna", "Anna"]
    assert comments(engine) == [LEAKS]


def test_a_file_is_read_from_its_beginning_when_its_request_is_done_again(
    engine: Engine, case: Case, client_as: ClientAs, elsewhere: ThreadPoolExecutor
) -> None:
    anna = client_as("anna")
    given = {"file": (BytesIO(b"a photo of the leak"), "leak.txt")}
    answer = crossed(engine, case, lambda: anna.post(f"/cases/{case.number}/attachments", data=given), elsewhere)
    assert answer.status_code == 303
    with engine.read(SYSTEM) as tx:
        assert [content.content for content in rows.find(tx, AttachmentContent)] == [b"a photo of the leak"]


@pytest.mark.usefixtures("impatient")
def test_who_waits_in_vain_sends_the_same_again_with_one_button(
    engine: Engine, case: Case, client_as: ClientAs
) -> None:
    anna = client_as("anna")
    with engine.begin(SYSTEM) as tx:
        rows.get(tx, Case, case.id, lock=True)
        answer = asked(lambda: anna.post(f"/cases/{case.number}/comments?from=inbox", data={"body": LEAKS}))
    page = answer.get_data(as_text=True)
    assert (answer.status_code, answer.headers["Retry-After"], comments(engine)) == (503, "2", [])
    sent = re.search(
        r'<form method="post" action="([^"]+)">\s*<textarea name="body" hidden>\n(.*?)</textarea>', page, re.S
    )
    assert sent is not None
    assert anna.post(unescape(sent[1]), data={"body": unescape(sent[2])}).status_code == 303
    assert comments(engine) == [LEAKS]


@pytest.mark.usefixtures("impatient")
def test_a_program_that_waits_in_vain_learns_when_to_come_back(engine: Engine, case: Case, app: Flask) -> None:
    with engine.begin(SYSTEM) as tx:
        create_token(tx, "anna", NewToken(name="desk", plain="mg_anna"))
    headers = {"Authorization": "Bearer mg_anna"}
    say = partial(app.test_client().post, f"/api/cases/{case.number}/comments", json={"body": "Hm"}, headers=headers)
    with engine.begin(SYSTEM) as tx:
        rows.get(tx, Case, case.id, lock=True)
        answer = asked(say)
    assert (answer.status_code, answer.get_json()["code"]) == (503, "storage_held")
    assert answer.headers["Retry-After"] == "2"
    assert say().status_code == 201
    assert comments(engine) == ["Hm"]


def test_what_was_kept_in_part_is_not_done_again(app: Flask, engine: Engine) -> None:
    begun: list[int] = []

    def twice() -> str:
        begun.append(1)
        with current.begin_as(SYSTEM) as tx:
            rows.insert(tx, Setting(key=f"try {len(begun)}", value="1"))
        raise StorageBusy("storage_held", "Somebody else is changing the same things.")

    app.add_url_rule("/twice", "twice", public(twice), methods=["POST"])
    page = app.test_client().post("/twice", data={"body": LEAKS})
    assert (page.status_code, len(begun)) == (503, 1)
    assert "<textarea" not in page.get_data(as_text=True)


def test_passwords_are_on_no_page(app: Flask) -> None:
    def sign() -> str:
        raise StorageBusy("storage_held", "Somebody else is changing the same things.")

    app.add_url_rule("/sign", "sign", public(sign), methods=["POST"])
    page = app.test_client().post("/sign", data={"login": "anna", "password": "secret words"})
    assert (page.status_code, "secret words" in page.get_data(as_text=True)) == (503, False)
