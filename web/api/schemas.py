"""Requests are checked against the very schemas that describe them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

import jsonschema_rs

from engine.model.errors import Invalid
from web.api.answers import ANSWERS
from web.api.faults import field_errors
from web.api.requests import REQUESTS
from web.api.shapes import PLACE, Schema

SCHEMAS: dict[str, Schema] = {**REQUESTS, **ANSWERS}
_DECIMAL = re.compile(r"\d{1,24}(\.\d{1,10})?", re.ASCII)


@lru_cache(maxsize=64)
def validator(name: str) -> jsonschema_rs.Draft202012Validator:
    """The check of what is described under a name."""
    document = {"$ref": PLACE + name, "components": {"schemas": SCHEMAS}}
    return jsonschema_rs.Draft202012Validator(
        document,
        formats={"decimal": lambda text: bool(_DECIMAL.fullmatch(text))},
        validate_formats=True,
        offline=True,
    )


def check(name: str, value: object) -> Mapping[str, object]:
    """The value as the object that it must be; raises Invalid naming every wrong field at once."""
    faults = field_errors(validator(name).iter_errors(value))
    if faults or not isinstance(value, dict):
        raise Invalid("request_invalid", "The request does not fit its description: see the fields.", fields=faults)
    return value
