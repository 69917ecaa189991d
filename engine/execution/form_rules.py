"""A form's conditions see its own values first, then what is known of the case; a hidden field is neither required nor kept."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.definitions.forms import check_values, typed_or_given
from engine.execution.expressions import Expression, ExpressionError, compile_expression
from engine.model.errors import FieldError, Finding, Message, Severity
from engine.model.form import Field, Form


@dataclass(frozen=True, slots=True)
class Validated:
    """Typed values of the fields that are shown, and every fault; with faults nothing may be kept."""

    values: Mapping[str, object]
    errors: tuple[FieldError, ...]


def validate(form: Form, values: Mapping[str, object], known: Mapping[str, object] | None = None) -> Validated:
    """Check and type what was filled in; `known` are the case's facts and variables that conditions may read."""
    typed, errors = check_values(form, values, visible(form, values, known))
    return Validated(typed, errors)


def visible(form: Form, values: Mapping[str, object], known: Mapping[str, object] | None = None) -> frozenset[str]:
    """Give the names of the fields that are shown with these values; what is hidden counts as null for the others."""
    if form.always is not None:
        return form.always
    own = {field.name: field for field in form.fields}
    given = {name: typed_or_given(own[name], value) for name, value in values.items() if name in own}
    shown = frozenset(own)
    for _ in range(len(own) + 1):
        hidden = dict.fromkeys(own.keys() - shown)
        scope = Layers(hidden, given, known or {})
        now_shown = frozenset(name for name, field in own.items() if _is_shown(field, scope))
        if now_shown == shown:
            break
        shown = now_shown
    return shown


def shown_fields(fields: tuple[Field, ...], known: Mapping[str, object]) -> tuple[Field, ...]:
    """Give the fields of a readonly group whose conditions hold."""
    return tuple(field for field in fields if _is_shown(field, known))


def check_conditions(form: Form) -> Iterator[Finding]:
    """Give a finding for every `show_when` that is no expression of the closed language."""
    for field in form.fields:
        if not field.show_when:
            continue
        try:
            _compiled(field.show_when)
        except ExpressionError as refusal:
            yield Finding(
                Severity.ERROR,
                Message(
                    "form_show_when",
                    "The condition of the field “{field}” cannot be read: {reason}",
                    {"field": field.name, "reason": refusal.message},
                ),
                Message("form_show_when_remedy", "Write a comparison such as cause != 'misuse'."),
                file=form.file,
                line=field.line,
                element_id=field.name,
            )


class Layers(Mapping[str, object]):
    """The first mapping that has a name gives its value; nothing is read that no condition asks for."""

    def __init__(self, *layers: Mapping[str, object]) -> None:
        self._layers = layers

    def __getitem__(self, name: str) -> object:
        for layer in self._layers:
            if name in layer:
                return layer[name]
        raise KeyError(name)

    def __iter__(self) -> Iterator[str]:
        return iter({name: None for layer in self._layers for name in layer})

    def __len__(self) -> int:
        return len({name for layer in self._layers for name in layer})


@lru_cache(maxsize=1024)
def _compiled(text: str) -> Expression:
    return compile_expression(text)


def _is_shown(field: Field, scope: Mapping[str, object]) -> bool:
    if not field.show_when:
        return True
    try:
        return _compiled(field.show_when).evaluate(scope) is True
    except ExpressionError:
        return False
