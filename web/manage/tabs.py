"""The pages of the room, as tabs on each of them."""

from __future__ import annotations

from flask import request, url_for

from web.language import _

Tab = tuple[str, str, bool, str | None]


def room_tabs(*, waiting: int | None = None) -> list[Tab]:
    """Label, address, whether it is the page at hand, and a count."""
    pages = (
        ("overview", _("Overview"), None),
        ("tasks", _("Move work"), None),
        ("clocks", _("Clocks"), None),
        ("escalations", _("Escalations"), None),
        ("special_modes", _("Special mode"), waiting or None),
        ("absences", _("Absences"), None),
    )
    return [
        (label, url_for(f"manage.{name}"), request.endpoint == f"manage.{name}", str(count) if count else None)
        for name, label, count in pages
    ]
