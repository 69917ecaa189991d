"""The query of an address is checked like a body: what is not described is refused by name."""

from __future__ import annotations

from collections.abc import Mapping

import jsonschema_rs
from flask.globals import request_ctx

from engine.model.errors import FieldError, Invalid, Message
from web.api.faults import field_errors
from web.api.shapes import Schema, record

_FLAGS = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def query_check(described: Mapping[str, Schema]) -> jsonschema_rs.Draft202012Validator:
    """What checks the query of a call; made once, when the call is declared."""
    return jsonschema_rs.Draft202012Validator(record(described, needed=()), offline=True)


def read_query(described: Mapping[str, Schema], check: jsonschema_rs.Draft202012Validator) -> dict[str, object]:
    """The values by name, those left empty left out; raises Invalid naming every wrong one."""
    asked = request_ctx.request
    if not asked.query_string:  # nothing of a query is needed
        return {}
    given = {name: _typed(described.get(name, {}), text) for name, text in asked.args.items() if text != ""}
    twice = [name for name in asked.args if len(asked.args.getlist(name)) > 1]
    faults = [FieldError(name, Message("query_twice", "Give this once.")) for name in twice]
    faults += field_errors(check.iter_errors(given))
    if faults:
        raise Invalid("query_invalid", "The address asks for something that it cannot: see the fields.", fields=faults)
    return given


def _typed(schema: Schema, text: str) -> object:
    """The text as the described type, or as it is where it does not fit, which the check then says."""
    kind = schema.get("type")
    if kind == "boolean":
        return _FLAGS.get(text.lower(), text)
    if kind == "integer" and text.isascii() and text.isdigit() and len(text) < 10:
        return int(text)
    return text
