"""Language and zone are the reader's own; they change what is shown, never what is kept."""

from __future__ import annotations

from engine.actions.permission import require_signed_in
from engine.model.errors import FieldError, Invalid, Message
from engine.model.people import Person
from engine.model.zones import zone_named
from engine.store import rows
from engine.store.transaction import Tx

_LANGUAGE = Message("language_unknown", "Choose one of the languages that are offered.")
_ZONE = Message("zone_not_known", "Write a time zone such as Europe/Warsaw.")


def choose_preferences(tx: Tx, language: str, *, zone: str, offered: frozenset[str]) -> None:
    """Set the actor's language, one of those offered, and time zone; raises Invalid."""
    person = require_signed_in(tx)
    faults: list[FieldError] = []
    if language not in offered:
        faults.append(FieldError("language", _LANGUAGE))
    try:
        zone_named(zone)
    except Invalid:
        faults.append(FieldError("zone", _ZONE))
    if faults:
        raise Invalid("preferences_invalid", "Your preferences were not kept. Correct what is marked.", fields=faults)
    rows.update(tx, Person, person, language=language, zone=zone)
