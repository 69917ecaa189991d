"""All pages of the room; importing a page puts it on the blueprint."""

from __future__ import annotations

from web.worklist.blueprint import blueprint
from web.worklist.inbox import inbox
from web.worklist.notices import notices
from web.worklist.saved_filters import save_filter
from web.worklist.task import task
from web.worklist.task_moves import claim

PAGES = (inbox, task, claim, notices, save_filter)
__all__ = ["PAGES", "blueprint"]
