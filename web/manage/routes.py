"""All pages of the room; importing a page puts it on the blueprint."""

from __future__ import annotations

from web.manage.absences import absences
from web.manage.blueprint import blueprint
from web.manage.clocks import clocks
from web.manage.escalations import escalations
from web.manage.overview import overview
from web.manage.special_modes import special_modes
from web.manage.tasks import tasks

PAGES = (overview, tasks, clocks, escalations, special_modes, absences)
__all__ = ["PAGES", "blueprint"]
