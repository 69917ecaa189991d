"""A CSV file of complaints is read row by row; a row that cannot be read is refused with its line, and the others go on."""

from __future__ import annotations

import csv
import gzip
import hashlib
import io
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from engine.commands.import_days import Days, shown_by
from engine.model.errors import FieldError, Invalid, Message, NotFound

FIELDS = ("text", "id", "date_received", "product", "label", "country", "segment", "email", "name")
LONGEST_VALUE = 1_000_000
_GZIP = b"\x1f\x8b"
_NO_TEXT = re.compile("[\x00\udc80-\udcff]")


@dataclass(frozen=True, slots=True)
class ImportRow:
    """One complaint of the file; `line` is where its row ends, `key` is the file's id or a mark of its text."""

    line: int
    key: str
    text: str
    received_on: date | None = None
    values: Mapping[str, str] = field(default_factory=dict[str, str])

    def value(self, name: str, default: str = "") -> str:
        """What the row says under a field's name."""
        return self.values.get(name) or default


@dataclass(frozen=True, slots=True)
class RefusedRow:
    """A row that was not registered, and why."""

    line: int
    reason: Message


@dataclass(frozen=True, slots=True)
class Reading:
    """Which column is which field, and how days are written."""

    columns: Mapping[str, str] = field(default_factory=dict[str, str])
    days: Days = field(default_factory=Days)


def mapping_of(pairs: list[str]) -> dict[str, str]:
    """Read `field=column` pairs; raise Invalid for an unknown field."""
    found: dict[str, str] = {}
    for pair in pairs:
        name, separator, column = pair.partition("=")
        if not separator or name not in FIELDS or not column:
            raise Invalid(
                "map_wrong",
                "--map {pair} is not understood: write field=column, with one of the fields {known}.",
                pair=pair,
                known=", ".join(FIELDS),
            )
        found[name] = column
    return found


@contextmanager
def opened_text(path: Path) -> Iterator[io.TextIOBase]:
    """The file as text, unpacked where it is packed; bytes that are no UTF-8 stay recognisable."""
    if not path.is_file():
        raise NotFound("import_file_missing", "There is no file {path}.", path=str(path))
    with path.open("rb") as file:
        packed = file.read(2) == _GZIP
        file.seek(0)
        raw = gzip.GzipFile(fileobj=file) if packed else file
        with io.TextIOWrapper(raw, encoding="utf-8-sig", errors="surrogateescape", newline="") as text:
            yield text


def days_of(path: Path, columns: Mapping[str, str], date_format: str) -> Days:
    """Look through the file's days once, for how they are written."""
    if date_format:
        return Days(date_format)
    found = read_rows(path, Reading(columns))
    return Days(shown=shown_by(row.value("date_received") for row in found if isinstance(row, ImportRow)))


def read_rows(path: Path, reading: Reading) -> Iterator[ImportRow | RefusedRow]:
    """Read the file; raises Invalid where its head does not name the text, NotFound where there is no file."""
    csv.field_size_limit(LONGEST_VALUE)
    try:
        with opened_text(path) as text:
            yield from rows_of(text, reading)
    except (gzip.BadGzipFile, EOFError) as error:
        raise Invalid(
            "import_packed", "{path} cannot be unpacked ({reason}). Fetch it again.", path=str(path), reason=str(error)
        ) from error


def rows_of(text: io.TextIOBase, reading: Reading) -> Iterator[ImportRow | RefusedRow]:
    """The rows behind the head of a file."""
    head_line = text.readline()
    separator = max(",;\t", key=head_line.count)
    head = next(csv.reader([head_line], delimiter=separator), [])
    columns = columns_of([name.strip() for name in head], reading)
    rows = csv.reader(text, delimiter=separator)
    seen: Counter[str] = Counter()
    while True:
        try:
            values = next(rows)
        except StopIteration:
            return
        except csv.Error as error:
            message = Message("row_unreadable", "The row cannot be read: {reason}.", {"reason": str(error)})
            yield RefusedRow(rows.line_num + 1, message)
            continue
        if values:
            yield row_of(values, columns, Place(rows.line_num + 1, len(head), reading.days, seen))


@dataclass(frozen=True, slots=True)
class Place:
    """Where a row stands, how many values it should have, and which texts were seen before it."""

    line: int
    width: int
    days: Days
    seen: Counter[str]


def columns_of(head: list[str], reading: Reading) -> dict[str, int]:
    """Which field is at which place; raise Invalid naming every column that is missing."""
    found: dict[str, int] = {}
    missing: list[FieldError] = []
    for name in FIELDS:
        column = reading.columns.get(name, name)
        if column in head:
            found[name] = head.index(column)
        elif name in reading.columns or name == "text":
            template = "There is no column “{column}”. Name it with --map {field}=COLUMN; the file has: {head}."
            shown = ", ".join(head)[:300] or "–"
            missing.append(
                FieldError(name, Message("column_missing", template, {"column": column, "field": name, "head": shown}))
            )
    if missing:
        raise Invalid("import_columns", "The file cannot be imported as it is.", fields=missing)
    return found


def row_of(values: list[str], columns: Mapping[str, int], place: Place) -> ImportRow | RefusedRow:
    """One row; refused where it is torn, has no text, is no UTF-8, or its day cannot be told."""
    if len(values) != place.width:
        template = "The row has {found} values, the head has {expected}."
        params = {"found": len(values), "expected": place.width}
        return RefusedRow(place.line, Message("row_torn", template, params))
    named = {name: values[at].strip() for name, at in columns.items()}
    if any(not is_text(value) for value in named.values()):
        return RefusedRow(place.line, Message("row_not_utf8", "The row is not written in UTF-8."))
    if not named["text"]:
        return RefusedRow(place.line, Message("row_without_text", "The row has no text of a complaint."))
    day = place.days.read(named.get("date_received", ""))
    if isinstance(day, Message):
        return RefusedRow(place.line, day)
    return ImportRow(place.line, named.get("id") or mark_of(named, place.seen), named["text"], day, named)


def is_text(value: str) -> bool:
    """Whether a value came from UTF-8 and holds no zero byte."""
    return _NO_TEXT.search(value) is None


def mark_of(named: Mapping[str, str], seen: Counter[str]) -> str:
    """A key for a row without an id: a mark of its content, with a number where the same row comes again."""
    mark = hashlib.sha256("\0".join(named.values()).encode()).hexdigest()[:24]
    seen[mark] += 1
    return mark if seen[mark] == 1 else f"{mark}-{seen[mark]}"
