"""All pages of the room; importing a page puts it on the blueprint."""

from __future__ import annotations

from web.ops.blueprint import blueprint
from web.ops.incidents import incidents
from web.ops.instance import instance
from web.ops.jobs import jobs
from web.ops.moves import moves
from web.ops.outbox import outbox
from web.ops.overview import overview
from web.ops.people import people
from web.ops.running import running

PAGES = (overview, incidents, running, instance, moves, jobs, outbox, people)
__all__ = ["PAGES", "blueprint"]
