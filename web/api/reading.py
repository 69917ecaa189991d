"""A request is read once: JSON of bounded size whose texts are texts and whose numbers are exact."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

from flask import request
from flask.globals import request_ctx
from werkzeug.exceptions import RequestEntityTooLarge

from engine.model.errors import Message
from web.api.blueprint import RequestRefused

LARGEST_BODY = 1024 * 1024
DEEPEST = 64
_JSON = "application/json"


def _refuse_constant(name: str) -> object:
    raise ValueError(name)


_READER = json.JSONDecoder(parse_float=Decimal, parse_constant=_refuse_constant)


def read_body() -> object:
    """The parsed body, an empty object where nothing was sent; raises RequestRefused for what cannot be read."""
    asked = request_ctx.request
    asked.max_content_length = LARGEST_BODY
    try:
        content = asked.get_data(cache=True)
    except RequestEntityTooLarge:
        params = {"limit": LARGEST_BODY // 1024}
        raise RequestRefused(
            413, Message("body_too_large", "The body is larger than {limit} KB. Attach files on the pages.", params)
        ) from None
    if not content.strip():
        return {}
    if asked.content_type != _JSON and asked.mimetype != _JSON and not asked.mimetype.endswith("+json"):
        raise RequestRefused(415, Message("not_json", "Send JSON, with the header “Content-Type: application/json”."))
    return _parsed(content)


def _parsed(content: bytes) -> object:
    try:
        found = _READER.decode(content.decode("utf-8-sig"))
    except json.JSONDecodeError as fault:
        params = {"line": fault.lineno, "column": fault.colno}
        raise RequestRefused(
            400, Message("json_broken", "The body is no JSON: look at line {line}, column {column}.", params)
        ) from None
    except (ValueError, RecursionError):  # not UTF-8, a number of thousands of digits, NaN, or nested without end
        raise RequestRefused(400, Message("json_unreadable", "The body is no JSON that can be read here.")) from None
    for text in _texts(found, 0):
        if "\x00" in text or not _is_text(text):
            raise RequestRefused(400, Message("json_not_text", "The body holds characters that are no text."))
    return found


def _texts(value: object, depth: int) -> Iterator[str]:
    """All texts and names in it; raises RequestRefused where it is nested too deeply."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict | list):
        if depth >= DEEPEST:
            params = {"limit": DEEPEST}
            raise RequestRefused(
                400, Message("json_too_deep", "The body is nested deeper than {limit} levels.", params)
            )
        if isinstance(value, dict):
            yield from value
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _texts(inner, depth + 1)


def _is_text(text: str) -> bool:
    """Whether it can be written down: JSON may carry halves of characters."""
    if text.isascii():
        return True
    try:
        text.encode()
    except UnicodeEncodeError:
        return False
    return True


def read_key() -> str:
    """The Idempotency-Key, or nothing where none was sent; raises RequestRefused for one that is none."""
    key = request.headers.get("Idempotency-Key", "").strip()
    if key and (len(key) > 200 or not key.isascii() or not key.isprintable()):
        raise RequestRefused(
            400, Message("key_wrong", "An Idempotency-Key has 1 to 200 printable ASCII characters, such as a UUID.")
        )
    return key


def read_version() -> int | None:
    """The version in If-Match, or None where the header is absent or says “any”; raises RequestRefused for nonsense."""
    text = request_ctx.request.environ.get("HTTP_IF_MATCH", "").strip()
    if text in ("", "*"):
        return None
    digits = text.removeprefix("W/").strip('"')
    if not (digits.isascii() and digits.isdigit() and len(digits) < 10):
        raise RequestRefused(
            400, Message("if_match_wrong", 'If-Match carries a task\'s version as its ETag gave it: "3".')
        )
    return int(digits)
