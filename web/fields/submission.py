"""What a browser sends is kept as it was typed and read leniently: blanks, decimal commas and empty rows do no harm."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from werkzeug.datastructures import FileStorage, MultiDict

from engine.execution.form_rules import visible
from engine.model.form import Field, FieldKind, Form
from web.language import language

PREFIX = "f."
_NUMBERS = (FieldKind.NUMBER, FieldKind.MONEY)
_ROWS_AT_MOST = 200
_DECIMAL_COMMA = frozenset({"pl", "de", "fr", "es", "it", "nl", "cs", "sk", "uk"})
_BETWEEN_DIGITS = re.compile(r"[\s\u00a0\u202f'’]")
_POINTS_THEN_COMMA = re.compile(r"-?\d{1,3}(\.\d{3})+,\d+")
_COMMAS_THEN_POINT = re.compile(r"-?\d{1,3}(,\d{3})+\.\d+")
_THOUSANDS = re.compile(r"-?\d{1,3}(?:(,)\d{3}(?:,\d{3})*|(\.)\d{3}(?:\.\d{3})*)")


@dataclass(frozen=True, slots=True)
class Submission:
    """The values of a sent form as JSON has them and its uploads.

    `rebuild` means that the form is to be shown again unchecked: a row was asked for, or further questions appeared.
    """

    values: Mapping[str, object]
    uploads: Mapping[str, tuple[FileStorage, ...]] = field(default_factory=dict[str, tuple[FileStorage, ...]])
    rebuild: bool = False


def read_submission(
    form: Form,
    sent: MultiDict[str, str],
    files: MultiDict[str, FileStorage] | None = None,
    *,
    known: Mapping[str, object] | None = None,
) -> Submission:
    """Read the fields of a form from what was sent; fields that are only shown are not read.

    `known` are the facts and variables that conditions may read, as for the page that was sent.
    """
    values: dict[str, object] = {}
    uploads: dict[str, tuple[FileStorage, ...]] = {}
    for each in form.fields:
        if each.readonly:
            continue
        if each.kind is FieldKind.FILE and files is not None:
            given = tuple(file for file in files.getlist(PREFIX + each.name) if file.filename)
            if given:
                uploads[each.name] = given if each.many else given[:1]
        if (found := _value(each, sent, PREFIX + each.name, language())) is not _ABSENT:
            values[each.name] = found
    add, remove = sent.get("_add", ""), sent.get("_remove", "")
    if add or remove:
        values = _rebuilt(form, values, add, remove)
    asked_again = bool(add or remove or sent.get("_refresh"))
    return Submission(values, uploads, rebuild=asked_again or _has_new_questions(form, values, sent, known))


def _has_new_questions(
    form: Form, values: Mapping[str, object], sent: MultiDict[str, str], known: Mapping[str, object] | None
) -> bool:
    """Whether the answers make fields appear that were not on the page; a program that sends no list saw them all."""
    if "_fields" not in sent:
        return False
    return not (visible(form, values, known) & form.names) <= set(sent["_fields"].split())


class _Absent:
    """Stands for a field that was not sent at all."""


_ABSENT = _Absent()


def _value(asked: Field, sent: MultiDict[str, str], name: str, reader: str) -> object:
    if asked.kind is FieldKind.LINES:
        return _lines(asked, sent, name, reader)
    if asked.kind is FieldKind.CHOICES or (asked.kind is FieldKind.FILE and asked.many):
        return [text for text in sent.getlist(name) if text] if _was_sent(sent, name) else _ABSENT
    if asked.kind is FieldKind.YES_NO:
        return _yes_no(sent, name)
    if name not in sent:
        return _ABSENT
    text = sent.get(name, "").replace("\r\n", "\n")
    if not text.strip():
        return None
    return _number(asked, text, reader) if asked.kind in _NUMBERS else text


def _was_sent(sent: MultiDict[str, str], name: str) -> bool:
    """A hidden input beside boxes says that they were on the page, though none was ticked."""
    return name in sent or f"{name}.shown" in sent


def _yes_no(sent: MultiDict[str, str], name: str) -> object:
    if not _was_sent(sent, name):
        return _ABSENT
    text = sent.get(name)
    return {"yes": True, "no": False, None: False, "": None}.get(text, text)


def _number(asked: Field, text: str, reader: str) -> object:
    plain = _with_point(_BETWEEN_DIGITS.sub("", text), reader, is_money=asked.kind is FieldKind.MONEY)
    if asked.as_text:
        return plain
    if re.fullmatch(r"-?\d{1,30}", plain):
        return int(plain)
    return float(plain) if not asked.whole and re.fullmatch(r"-?\d{1,15}\.\d{1,15}", plain) else text


def _with_point(text: str, reader: str, *, is_money: bool) -> str:
    """The number with a decimal point and nothing between thousands, or the text as it is where it is no number.

    Of two different signs the last one is the decimal sign, in any language. One sign before three digits is read as the
    reader's language writes it; an amount of money has no thousandths, so there a point is one of thousands in languages
    with a decimal comma.
    """
    if _POINTS_THEN_COMMA.fullmatch(text):
        return text.replace(".", "").replace(",", ".")
    if _COMMAS_THEN_POINT.fullmatch(text):
        return text.replace(",", "")
    has_comma = reader.split("_")[0] in _DECIMAL_COMMA
    if grouped := _THOUSANDS.fullmatch(text):
        sign = grouped[1] or grouped[2]
        once = text.count(sign) == 1
        if not once or (sign == "," and not has_comma) or (sign == "." and has_comma and is_money):
            return text.replace(sign, "")
    return text.replace(",", ".") if text.count(",") == 1 and "." not in text else text


def _lines(asked: Field, sent: MultiDict[str, str], name: str, reader: str) -> object:
    pattern = re.compile(rf"{re.escape(name)}\.(\d{{1,3}})\.")
    rows = sorted({int(found[1]) for key in sent if (found := pattern.match(key))})[:_ROWS_AT_MOST]
    if not rows:
        return _ABSENT if f"{name}.shown" not in sent else []
    lines: list[dict[str, object]] = []
    for row in rows:
        line: dict[str, object] = {}
        for column in asked.columns:
            value = _value(column, sent, f"{name}.{row}.{column.name}", reader)
            if value is not _ABSENT and value is not None:
                line[column.name] = value
        if any(value is not False for value in line.values()):
            lines.append(line)
    return lines


def _rebuilt(form: Form, values: dict[str, object], add: str, remove: str) -> dict[str, object]:
    target, _, place = remove.partition(".")
    asked = form.field(add or target)
    if asked is None or asked.kind is not FieldKind.LINES:
        return values
    given = values.get(asked.name)
    lines = list(given) if isinstance(given, list) else []
    if add and len(lines) < _ROWS_AT_MOST:
        lines.append({})
    elif place.isdecimal() and int(place) < len(lines):
        del lines[int(place)]
    return {**values, asked.name: lines}
