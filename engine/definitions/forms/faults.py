"""What the schema library found becomes a sentence that says what to do; there is one for every kind of fault."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

import jsonschema_rs

from engine.model.errors import Message, counted_message
from engine.model.form import Field, FieldKind, Form
from engine.model.values import DIGITS, TEXT_BYTES

REQUIRED = Message("field_required", "Fill this in.")
READONLY = Message("field_readonly", "This is shown only; it cannot be changed here.")
UNKNOWN = Message("field_unknown", "The form has no field of this name.")
_CHOOSE = Message("field_choice", "Choose one of the values that are offered.")
_TICK = Message("field_confirm", "Tick this to go on.")
_DOUBLED = Message("field_doubled", "Name each value once.")
_PATTERN = Message("field_pattern", "This is not written as it should be; see the help beside the field.")
_FORMATS = {
    "date": Message("field_date", "Write a date that exists, as year-month-day: 2026-03-02."),
    "decimal": Message("field_number", "Write a number: 12 or 12.50."),
    "email": Message("field_email", "Write an e-mail address such as anna@example.org."),
    "phone": Message("field_phone", "Write a telephone number of 5 to 15 digits: +48 22 123 45 67."),
    "file": Message("field_file", "Choose a file."),
}
_TYPES = {
    FieldKind.YES_NO: Message("field_yes_no", "Answer with yes or no."),
    FieldKind.CHOICE: _CHOOSE,
    FieldKind.CHOICES: _CHOOSE,
    FieldKind.DATE: _FORMATS["date"],
    FieldKind.NUMBER: _FORMATS["decimal"],
    FieldKind.MONEY: _FORMATS["decimal"],
    FieldKind.LINES: Message("field_lines", "Give a list of lines."),
    FieldKind.FILE: _FORMATS["file"],
}
_TOO_LARGE: int = 10**DIGITS
_WHOLE = Message("field_whole", "Write a whole number: 12.")
_TEXT = Message("field_text", "Write text here.")


def format_fault(name: str) -> Message:
    """The sentence for a text that is not of the format."""
    return _FORMATS[name]


def too_long(limit: object) -> Message:
    """The sentence for a text of more than `limit` characters."""
    return counted_message("field_too_long", "Use at most {count} character.", "Use at most {count} characters.", limit)


def has_fitting_digits(value: int | Decimal) -> bool:
    """Whether a number is finite and has at most 34 digits before and after the point together."""
    if isinstance(value, int):
        return -_TOO_LARGE < value < _TOO_LARGE
    if not value.is_finite():
        return False
    text = str(value)
    if len(text) <= DIGITS and "E" not in text:  # a text without exponent shows all digits
        return True
    exponent = value.as_tuple().exponent
    return isinstance(exponent, int) and max(value.adjusted(), 0) + max(-exponent, 0) < DIGITS


def bounds_fault(field: Field, value: str | int | Decimal) -> Message | None:
    """Give the fault of a typed value that the schema library does not see: bounds of decimals, bytes of texts."""
    if isinstance(value, str):
        fits = len(value) * 4 <= TEXT_BYTES or len(value.encode("utf-8", "surrogatepass")) <= TEXT_BYTES
        return None if fits else too_long(TEXT_BYTES // 4)
    if not has_fitting_digits(value):
        return Message("field_digits", "Write a number of at most {limit} digits.", {"limit": DIGITS})
    if field.minimum is not None and value < field.minimum:
        return Message("field_minimum", "Write {limit} or more.", {"limit": field.minimum})
    if field.maximum is not None and value > field.maximum:
        return Message("field_maximum", "Write {limit} or less.", {"limit": field.maximum})
    return None


def fault_of(form: Form, fault: jsonschema_rs.ValidationError) -> Iterator[tuple[str, Message]]:
    """Give the path of each field concerned and its sentence."""
    path = ".".join(map(str, fault.instance_path))
    kind = fault.kind
    details = kind.as_dict()
    if kind.name == "required":
        yield _joined(path, details["property"]), REQUIRED
    elif kind.name in ("additionalProperties", "unevaluatedProperties"):
        unexpected = details["unexpected"]
        for name in unexpected if isinstance(unexpected, list) else [unexpected]:
            yield _joined(path, name), UNKNOWN
    else:
        yield path, _sentence(_field_at(form, fault.instance_path), kind.name, details)


def _joined(path: str, name: object) -> str:
    return f"{path}.{name}" if path else str(name)


def _field_at(form: Form, path: list[str | int]) -> Field | None:
    field = form.field(str(path[0])) if path else None
    if field is not None and field.columns and len(path) == 3:
        return next((column for column in field.columns if column.name == path[2]), None)
    return field


def _sentence(field: Field | None, kind: str, details: dict[str, object]) -> Message:
    limit = details.get("limit", 0)
    if kind == "type":
        if field is None:
            return _TEXT
        return _WHOLE if field.whole else _TYPES.get(field.kind, _TEXT)
    if kind == "format":
        return _FORMATS.get(str(details.get("format")), _PATTERN)
    if kind == "maxLength":
        return too_long(limit)
    if kind == "minLength":
        return counted_message(
            "field_too_short", "Use at least {count} character.", "Use at least {count} characters.", limit
        )
    if kind in ("minItems", "maxItems"):
        return _amount_of_items(kind, limit)
    return _of_number(kind, limit, details)


def _amount_of_items(kind: str, limit: object) -> Message:
    if kind == "minItems":
        return counted_message("field_too_few", "Give at least {count} entry.", "Give at least {count} entries.", limit)
    return counted_message("field_too_many", "Give at most {count} entry.", "Give at most {count} entries.", limit)


def _of_number(kind: str, limit: object, details: dict[str, object]) -> Message:
    if kind == "minimum":
        return Message("field_minimum", "Write {limit} or more.", {"limit": limit})
    if kind == "maximum":
        return Message("field_maximum", "Write {limit} or less.", {"limit": limit})
    if kind == "exclusiveMinimum":
        return Message("field_above", "Write more than {limit}.", {"limit": limit})
    if kind == "exclusiveMaximum":
        return Message("field_below", "Write less than {limit}.", {"limit": limit})
    if kind == "multipleOf":
        return Message("field_step", "Write a multiple of {step}.", {"step": details.get("multiple_of", limit)})
    return {"enum": _CHOOSE, "const": _TICK, "uniqueItems": _DOUBLED}.get(kind, _PATTERN)
