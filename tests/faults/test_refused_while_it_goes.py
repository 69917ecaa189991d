"""Whoever is refused while the database goes away reads that, and not that the desk is broken."""

from __future__ import annotations

import pytest
from flask import Flask, Response

from engine.model.errors import Conflict, MakegoodError
from engine.store.connection import StorageLost
from web.api import blueprint


def test_a_refusal_whose_details_cannot_be_read_is_the_database_s_own(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[str] = []

    def gone() -> object:
        raise StorageLost("storage_lost", "The database does not answer ({reason}).", reason="it went")

    def refuse(refusal: MakegoodError) -> Response:
        told.append(refusal.code)
        return Response("{}", mimetype="application/json")

    app = Flask("trial")
    monkeypatch.setattr(blueprint, "read", gone)
    monkeypatch.setattr(blueprint, "refuse", refuse)
    with app.test_request_context("/api/tasks/1/claim"):
        blueprint.refuse_conflict(Conflict("task_taken", "It is with {owner_id}.", owner_id="1"))
    assert told == ["task_taken", "storage_lost"]
