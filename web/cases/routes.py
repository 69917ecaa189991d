"""All pages of the room; importing a page puts it on the blueprint."""

from __future__ import annotations

from web.cases.blueprint import blueprint
from web.cases.doings import comment
from web.cases.file import file
from web.cases.letter import letter
from web.cases.listing import listing

PAGES = (listing, file, letter, comment)
__all__ = ["PAGES", "blueprint"]
