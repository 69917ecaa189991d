"""All pages of the room; importing a page puts it on the blueprint."""

from __future__ import annotations

from web.ops.blueprint import blueprint
from web.ops.incidents import incidents
from web.ops.jobs import jobs
from web.ops.outbox import outbox
from web.ops.overview import overview
from web.ops.people import people

PAGES = (overview, incidents, jobs, outbox, people)
__all__ = ["PAGES", "blueprint"]
