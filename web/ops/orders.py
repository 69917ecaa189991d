"""What an operator chose on a page becomes one order, and each order has a name and a sentence in the reader's language."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from engine.model.errors import FieldError, Invalid, Message
from engine.model.operations import Cancel, MoveToken, Order, Rewind, SetVariable, SkipTask
from web.language import N_, _

KINDS = {
    "text": N_("Text"),
    "number": N_("Number"),
    "yes_no": N_("Yes or no"),
    "day": N_("Day"),
    "moment": N_("Date and time"),
    "list": N_("List or map, as JSON"),
    "nothing": N_("Nothing"),
}
_YES, _NO = {"yes", "true", "1"}, {"no", "false", "0"}
SUSPEND, RESUME = "suspend", "resume"


def order_of(form: Mapping[str, str]) -> Order | None:
    """The order that a form gives; None for suspending and resuming. Raises Invalid for what is incomplete."""
    match form.get("what", ""):
        case "move":
            return MoveToken(_chosen(form, "token"), _chosen(form, "to"))
        case "rewind":
            return Rewind(_chosen(form, "back_to"))
        case "skip":
            return SkipTask(_chosen(form, "task"))
        case "set":
            name, scope = form.get("name", "").strip(), form.get("scope", "0")
            if not name.isidentifier():
                raise _fault(
                    "name", Message("name_wrong", "Write the name of a variable: letters, digits and underscores.")
                )
            return SetVariable(
                name, typed(form.get("kind", "text"), form.get("value", "")), int(scope) if scope.isdigit() else 0
            )
        case "cancel":
            return Cancel()
        case "suspend" | "resume":
            return None
        case _:
            raise _fault("what", Message("choose_first", "Choose what is to be done first."))


def typed(kind: str, text: str) -> object:
    """The value that was typed, of the kind that was chosen. Raises Invalid."""
    try:
        match kind:
            case "number":
                number = Decimal(text.strip().replace(" ", "").replace("\u00a0", "").replace(",", "."))
                if not number.is_finite():
                    raise ValueError(text)
                return int(number) if number == number.to_integral_value() and "." not in text else number
            case "yes_no":
                return _yes(text)
            case "day":
                return date.fromisoformat(text.strip())
            case "moment":
                return _moment(text)
            case "list":
                return json.loads(text, parse_float=Decimal)
            case "nothing":
                return None
            case _:
                return text
    except (ValueError, InvalidOperation, RecursionError) as error:
        told = Message("value_unreadable", "“{text}” cannot be read as this kind of value.", {"text": text[:80]})
        raise _fault("value", told) from error


def order_name(what: str) -> str:
    """What is done, as a heading."""
    return {
        "move": _("Move to another step"),
        "rewind": _("Go back to a task"),
        "skip": _("Leave a task out"),
        "set": _("Set a variable"),
        "cancel": _("Cancel the process"),
        SUSPEND: _("Suspend the process"),
        RESUME: _("Resume the process"),
    }.get(what, what)


def done_sentence(what: str) -> str:
    """What is said once it is done."""
    return {
        "move": _("The case stands at the other step now."),
        "rewind": _("The case is back at the task."),
        "skip": _("The task was left out; the process goes on behind it."),
        "set": _("The variable has its new value."),
        "cancel": _("The process is cancelled."),
        SUSPEND: _("The process rests until somebody resumes it."),
        RESUME: _("The process goes on."),
    }.get(what, "")


def kind_of_value(value: object) -> str:
    """The kind of a variable's value, as the form offers it."""
    if isinstance(value, bool):
        return "yes_no"
    if isinstance(value, int | Decimal):
        return "number"
    if isinstance(value, datetime):
        return "moment"
    if isinstance(value, date):
        return "day"
    if isinstance(value, dict | list):
        return "list"
    return "nothing" if value is None else "text"


def value_text(value: object) -> str:
    """A variable's value as it would be typed."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _yes(text: str) -> bool:
    word = text.strip().lower()
    if word not in _YES | _NO:
        raise ValueError(text)
    return word in _YES


def _moment(text: str) -> datetime:
    found = datetime.fromisoformat(text.strip().replace("Z", "+00:00"))
    if found.tzinfo is None:
        raise ValueError(text)
    return found


def _chosen(form: Mapping[str, str], name: str) -> str:
    found = form.get(name, "").strip()
    if not found:
        raise _fault(name, Message("choose_first", "Choose what is to be done first."))
    return found


def _fault(field: str, message: Message) -> Invalid:
    return Invalid(
        "order_incomplete", "This cannot be done yet: see what is missing.", fields=[FieldError(field, message)]
    )
