"""Every refusal is a code, an English template (the gettext message id) and parameters; nothing translated is stored."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Message:
    """A sentence for people: `template` is English with `{name}` places and is the key of its translations.

    A parameter is plain text, a number, a date or time, a `Territory`, or a Message again; the reader's side puts each
    into the reader's language. Where `plural` is given, `count` among the parameters chooses the form.
    """

    code: str
    template: str
    params: Mapping[str, object] = field(default_factory=dict[str, object])
    plural: str = ""

    def __str__(self) -> str:
        template = self.plural if self.plural and self.params.get("count") != 1 else self.template
        return template.format(**self.params) if self.params else template


class Territory(str):
    """An ISO country code among the parameters of a message, shown to people as the country's name."""

    __slots__ = ()


def counted_message(code: str, singular: str, plural: str, count: object, **params: object) -> Message:
    """Make a message whose form depends on `count`; both texts are one entry of the translations."""
    return Message(code, singular, {"count": count, **params}, plural)


class MakegoodError(Exception):
    """The one base of all refusals; the text is a whole sentence that names the thing, its state and what to do."""

    def __init__(self, code: str, template: str, /, **params: object) -> None:
        self.message = Message(code, template, params)
        super().__init__(str(self.message))

    @property
    def code(self) -> str:
        return self.message.code


class NotFound(MakegoodError):
    """The thing does not exist, or the actor may not know that it does."""


class Forbidden(MakegoodError):
    """The actor's role, queue or approval level does not allow this."""


class Conflict(MakegoodError):
    """The thing is in a state that does not allow this, or somebody else was faster."""


class Duplicate(Conflict):
    """Something with this key is already there."""


class StorageTrouble(MakegoodError):
    """The database cannot be read or written; nothing of the transaction was kept."""


class StorageFull(StorageTrouble):
    """There is no room left on the disk."""


class StorageBusy(StorageTrouble):
    """Another process holds the database; trying again later helps."""


@dataclass(frozen=True, slots=True)
class FieldError:
    """One fault of one field of a form; `field` is its name, or a path such as `lines.0.qty`."""

    field: str
    message: Message


class Invalid(MakegoodError):
    """The values do not fit; `fields` names every fault at once."""

    def __init__(
        self,
        code: str,
        template: str,
        /,
        *,
        fields: Sequence[FieldError] = (),
        **params: object,
    ) -> None:
        super().__init__(code, template, **params)
        self.fields = tuple(fields)


class Severity(StrEnum):
    """An error forbids deployment; a warning is hardly meant so, an information may well be."""

    ERROR = "error"
    WARNING = "warning"
    INFORMATION = "information"


@dataclass(frozen=True, slots=True)
class Finding:
    """One fault of a definition file: where it is, what is wrong, and what to do."""

    severity: Severity
    message: Message
    remedy: Message
    file: str = ""
    line: int = 0
    element_id: str = ""
    element_name: str = ""

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}" if self.line else self.file
        named = f"“{self.element_name}”" if self.element_name else ""
        whose = " ".join(part for part in (self.element_id, named) if part)
        parts = (where, str(self.severity), whose, f"{self.message} {self.remedy}")
        return ": ".join(part for part in parts if part).strip()


class DefinitionInvalid(MakegoodError):
    """A definition cannot be deployed; `findings` is the complete list of reasons."""

    def __init__(self, findings: Sequence[Finding]) -> None:
        self.findings = tuple(findings)
        first = str(self.findings[0]) if self.findings else ""
        super().__init__(
            "definition_invalid",
            "The files have {count} faults; the first: {first}",
            count=len(self.findings),
            first=first,
        )


class ConnectorError(MakegoodError):
    """A service could not be called; `permanent` says that trying again is of no use."""

    def __init__(self, code: str, template: str, /, *, permanent: bool = False, **params: object) -> None:
        super().__init__(code, template, **params)
        self.permanent = permanent


class ChannelError(MakegoodError):
    """A message could not be handed over; `permanent` says that trying again is of no use."""

    def __init__(self, code: str, template: str, /, *, permanent: bool = False, **params: object) -> None:
        super().__init__(code, template, **params)
        self.permanent = permanent


class BpmnError(Exception):
    """A modelled error that a connector raises and a diagram may catch by its code."""

    def __init__(self, code: str, payload: Mapping[str, object] | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.payload = dict(payload or {})
