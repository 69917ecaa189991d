"""One form file becomes one typed form with everything that is wrong in it; it never raises for a bad file."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from json import dumps

from engine.definitions.forms.fields import read_field
from engine.definitions.forms.findings import Findings
from engine.definitions.forms.json_text import read_object
from engine.definitions.forms.layout import read_groups, read_order, read_sections
from engine.definitions.forms.schema import is_valid_schema
from engine.definitions.forms.texts import read_texts
from engine.model.errors import Finding, Message
from engine.model.form import Field, FieldKind, Form

_TOP = {"title", "description", "schema", "ui", "$schema"}
_SCHEMA = {"$schema", "$id", "type", "title", "description", "properties", "required", "additionalProperties"}
_UI = {"order", "fields", "groups", "sections"}
_FIELDS_AT_MOST = 200


@dataclass(frozen=True, slots=True)
class FormRead:
    """The form, or None where it cannot be one, and all findings."""

    form: Form | None
    findings: tuple[Finding, ...]


def read_form(data: bytes, *, key: str, file: str = "") -> FormRead:
    """Read the bytes of `forms/<key>.json`."""
    findings = Findings(file or f"forms/{key}.json", data.decode("utf-8", "replace"))
    top = read_object(data, findings)
    form = _form(top, key, findings) if top is not None else None
    return FormRead(None if findings.has_errors else form, findings.all)


def _form(top: Mapping[str, object], key: str, findings: Findings) -> Form | None:
    _refuse_unknown(top, _TOP, findings, where="the file")
    schema = _object(top.get("schema"), "schema", findings)
    ui = _object(top.get("ui", {}), "ui", findings)
    if schema is None or ui is None:
        return None
    _refuse_unknown(schema, _SCHEMA, findings, where="schema")
    _refuse_unknown(ui, _UI, findings, where="ui")
    properties = _object(schema.get("properties", {}), "properties", findings)
    if properties is None or not is_valid_schema(schema, findings):
        return None
    groups = read_groups(ui.get("groups", []), findings)
    if not properties and not groups:
        _refuse_empty(findings)
        return None
    fields = _fields(schema, properties, ui, findings)
    title = read_texts(top.get("title"), findings, at="title")
    if not title:
        findings.warning(
            Message("form_title", "The form has no title; people see its key."),
            Message("form_title_remedy", 'Give it a title: {"en": "…"}.'),
        )
    return Form(
        key=key,
        title=title or {"en": key.replace("_", " ").capitalize()},
        fields=fields,
        schema=schema_text({name: properties[name] for name in (field.name for field in fields)}, fields),
        sections=read_sections(ui.get("sections", []), {field.name for field in fields}, findings),
        groups=groups,
        file=findings.file,
    )


def schema_text(properties: Mapping[str, object], fields: tuple[Field, ...]) -> str:
    """Write the schema that values are checked against: no other names, required ones, and bounded texts."""
    bounded: dict[str, object] = {}
    for field in fields:
        schema = properties[field.name]
        bounded[field.name] = dict(schema) if isinstance(schema, Mapping) else schema
        if field.max_length is not None and isinstance(schema, Mapping):
            bounded[field.name] = {"maxLength": field.max_length, **schema}
        if field.kind is FieldKind.LINES and isinstance(schema, Mapping):
            bounded[field.name] = _closed_lines(schema, field)
    required = sorted(field.name for field in fields if field.required)
    whole = {"type": "object", "properties": bounded, "required": required, "additionalProperties": False}
    return dumps(whole, sort_keys=True, ensure_ascii=False)


def _closed_lines(schema: Mapping[str, object], field: Field) -> dict[str, object]:
    items = schema["items"]
    inner = dict(items) if isinstance(items, Mapping) else {}
    properties = inner.get("properties")
    columns = properties if isinstance(properties, Mapping) else {}
    inner["properties"] = {
        column.name: {"maxLength": column.max_length, **columns[column.name]}
        if column.max_length is not None
        else columns[column.name]
        for column in field.columns
    }
    return {"maxItems": 200, **schema, "items": {**inner, "additionalProperties": False}}


def _fields(
    schema: Mapping[str, object], properties: Mapping[str, object], ui: Mapping[str, object], findings: Findings
) -> tuple[Field, ...]:
    settings = _object(ui.get("fields", {}), "fields", findings) or {}
    required = schema.get("required")
    needed = {str(name) for name in required} if isinstance(required, list) else set[str]()
    for name in sorted((needed | set(settings)) - set(properties)):
        findings.error(
            Message("form_unknown_field", "“{field}” is named, but the schema has no such field.", {"field": name}),
            Message("form_unknown_field_remedy", "Add it to properties, or correct the name in required and ui."),
            at=name,
        )
    if len(properties) > _FIELDS_AT_MOST:
        findings.error(
            Message("form_fields", "The form has more than {limit} fields.", {"limit": _FIELDS_AT_MOST}),
            Message("form_fields_remedy", "Split it into several forms."),
        )
        return ()
    found: list[Field] = []
    for name in read_order(ui.get("order"), list(properties), findings):
        inner = settings.get(name)
        own = _object(inner, name, findings) if inner is not None else {}
        field = read_field(name, properties[name], own or {}, findings, required=name in needed)
        if field is not None:
            found.append(field)
    return tuple(found)


def _object(value: object, name: str, findings: Findings) -> Mapping[str, object] | None:
    if isinstance(value, Mapping):
        return value
    findings.error(
        Message("form_part", "“{part}” is missing or no object.", {"part": name}),
        Message("form_part_remedy", "A form file has title, schema with properties, and ui."),
        at=name,
    )
    return None


def _refuse_empty(findings: Findings) -> None:
    findings.error(
        Message("form_no_fields", "The form names no field."),
        Message("form_no_fields_remedy", "Add properties to the schema, or use a group."),
        at="schema",
    )


def _refuse_unknown(given: Mapping[str, object], known: set[str], findings: Findings, *, where: str) -> None:
    for key in sorted(set(given) - known):
        findings.error(
            Message("form_unknown_key", "“{key}” is not known in {place}.", {"key": key, "place": where}),
            Message("form_unknown_key_remedy", "Use one of: {known}.", {"known": ", ".join(sorted(known))}),
            at=key,
        )
