"""Values are checked against the form's schema, then typed; every fault is a field error with our own sentence."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from json import loads

import jsonschema_rs

from engine.definitions.forms.faults import READONLY, bounds_fault, fault_of, format_fault, has_fitting_digits
from engine.definitions.forms.formats import FORMAT_CHECKS, PATTERNS, WITHOUT_NAMES
from engine.model.errors import FieldError
from engine.model.form import Field, FieldKind, Form
from engine.model.values import DIGITS

_NUMBERS = (FieldKind.NUMBER, FieldKind.MONEY)
_AS_GIVEN = (FieldKind.CHOICES, FieldKind.LINES, FieldKind.FILE)
_LINES, _DATE = FieldKind.LINES, FieldKind.DATE  # an enumeration's member costs a look-up each time it is named


@lru_cache(maxsize=512)
def _validator(schema: str) -> jsonschema_rs.Draft202012Validator:
    return jsonschema_rs.Draft202012Validator(
        loads(schema),
        formats=FORMAT_CHECKS,
        validate_formats=True,
        ignore_unknown_formats=False,
        pattern_options=PATTERNS,
        email_options=WITHOUT_NAMES,
        offline=True,
    )


def check_values(
    form: Form, values: Mapping[str, object], shown: frozenset[str]
) -> tuple[dict[str, object], tuple[FieldError, ...]]:
    """Give the typed values of the fields that are shown, and every fault; null stands for a field left empty.

    Names that the form does not have, and fields that are only shown, are faults; hidden fields are dropped.
    """
    errors: list[FieldError] = []
    plain: dict[str, object] = {}
    cleared: list[str] = []
    fields = form.by_name
    for name, value in values.items():
        field = fields.get(name)
        if field is not None and field.readonly:
            errors.append(FieldError(name, READONLY))
        elif field is None:
            plain[name] = None
        elif name in shown:
            json_value = _plain(field, value)
            if json_value is None or (json_value == [] and field.kind in _AS_GIVEN):
                cleared.append(name)
            else:
                plain[name] = json_value
    errors += _schema_faults(form, plain, shown)
    typed: dict[str, object] = {**dict.fromkeys(cleared)}
    faulty = {error.field.split(".")[0] for error in errors} if errors else ()
    for name, value in plain.items():
        field = fields.get(name)
        if field is not None and name not in faulty:
            typed[name] = _typed(field, value, name, errors)
    return typed, _in_order(form, errors) if errors else ()


def typed_or_given(field: Field, value: object) -> object:
    """Give the typed value where it fits, else the value as it was given; for conditions and for showing input again."""
    errors: list[FieldError] = []
    plain = _plain(field, value)
    try:
        typed = _typed(field, plain, field.name, errors) if plain is not None else None
    except (TypeError, AttributeError):
        return plain
    return plain if errors else typed


def _schema_faults(form: Form, plain: dict[str, object], shown: frozenset[str]) -> list[FieldError]:
    validator = _validator(form.schema)
    if validator.is_valid(plain):
        return []
    errors: list[FieldError] = []
    for fault in validator.iter_errors(plain):
        for field, message in fault_of(form, fault):
            hidden = field in form.by_name and field not in shown
            if not hidden:
                errors.append(FieldError(field, message))
    return errors


def _in_order(form: Form, errors: list[FieldError]) -> tuple[FieldError, ...]:
    order = {field.name: place for place, field in enumerate(form.fields)}
    return tuple(sorted(errors, key=lambda error: order.get(error.field.split(".")[0], len(order))))


def _plain(field: Field, value: object) -> object:
    """Give the value as JSON has it: texts without blanks around them, none for an empty one, nothing nested deeper."""
    if isinstance(value, str):
        return _clean(value) or None
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int | float | Decimal) and not isinstance(value, bool):
        return _plain_number(field, Decimal(str(value)) if isinstance(value, float) else value)
    if isinstance(value, list | tuple):
        if field.kind is _LINES:
            return [_plain_line(field, line) for line in value]
        many = field.kind in _AS_GIVEN
        return [_clean(each) if isinstance(each, str) else 0 for each in value] if many else []
    if isinstance(value, Mapping):
        return 0 if field.kind in _AS_GIVEN else []
    return value


def _clean(text: str) -> str:
    whole = text if text.isascii() else text.encode("utf-8", "replace").decode()
    return whole.replace("\0", "").strip()


def _plain_number(field: Field, value: int | Decimal) -> object:
    if not has_fitting_digits(value):
        return "?" if field.as_text else 10**DIGITS
    if field.as_text:
        return format(value, "f") if isinstance(value, Decimal) else str(value)
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    return value


def _plain_line(field: Field, line: object) -> object:
    if not isinstance(line, Mapping):
        return 0
    columns = {column.name: column for column in field.columns}
    plain = {name: _plain(columns[name], value) if name in columns else 0 for name, value in line.items()}
    return {name: value for name, value in plain.items() if value is not None}


def _typed(field: Field, value: object, path: str, errors: list[FieldError]) -> object:
    if field.kind is _LINES and isinstance(value, list):
        return [_typed_line(field, line, f"{path}.{place}", errors) for place, line in enumerate(value)]
    if field.kind in _NUMBERS:
        return _typed_number(field, value, path, errors)
    if field.kind is _DATE and isinstance(value, str):
        try:
            return date.fromisoformat(value)
        except ValueError:
            errors.append(FieldError(path, format_fault("date")))
            return value
    if isinstance(value, str) and (fault := bounds_fault(field, value)):
        errors.append(FieldError(path, fault))
    return value


def _typed_line(field: Field, line: Mapping[str, object], path: str, errors: list[FieldError]) -> dict[str, object]:
    columns = {column.name: column for column in field.columns}
    return {
        name: _typed(columns[name], value, f"{path}.{name}", errors) for name, value in line.items() if name in columns
    }


def _typed_number(field: Field, value: object, path: str, errors: list[FieldError]) -> object:
    if isinstance(value, str):
        try:
            number: int | Decimal = Decimal(value)
        except InvalidOperation:
            errors.append(FieldError(path, format_fault("decimal")))
            return value
    elif isinstance(value, int | Decimal) and not isinstance(value, bool):
        number = value
    else:
        return value
    if fault := bounds_fault(field, number):
        errors.append(FieldError(path, fault))
    return number
