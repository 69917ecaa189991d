"""A form is shown with its values as they were typed, its faults beside the fields, and a summary that links to them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel.numbers import format_decimal
from flask import Flask, get_template_attribute
from markupsafe import Markup

from engine.execution.expressions import ExpressionError, compile_expression
from engine.execution.form_rules import shown_fields, visible
from engine.model.errors import FieldError
from engine.model.form import Field, FieldKind, Form, Group, Texts, text_in
from web.fields.submission import PREFIX
from web.filters import day, money, number
from web.language import _, language, locale, sentence

_TEMPLATE = "fields/form.html"
_SPARE_ROWS = 1


@dataclass(frozen=True, slots=True)
class Control:
    """One field on the page: `name` and `id` of its input, the text in it, and the fault beside it."""

    field: Field
    name: str
    value: object
    error: str = ""
    decides: bool = False
    rows: tuple[tuple[Control, ...], ...] = ()

    @property
    def id(self) -> str:
        return self.name.replace(".", "-")

    @property
    def described_by(self) -> str:
        """The ids of the help and the fault, for screen readers."""
        parts = [f"{self.id}-help" if self.field.help else "", f"{self.id}-error" if self.error else ""]
        return " ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Part:
    """Fields under one title."""

    title: str
    help: str
    controls: tuple[Control, ...]


@dataclass(frozen=True, slots=True)
class Fault:
    """One line of the summary: where the field is on the page, its label and what is wrong."""

    target: str
    label: str
    text: str


def form_html(
    form: Form,
    values: Mapping[str, object] | None = None,
    errors: Iterable[FieldError] = (),
    *,
    known: Mapping[str, object] | None = None,
    refresh: str = "",
) -> Markup:
    """The fields of a form as HTML; `refresh` is the address that shows the form again when a deciding answer changes."""
    given = {**_defaults(form), **(values or {})}
    faults = {error.field: sentence(error.message) for error in errors}
    names = visible(form, given, known)
    readonly_values = {**(known or {}), **given}
    deciding = _deciding(form)
    controls = {
        field.name: control_of(
            field, readonly_values if field.readonly else given, faults, decides=field.name in deciding
        )
        for field in form.fields
        if field.name in names
    }
    render = get_template_attribute(_TEMPLATE, "form_fields")
    html: Markup = render(_parts(form, controls), " ".join(sorted(names & form.names)), refresh)
    return html


def _defaults(form: Form) -> dict[str, object]:
    return {field.name: field.default for field in form.fields if field.default is not None}


def _deciding(form: Form) -> frozenset[str]:
    names: set[str] = set()
    for field in form.fields:
        if field.show_when:
            try:
                names |= compile_expression(field.show_when).names
            except ExpressionError:
                continue
    return frozenset(names)


def control_of(
    field: Field, values: Mapping[str, object], faults: Mapping[str, str], *, path: str = "", decides: bool = False
) -> Control:
    """One field with its value; `path` is the place of the line that it belongs to."""
    place = f"{path}.{field.name}" if path else field.name
    value = values.get(field.name)
    rows: tuple[tuple[Control, ...], ...] = ()
    if field.kind is FieldKind.LINES:
        lines = [line for line in value if isinstance(line, Mapping)] if isinstance(value, list | tuple) else []
        spare: list[Mapping[str, object]] = (
            [] if field.readonly or any(not line for line in lines) else [{}] * _SPARE_ROWS
        )
        rows = tuple(
            tuple(control_of(column, line, faults, path=f"{place}.{row}") for column in field.columns)
            for row, line in enumerate([*lines, *spare])
        )
    shown = value if field.readonly else typed_text(field, value)
    return Control(field, PREFIX + place, shown, faults.get(place, ""), decides, rows)


def typed_text(field: Field, value: object) -> object:
    """The value as the reader would type it; lists stay lists, answers become yes or no."""
    if value is None:
        return [] if field.kind is FieldKind.CHOICES else ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, Decimal | float):
        return format_decimal(value, "0.##########", locale=locale(), decimal_quantization=False)
    if field.as_text and isinstance(value, str):
        return value.replace(".", ",") if "," in format_decimal(Decimal("0.5"), locale=locale()) else value
    if isinstance(value, date):
        return value.isoformat()
    return list(value) if isinstance(value, list | tuple) else str(value)


def _parts(form: Form, controls: Mapping[str, Control]) -> list[Part]:
    placed = {name for section in form.sections for name in section.names}
    parts = [Part("", "", tuple(control for name, control in controls.items() if name not in placed))]
    for section in form.sections:
        inner = tuple(controls[name] for name in section.names if name in controls)
        parts.append(Part(_text(section.title), _text(section.help), inner))
    return [part for part in parts if part.controls]


def _text(texts: Texts) -> str:
    return text_in(texts, language()) if texts else ""


def error_summary(errors: Iterable[FieldError], form: Form | None = None) -> Markup:
    """The list of all faults on top of a page, each a link to its field; nothing where there are none."""
    faults = [_fault(error, form) for error in errors]
    render = get_template_attribute(_TEMPLATE, "error_summary")
    html: Markup = render(faults) if faults else Markup("")
    return html


def _fault(error: FieldError, form: Form | None) -> Fault:
    name, *rest = error.field.split(".")
    field = form.field(name) if form is not None else None
    label = _text(field.label) if field is not None else ""
    if field is not None and len(rest) == 2:
        column = next((each for each in field.columns if each.name == rest[1]), None)
        row = int(rest[0]) + 1 if rest[0].isdecimal() else rest[0]
        label = _(
            "{table}, line {row}, {column}", table=label, row=row, column=_text(column.label) if column else rest[1]
        )
    prefix = PREFIX if form is not None else ""
    return Fault((prefix + error.field).replace(".", "-"), label, sentence(error.message))


def form_facts(fields: Iterable[Field], known: Mapping[str, object]) -> Markup:
    """Fields with their values as plain text; empty ones are left out."""
    shown = shown_fields(tuple(fields), known)
    pairs = [(_text(field.label), said(field, known.get(field.name))) for field in shown]
    render = get_template_attribute(_TEMPLATE, "facts")
    html: Markup = render([(label, text) for label, text in pairs if text])
    return html


def group_facts(group: Group, known: Mapping[str, object]) -> Markup:
    """The facts of a readonly group."""
    return form_facts(group.fields, known)


def said(field: Field, value: object) -> str:
    """The value as people read it."""
    if value is None or value == "" or value == []:
        return ""
    if isinstance(value, bool):
        return _("Yes") if value else _("No")
    if isinstance(value, Decimal | int) and field.kind is FieldKind.MONEY:
        return money(Decimal(value), field.unit)
    if isinstance(value, Decimal | int):
        return f"{number(value)} {field.unit}".strip()
    if isinstance(value, date):
        return day(value)
    if isinstance(value, list | tuple):
        return ", ".join(said(field, each) for each in value)
    if isinstance(value, Mapping):
        columns = {column.name: column for column in field.columns}
        return " · ".join(said(columns[name], each) for name, each in value.items() if name in columns)
    return next((_text(option.label) for option in field.options if option.value == value), str(value))


def add_form_rendering(app: Flask) -> None:
    """Give the functions to all templates."""
    app.jinja_env.globals.update(
        form_html=form_html, error_summary=error_summary, form_facts=form_facts, group_facts=group_facts, said=said
    )
