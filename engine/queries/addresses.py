"""What the engine says may name an e-mail address; those who see no cases read it without."""

from __future__ import annotations

import re
from collections.abc import Mapping

from engine.model.people import Actor

_ADDRESS = re.compile(r"[^\s“”\"'<>(),;:]+@[^\s“”\"'<>(),;:]+")


def without_addresses(text: str) -> str:
    """The text with `…@…` for every address in it."""
    return _ADDRESS.sub("…@…", text)


def as_seen_by(actor: Actor, text: str) -> str:
    """The text as the actor may read it."""
    return text if actor.sees_cases else without_addresses(text)


def params_seen_by(actor: Actor, params: Mapping[str, object]) -> dict[str, object]:
    """The parameters of a sentence as the actor may read them."""
    return {name: as_seen_by(actor, value) if isinstance(value, str) else value for name, value in params.items()}
