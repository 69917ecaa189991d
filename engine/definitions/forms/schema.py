"""The part of JSON Schema that a field may use is closed: a keyword that would be ignored is an error."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

import jsonschema_rs

from engine.definitions.forms.findings import Findings
from engine.definitions.forms.formats import FORMAT_CHECKS, PATTERNS
from engine.model.errors import Message
from engine.model.form import FieldKind

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]{0,62}")
_SAID = {"title", "description", "type", "default"}
_TEXT = {"format", "enum", "minLength", "maxLength", "pattern"}
_NUMBER = {"minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"}
_KEYWORDS = {
    "string": _SAID | _TEXT | {"minimum", "maximum"},
    "integer": _SAID | _NUMBER,
    "number": _SAID | _NUMBER,
    "boolean": _SAID | {"const"},
    "array": _SAID | {"items", "minItems", "maxItems", "uniqueItems"},
    "object": _SAID | {"properties", "required", "additionalProperties"},
}
_BY_FORMAT = {
    "date": FieldKind.DATE,
    "decimal": FieldKind.NUMBER,
    "email": FieldKind.EMAIL,
    "phone": FieldKind.PHONE,
    "file": FieldKind.FILE,
}


@dataclass(frozen=True, slots=True)
class Property:
    """What the schema alone says of a field."""

    kind: FieldKind
    schema: Mapping[str, object]
    whole: bool = False
    many: bool = False

    def number(self, keyword: str) -> Decimal | None:
        """The keyword's number, or None."""
        value = self.schema.get(keyword)
        return Decimal(str(value)) if isinstance(value, int | float) and not isinstance(value, bool) else None


def is_valid_schema(schema: object, findings: Findings) -> bool:
    """Say whether the text is JSON Schema 2020-12; a finding names the first fault."""
    try:
        jsonschema_rs.Draft202012Validator(
            schema,  # type: ignore[arg-type]  # whatever the file holds; the library refuses what is no schema
            formats=FORMAT_CHECKS,
            validate_formats=True,
            ignore_unknown_formats=False,
            pattern_options=PATTERNS,
            offline=True,
        )
    except (jsonschema_rs.ValidationError, jsonschema_rs.ReferencingError, ValueError) as fault:
        reason = str(fault).split("\n", 1)[0]
        findings.error(
            Message("form_schema", "The schema is not JSON Schema 2020-12: {reason}.", {"reason": reason}),
            Message("form_schema_remedy", "Correct it; formats are date, decimal, email, phone and file."),
            at="schema",
        )
        return False
    return True


def read_property(name: str, schema: object, findings: Findings) -> Property | None:
    """Give what a property asks for, or None with findings that say why it cannot be a field."""
    if not _NAME.fullmatch(name):
        findings.error(
            Message("form_field_name", "“{field}” cannot be the name of a field.", {"field": name}),
            Message("form_field_name_remedy", "Begin with a letter and use letters, digits and _ only, at most 63."),
            at=name,
        )
        return None
    if not isinstance(schema, Mapping):
        _refuse_kind(name, findings)
        return None
    kind = str(schema.get("type"))
    for keyword in sorted(set(schema) - _KEYWORDS.get(kind, set(schema))):
        findings.error(
            Message(
                "form_keyword",
                "The field “{field}” uses “{keyword}”, which forms do not know for the type {type}.",
                {"field": name, "keyword": keyword, "type": kind},
            ),
            Message("form_keyword_remedy", "Leave it out; a condition goes into show_when of the ui part."),
            at=name,
        )
    found = _property_of(schema, kind)
    if found is None:
        _refuse_kind(name, findings)
    return found


def _property_of(schema: Mapping[str, object], kind: str) -> Property | None:
    if kind == "string":
        if "enum" in schema:
            return Property(FieldKind.CHOICE, schema) if _texts(schema["enum"]) else None
        return Property(_BY_FORMAT.get(str(schema.get("format")), FieldKind.TEXT), schema)
    if kind in ("integer", "number"):
        return Property(FieldKind.NUMBER, schema, whole=kind == "integer")
    if kind == "boolean":
        return Property(FieldKind.YES_NO, schema)
    items = schema.get("items")
    if kind == "array" and isinstance(items, Mapping):
        if items.get("type") == "object" and isinstance(items.get("properties"), Mapping):
            return Property(FieldKind.LINES, schema)
        if items.get("type") == "string" and _texts(items.get("enum")):
            return Property(FieldKind.CHOICES, schema)
        if items.get("type") == "string" and items.get("format") == "file":
            return Property(FieldKind.FILE, schema, many=True)
    return None


def _texts(options: object) -> bool:
    return isinstance(options, list) and bool(options) and all(isinstance(each, str) for each in options)


def _refuse_kind(name: str, findings: Findings) -> None:
    findings.error(
        Message("form_field_kind", "The field “{field}” is of no kind that a form can ask for.", {"field": name}),
        Message(
            "form_field_kind_remedy",
            "Use a string, integer, number or boolean, an array of an enumeration, of files, or of lines.",
        ),
        at=name,
    )
