"""A form is a list of typed fields with texts in several languages; the same form serves pages, API and import."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from enum import StrEnum

Texts = Mapping[str, str]
"""One text in several languages, by language code; English is the one that is always there."""


class FieldKind(StrEnum):
    """What a field asks for; it settles how the value is typed and which control shows it."""

    TEXT = "text"
    LONG_TEXT = "long_text"
    NUMBER = "number"
    MONEY = "money"
    DATE = "date"
    CHOICE = "choice"
    CHOICES = "choices"
    YES_NO = "yes_no"
    EMAIL = "email"
    PHONE = "phone"
    FILE = "file"
    LINES = "lines"


class Widget(StrEnum):
    """The control of a field, where its kind leaves a choice."""

    INPUT = "input"
    TEXTAREA = "textarea"
    RADIO = "radio"
    SELECT = "select"
    CHECKBOX = "checkbox"
    CHECKBOXES = "checkboxes"
    TABLE = "table"


class Store(StrEnum):
    """Where a value is kept: personal data lie in customer, message and attachment only."""

    VARIABLE = "variable"
    CUSTOMER = "customer"
    MESSAGE = "message"
    ATTACHMENT = "attachment"


class GroupMode(StrEnum):
    """A group is shown as facts, or its fields become fields of the form that uses it."""

    READONLY = "readonly"
    EDIT = "edit"


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a choice and its text."""

    value: str
    label: Texts


@dataclass(frozen=True, slots=True)
class Field:
    """One question; `show_when` is an expression over the form's values and the case's facts ('' means always).

    `whole` numbers have no decimals, those `as_text` travel as text in JSON; `many` files may be given; `columns` are the questions of each line.
    """

    name: str
    kind: FieldKind
    widget: Widget
    label: Texts
    help: Texts = field(default_factory=dict[str, str])
    unit: str = ""
    required: bool = False
    readonly: bool = False
    store: Store = Store.VARIABLE
    show_when: str = ""
    options: tuple[Option, ...] = ()
    columns: tuple[Field, ...] = ()
    whole: bool = False
    as_text: bool = False
    many: bool = False
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    max_length: int | None = None
    rows: int = 6
    default: object = None
    line: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A titled part of the page; fields that no section names stand before the first one."""

    title: Texts
    names: tuple[str, ...]
    help: Texts = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Group:
    """Another form used inside this one; `title` and `fields` are known once the forms are joined."""

    use: str
    mode: GroupMode
    title: Texts = field(default_factory=dict[str, str])
    fields: tuple[Field, ...] = ()
    line: int = 0


@dataclass(frozen=True, slots=True)
class Form:
    """A form as deployed; `schema` is the JSON text that values are checked against, `names` are those that completing it may write (R2).

    `always` are its fields where no condition hides any, else None.
    """

    key: str
    title: Texts
    fields: tuple[Field, ...]
    schema: str
    sections: tuple[Section, ...] = ()
    groups: tuple[Group, ...] = ()
    file: str = ""
    by_name: Mapping[str, Field] = field(init=False, repr=False, compare=False)
    names: frozenset[str] = field(init=False, repr=False, compare=False)
    always: frozenset[str] | None = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """A form is deployed once and filled in often."""
        object.__setattr__(self, "by_name", {each.name: each for each in reversed(self.fields)})  # of two, the first
        object.__setattr__(self, "names", frozenset(each.name for each in self.fields if not each.readonly))
        conditional = any(each.show_when for each in self.fields)
        object.__setattr__(self, "always", None if conditional else frozenset(self.by_name))

    def field(self, name: str) -> Field | None:
        """The field of that name, or None."""
        return self.by_name.get(name)

    def stored(self, store: Store) -> frozenset[str]:
        """The names of writable fields whose values are kept there."""
        return frozenset(each.name for each in self.fields if each.store is store and not each.readonly)

    def all_fields(self) -> Iterator[Field]:
        """The form's own fields, then those of the groups that are shown as facts."""
        yield from self.fields
        for group in self.groups:
            yield from group.fields


def text_in(texts: Texts, language: str) -> str:
    """Give the text in the language, else in English, else in any language there is."""
    return texts.get(language) or texts.get(language.split("_")[0]) or texts.get("en") or next(iter(texts.values()), "")
