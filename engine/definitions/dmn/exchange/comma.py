"""Rows as CSV: no spreadsheet takes a cell for a formula, and what was put in front for that is taken away again."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence

from engine.model.errors import Invalid

_LARGEST_CELL = 1_000_000


def write_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """Give UTF-8 with the mark by which spreadsheets know it; cells that they would calculate get an apostrophe."""
    room = io.StringIO()
    csv.writer(room, lineterminator="\r\n").writerows([[_safe(cell) for cell in row] for row in rows])
    return room.getvalue().encode("utf-8-sig")


def read_csv(data: bytes) -> list[list[str]]:
    """Read rows that are parted by commas, semicolons or tabs; raise Invalid where they are no such text."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Invalid("csv_encoding", "The file is no text in UTF-8. Save it as “CSV UTF-8”.") from None
    first = text.lstrip().partition("\n")[0]
    mark = max(",;\t", key=first.count)
    csv.field_size_limit(_LARGEST_CELL)
    try:
        return [[_plain(cell) for cell in row] for row in csv.reader(io.StringIO(text, newline=""), delimiter=mark)]
    except csv.Error as fault:
        raise Invalid("csv_broken", "The file is no CSV: {fault}.", fault=str(fault)) from None


def _safe(cell: str) -> str:
    risky = cell.startswith(("=", "+", "@", "\t", "\r", "'")) or (cell.startswith("-") and cell != "-")
    return f"'{cell}" if risky else cell


def _plain(cell: str) -> str:
    return cell.removeprefix("'")
