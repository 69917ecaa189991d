"""All pages of the room; importing a page puts it on the blueprint."""

from __future__ import annotations

from web.design.blueprint import blueprint
from web.design.files import file
from web.design.process import process
from web.design.processes import processes
from web.design.sheets import sheet, upload_sheet
from web.design.upload import upload

PAGES = (processes, process, file, sheet, upload, upload_sheet)
__all__ = ["PAGES", "blueprint"]
