"""A list leaves as CSV line by line; a cell that a spreadsheet would run as a formula is kept as text."""

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import TypeVar

from flask import Response, stream_with_context

from engine.model.lists import Listed, Place
from web.language import zone

Row = TypeVar("Row")
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def csv_answer(name: str, headings: Sequence[object], lines: Iterable[Sequence[object]]) -> Response:
    """Answer with a CSV file that is written while it is read; headings and cells are shown as the reader has them."""
    answer = Response(stream_with_context(_written(headings, lines)), mimetype="text/csv")
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}.csv"'
    return answer


def every_page(read: Callable[[Place | None], Listed[Row]]) -> Iterator[Row]:
    """All rows of a list, read page by page, each page in a transaction of its own."""
    place: Place | None = None
    while True:
        page = read(place)
        yield from page.rows
        if page.next is None:
            return
        place = page.next


def cell(value: object) -> str:
    """A value as text: times in the reader's zone, numbers with a point, no formulas."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.astimezone(zone()).isoformat(sep=" ", timespec="minutes")
    if isinstance(value, date | Decimal | int):
        return str(value)
    text = str(value)
    return f"'{text}" if text.startswith(_FORMULA) else text


def _written(headings: Sequence[object], lines: Iterable[Sequence[object]]) -> Iterator[bytes]:
    room = io.StringIO()
    writer = csv.writer(room)
    writer.writerow([str(heading) for heading in headings])
    yield b"\xef\xbb\xbf"  # spreadsheets then read UTF-8
    for line in lines:
        writer.writerow([cell(value) for value in line])
        if room.tell() > 16_384:
            yield room.getvalue().encode()
            room.seek(0)
            room.truncate()
    yield room.getvalue().encode()
