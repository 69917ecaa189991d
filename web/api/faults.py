"""What the schema library finds in a request becomes one sentence for each field."""

from __future__ import annotations

from collections.abc import Iterator

import jsonschema_rs

from engine.model.errors import FieldError, Message, counted_message

_REQUIRED = Message("field_required", "Fill this in.")
_UNKNOWN = Message("field_unknown", "This call has no field of this name.")
_FORM = Message("field_pattern", "This is not written as it should be; see the description of the call.")
_CHOOSE = Message("field_choice", "Choose one of the values that are offered.")
_FORMATS = {
    "date": Message("field_date", "Write a date that exists, as year-month-day: 2026-03-02."),
    "email": Message("field_email", "Write an e-mail address such as anna@example.org."),
    "decimal": Message("field_number", "Write a number: 12 or 12.50."),
}
_TYPES = {
    "string": Message("field_text", "Write text here."),
    "integer": Message("field_whole", "Write a whole number: 12."),
    "number": _FORMATS["decimal"],
    "boolean": Message("field_yes_no", "Answer with true or false."),
    "object": Message("field_object", "Give an object with named fields."),
    "array": Message("field_list", "Give a list."),
}


def field_errors(faults: Iterator[jsonschema_rs.ValidationError]) -> list[FieldError]:
    """Every fault with the path of its field."""
    return [error for fault in faults for error in _errors_of(fault)]


def _errors_of(fault: jsonschema_rs.ValidationError) -> Iterator[FieldError]:
    path = ".".join(map(str, fault.instance_path))
    details = fault.kind.as_dict()
    kind = fault.kind.name
    if kind == "required":
        yield FieldError(_joined(path, details["property"]), _REQUIRED)
    elif kind in ("additionalProperties", "unevaluatedProperties"):
        for name in details["unexpected"]:
            yield FieldError(_joined(path, name), _UNKNOWN)
    else:
        yield FieldError(path, _sentence(kind, details))


def _joined(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)


def _sentence(kind: str, details: dict[str, object]) -> Message:
    limit = details.get("limit", 0)
    if kind == "type":
        types = details.get("types")
        known = [each for each in types if each != "null"] if isinstance(types, list) else []
        return _TYPES.get(str(known[0]) if known else "", _FORM)
    if kind == "format":
        return _FORMATS.get(str(details.get("format")), _FORM)
    if kind == "maxLength":
        return counted_message(
            "field_too_long", "Use at most {count} character.", "Use at most {count} characters.", limit
        )
    if kind == "minLength":
        return _REQUIRED if limit == 1 else _FORM
    if kind == "minimum":
        return Message("field_minimum", "Write {limit} or more.", {"limit": limit})
    if kind == "maximum":
        return Message("field_maximum", "Write {limit} or less.", {"limit": limit})
    return {"enum": _CHOOSE, "anyOf": _FORMATS["decimal"]}.get(kind, _FORM)
