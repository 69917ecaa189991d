"""A field joins what the schema says of it with what the ui part says; both are complete or there is a finding."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.definitions.forms.findings import Findings
from engine.definitions.forms.schema import Property, read_property
from engine.definitions.forms.texts import read_texts
from engine.model.errors import Message
from engine.model.form import Field, FieldKind, Option, Store, Texts, Widget

_WIDGETS: dict[FieldKind, tuple[Widget, ...]] = {
    FieldKind.TEXT: (Widget.INPUT, Widget.TEXTAREA),
    FieldKind.CHOICE: (Widget.RADIO, Widget.SELECT),
    FieldKind.CHOICES: (Widget.CHECKBOXES,),
    FieldKind.YES_NO: (Widget.CHECKBOX, Widget.RADIO),
    FieldKind.LINES: (Widget.TABLE,),
}
_UI_KEYS = {
    "widget", "label", "help", "unit", "show_when", "readonly", "store", "options", "columns", "rows", "default",
}  # fmt: skip
_CURRENCY = re.compile(r"[A-Z]{3}")
_RADIO_AT_MOST = 4
_TEXT_LENGTH = 500
_LONG_TEXT_LENGTH = 20_000


def read_field(
    name: str, schema: object, ui: Mapping[str, object], findings: Findings, *, required: bool = False
) -> Field | None:
    """Give the field, or None where its schema cannot be one; the findings say every fault."""
    found = read_property(name, schema, findings)
    if found is None:
        return None
    _refuse_unknown_keys(name, ui, findings)
    readonly = ui.get("readonly") is True
    if readonly and required:
        _refuse_unanswerable(name, findings)
    unit = str(ui.get("unit", ""))
    widget = _widget(name, found, ui, findings)
    kind = _kind(found, widget, unit)
    return Field(
        name=name,
        kind=kind,
        widget=widget,
        label=_label(name, ui, findings),
        help=read_texts(ui.get("help"), findings, at=name),
        unit=unit,
        required=required,
        readonly=readonly,
        store=_store(name, found, ui, findings),
        show_when=str(ui.get("show_when", "")).strip(),
        options=_options(name, found, ui, findings),
        columns=_columns(name, found, ui, findings),
        whole=found.whole,
        as_text=found.schema.get("format") == "decimal",
        many=found.many,
        minimum=found.number("minimum"),
        maximum=found.number("maximum"),
        max_length=_max_length(kind, found),
        rows=rows if isinstance(rows := ui.get("rows"), int) and 1 <= rows <= 40 else 6,
        default=ui.get("default", found.schema.get("default")),
        line=findings.line_of(name),
    )


def _refuse_unanswerable(name: str, findings: Findings) -> None:
    findings.error(
        Message(
            "form_readonly_required", "The field “{field}” is required, yet nobody can fill it in.", {"field": name}
        ),
        Message("form_readonly_required_remedy", "Take it out of required, or let it be filled in."),
        at=name,
    )


def _refuse_unknown_keys(name: str, ui: Mapping[str, object], findings: Findings) -> None:
    for key in sorted(set(ui) - _UI_KEYS):
        findings.error(
            Message("form_ui_key", "The field “{field}” has the unknown setting “{key}”.", {"field": name, "key": key}),
            Message("form_ui_key_remedy", "Use one of: {known}.", {"known": ", ".join(sorted(_UI_KEYS))}),
            at=name,
        )


def _widget(name: str, found: Property, ui: Mapping[str, object], findings: Findings) -> Widget:
    known = _WIDGETS.get(found.kind, (Widget.INPUT,))
    asked = ui.get("widget")
    if asked is None:
        options = found.schema.get("enum")
        many = isinstance(options, list) and len(options) > _RADIO_AT_MOST
        return Widget.SELECT if found.kind is FieldKind.CHOICE and many else known[0]
    if asked in known:
        return Widget(str(asked))
    findings.error(
        Message("form_widget", "The field “{field}” asks for the widget “{widget}”.", {"field": name, "widget": asked}),
        Message("form_widget_remedy", "For this field there is: {known}.", {"known": ", ".join(known)}),
        at=name,
    )
    return known[0]


def _kind(found: Property, widget: Widget, unit: str) -> FieldKind:
    if found.kind is FieldKind.TEXT and widget is Widget.TEXTAREA:
        return FieldKind.LONG_TEXT
    if found.kind is FieldKind.NUMBER and found.schema.get("format") == "decimal" and _CURRENCY.fullmatch(unit):
        return FieldKind.MONEY
    return found.kind


def _label(name: str, ui: Mapping[str, object], findings: Findings) -> Texts:
    label = read_texts(ui.get("label"), findings, at=name)
    if label:
        return label
    findings.warning(
        Message("form_label", "The field “{field}” has no label; people see its name.", {"field": name}),
        Message("form_label_remedy", 'Give it a label: {"en": "…"}.'),
        at=name,
    )
    return {"en": name.replace("_", " ").capitalize()}


def _store(name: str, found: Property, ui: Mapping[str, object], findings: Findings) -> Store:
    asked = ui.get("store")
    if found.kind is FieldKind.FILE and asked in (None, "attachment"):
        return Store.ATTACHMENT
    if asked is None:
        return Store.VARIABLE
    if asked in ("variable", "customer", "message") and found.kind is not FieldKind.FILE:
        return Store(str(asked))
    findings.error(
        Message("form_store", "The field “{field}” cannot be kept in “{store}”.", {"field": name, "store": asked}),
        Message("form_store_remedy", "Use variable, customer or message; files are always kept in attachment."),
        at=name,
    )
    return Store.VARIABLE


def _options(name: str, found: Property, ui: Mapping[str, object], findings: Findings) -> tuple[Option, ...]:
    holder = found.schema.get("items") if found.kind is FieldKind.CHOICES else found.schema
    values = holder.get("enum") if isinstance(holder, Mapping) else None
    texts = ui.get("options")
    given = texts if isinstance(texts, Mapping) else {}
    if not isinstance(values, list):
        values = []
    for value in sorted(set(given) - set(values)):
        findings.error(
            Message("form_option", "“{value}” is no choice of the field “{field}”.", {"value": value, "field": name}),
            Message("form_option_remedy", "Name it in the schema's enum too, or leave its text out."),
            at=name,
        )
    fallback = {value: {"en": value.replace("_", " ").capitalize()} for value in values}
    return tuple(Option(value, read_texts(given.get(value), findings, at=name) or fallback[value]) for value in values)


def _columns(name: str, found: Property, ui: Mapping[str, object], findings: Findings) -> tuple[Field, ...]:
    items = found.schema.get("items")
    if found.kind is not FieldKind.LINES or not isinstance(items, Mapping):
        return ()
    properties = items.get("properties")
    texts = ui.get("columns")
    given = texts if isinstance(texts, Mapping) else {}
    required = items.get("required")
    needed = set(required) if isinstance(required, list) else set()
    columns: list[Field] = []
    for column, schema in properties.items() if isinstance(properties, Mapping) else ():
        inner = given.get(column)
        settings = inner if isinstance(inner, Mapping) else {}
        field = read_field(column, schema, settings, findings, required=column in needed)
        if field is not None and not _is_plain(field):
            findings.error(
                Message(
                    "form_column",
                    "The column “{column}” of “{field}” asks too much.",
                    {"column": column, "field": name},
                ),
                Message(
                    "form_column_remedy",
                    "A line holds plain fields only: no lines, files or several choices, no show_when, readonly or store.",
                ),
                at=column,
            )
        elif field is not None:
            columns.append(field)
    return tuple(columns)


def _is_plain(column: Field) -> bool:
    if column.kind in (FieldKind.LINES, FieldKind.FILE, FieldKind.CHOICES):
        return False
    return not column.show_when and not column.readonly and column.store is Store.VARIABLE


def _max_length(kind: FieldKind, found: Property) -> int | None:
    given = found.schema.get("maxLength")
    if isinstance(given, int):
        return given
    limits = {FieldKind.TEXT: _TEXT_LENGTH, FieldKind.LONG_TEXT: _LONG_TEXT_LENGTH}
    return limits.get(kind, 254 if kind in (FieldKind.EMAIL, FieldKind.PHONE) else None)
