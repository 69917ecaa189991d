"""JSON of designers is read strictly: one object, no doubled keys, no NaN, bounded in size and depth."""

from __future__ import annotations

import json
from collections.abc import Mapping

from engine.definitions.forms.findings import Findings
from engine.model.errors import Message

LARGEST = 1_000_000
DEEPEST = 30
_REWRITE = Message("form_json_remedy", "Save the file as JSON in UTF-8: one object, each key once.")


class _Doubled(ValueError):
    """A key stands twice in one object."""


def _once(pairs: list[tuple[str, object]]) -> dict[str, object]:
    found: dict[str, object] = {}
    for key, value in pairs:
        if key in found:
            raise _Doubled(key)
        found[key] = value
    return found


def _no_constant(name: str) -> object:
    raise ValueError(name)


def read_object(data: bytes, findings: Findings) -> Mapping[str, object] | None:
    """Give the one object of the file, or None with a finding that says why not."""
    if len(data) > LARGEST:
        what = Message("form_too_large", "The form file is larger than {limit} bytes.", {"limit": LARGEST})
        findings.error(what, Message("form_too_large_remedy", "Split the form into groups."))
        return None
    try:
        value: object = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_once, parse_constant=_no_constant)
    except UnicodeDecodeError:
        findings.error(Message("form_encoding", "The file is not UTF-8 text."), _REWRITE)
        return None
    except _Doubled as doubled:
        key = str(doubled)
        findings.error(Message("form_key_twice", "The key “{key}” stands twice.", {"key": key}), _REWRITE, at=key)
        return None
    except json.JSONDecodeError as broken:
        what = Message(
            "form_json",
            "The JSON breaks off at column {column}: {reason}.",
            {"column": broken.colno, "reason": broken.msg},
        )
        findings.error(what, _REWRITE, line=broken.lineno)
        return None
    except (ValueError, RecursionError):
        findings.error(
            Message("form_json_value", "The JSON holds a value that is no JSON, or nests too deep."), _REWRITE
        )
        return None
    if not isinstance(value, dict) or _depth(value) > DEEPEST:
        findings.error(Message("form_not_object", "The file is not one JSON object of reasonable depth."), _REWRITE)
        return None
    return value


def _depth(value: object) -> int:
    deepest, open_values = 0, [(value, 1)]
    while open_values:
        each, level = open_values.pop()
        deepest = max(deepest, level)
        inner = list(each.values()) if isinstance(each, dict) else each if isinstance(each, list) else []
        open_values += [(item, level + 1) for item in inner]
    return deepest
