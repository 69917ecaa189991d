"""A cursor is signed and belongs to its list: it can be neither read, made up, nor used with other filters."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

from flask import current_app
from itsdangerous import BadData, URLSafeSerializer

from engine.model.errors import FieldError, Invalid, Message
from engine.model.lists import Place
from engine.model.values import canonical_json


def cursor_at(place: Place, person: str, wanted: Mapping[str, object]) -> str:
    """The cursor of the page after a place, for this person and these filters."""
    return _serializer().dumps([place.key, place.id, _list(person, wanted)])


def place_of(cursor: str, person: str, wanted: Mapping[str, object]) -> Place:
    """The place of a cursor; raises Invalid for one that was altered or belongs to another list."""
    try:
        key, row, belongs = _serializer().loads(cursor)
    except (BadData, ValueError, TypeError):
        raise _refusal() from None
    if belongs != _list(person, wanted):
        raise _refusal()
    return Place(int(key), str(row))


def _serializer() -> URLSafeSerializer:
    return URLSafeSerializer(current_app.config["SECRET_KEY"], salt="cursor of a list")


def _list(person: str, wanted: Mapping[str, object]) -> str:
    told = canonical_json({"person": person, "wanted": dict(wanted)})
    return hashlib.sha256(told.encode()).hexdigest()[:16]


def _refusal() -> Invalid:
    fault = FieldError(
        "cursor",
        Message("cursor_wrong", "This cursor is of another list, or not complete. Begin again without a cursor."),
    )
    return Invalid("query_invalid", "The address asks for something that it cannot: see the fields.", fields=[fault])
