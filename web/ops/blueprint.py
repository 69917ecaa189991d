"""The room's one blueprint, its tabs, and who may open what."""

from __future__ import annotations

from flask import Blueprint, request, url_for

from engine.queries.incidents import WATCHERS
from engine.queries.outbox import READERS
from web.language import _
from web.navigation import can

blueprint = Blueprint("ops", __name__, template_folder="templates")

__all__ = ["READERS", "WATCHERS", "blueprint", "room_tabs"]


def room_tabs(*, incidents: int = 0) -> list[tuple[str, str, bool, str | None]]:
    """The pages of the room that the reader may open."""
    pages = (
        ("overview", _("Health"), None),
        ("incidents", _("Incidents"), incidents or None),
        ("running", _("Running cases"), None),
        ("jobs", _("Jobs"), None),
        ("outbox", _("Outbox"), None),
        ("people", _("People"), None),
    )
    return [
        (label, url_for(f"ops.{name}"), request.endpoint == f"ops.{name}", str(count) if count else None)
        for name, label, count in pages
        if can(f"ops.{name}")
    ]
