"""The first sheet of an XLSX workbook becomes rows of texts: bounded, without entities, formulas or anything active."""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal, InvalidOperation
from typing import Final

from lxml import etree

from engine.definitions.bpmn.document import read_document
from engine.model.errors import Finding, Invalid

_LARGEST, _MOST_CELLS, _MOST_COLUMNS, _MOST_ROWS = 10_000_000, 400_000, 400, 20_000
_DATES: Final = frozenset({*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)})
_PLACE = re.compile(r"([A-Z]{1,3})(\d{1,7})")
_CODE = re.compile(r"_x([0-9A-Fa-f]{4})_")
_LITERAL = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
Element = etree._Element


def read_workbook(data: bytes) -> list[list[str]]:
    """Give the rows of the first sheet; numbers exactly, dates as FEEL. Raises Invalid for what is no workbook."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return _Book(archive).rows()
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError, RuntimeError, KeyError):
        raise _refused() from None
    except (ValueError, InvalidOperation, OverflowError, IndexError, StopIteration):
        raise _refused() from None


def _refused() -> Invalid:
    return Invalid("workbook_broken", "The file is no XLSX workbook that can be read. Save it as .xlsx or CSV.")


class _Book:
    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive
        book = self.part("xl/workbook.xml")
        self.is_1904 = any(each.get("date1904") in ("1", "true") for each in book.iter("{*}workbookPr"))
        sheet = next(book.iter("{*}sheet"))
        wanted = next(value for name, value in sheet.attrib.items() if str(name).endswith("}id"))
        links = self.part("xl/_rels/workbook.xml.rels")
        target = next(str(each.get("Target")) for each in links.iter("{*}Relationship") if each.get("Id") == wanted)
        self.sheet = target.lstrip("/") if target.startswith("/") else f"xl/{target}"
        self.texts = self.shared()
        self.dated = self.date_styles()

    def part(self, name: str) -> Element:
        with self.archive.open(name) as file:
            content = file.read(_LARGEST + 1)
        if len(content) > _LARGEST:
            raise Invalid("workbook_large", "The workbook is larger than a table can be.")
        root = read_document(content, name)
        if isinstance(root, Finding):
            raise _refused()
        return root

    def shared(self) -> list[str]:
        if "xl/sharedStrings.xml" not in self.archive.namelist():
            return []
        return [_text(each) for each in self.part("xl/sharedStrings.xml").iterchildren("{*}si")]

    def date_styles(self) -> list[bool]:
        """Say of each style whether it shows dates."""
        if "xl/styles.xml" not in self.archive.namelist():
            return []
        styles = self.part("xl/styles.xml")
        own = {
            each.get("numFmtId"): bool(
                re.search("[ymdhs]", _LITERAL.sub("", str(each.get("formatCode"))), re.IGNORECASE)
            )
            for each in styles.iter("{*}numFmt")
        }
        found: list[bool] = []
        for whole in styles.iter("{*}cellXfs"):
            for each in whole.iterchildren("{*}xf"):
                number = each.get("numFmtId") or "0"
                found.append(own.get(number, number.isdigit() and int(number) in _DATES))
        return found

    def rows(self) -> list[list[str]]:
        rows: dict[int, dict[int, str]] = {}
        for count, cell in enumerate(self.part(self.sheet).iter("{*}c")):
            place = _PLACE.fullmatch(cell.get("r") or "")
            if place is None:
                raise _refused()
            row, column = int(place[2]), _number(place[1])
            text = self.told(cell)
            if text:
                rows.setdefault(row, {})[column] = text
            if count > _MOST_CELLS or (text and (column >= _MOST_COLUMNS or row > _MOST_ROWS)):
                raise Invalid("workbook_large", "The workbook is larger than a table can be.")
        return [
            [rows.get(row, {}).get(column, "") for column in range(max(rows.get(row, {0: ""})) + 1)]
            for row in range(1, max(rows, default=0) + 1)
        ]

    def told(self, cell: Element) -> str:
        if cell.find("{*}f") is not None:
            raise Invalid(
                "workbook_formula",
                "Cell {cell} holds a formula. Put its value there, as text.",
                cell=cell.get("r") or "",
            )
        kind, value = cell.get("t") or "n", cell.findtext("{*}v") or ""
        if kind == "s":
            return self.texts[int(value)]
        if kind == "inlineStr":
            inner = cell.find("{*}is")
            return _text(inner) if inner is not None else ""
        if kind == "b":
            return "true" if value == "1" else "false"
        if kind != "n" or not value:
            return _decoded(value)
        style = int(cell.get("s") or 0)
        if style < len(self.dated) and self.dated[style]:
            return self.day(Decimal(value))
        return _plain(value)

    def day(self, serial: Decimal) -> str:
        """Give a day of the sheet's calendar, and its time where it has one, as FEEL writes them."""
        start = datetime(1904, 1, 1) if self.is_1904 else datetime(1899, 12, 30)  # noqa: DTZ001  # a sheet's days have no zone
        found = start + timedelta(seconds=int((serial * 86_400).to_integral_value()))
        if serial == serial.to_integral_value():
            return f'date("{found.date().isoformat()}")'
        return f'date and time("{found.isoformat()}")'


def _plain(value: str) -> str:
    """Write a number as people do; sheets keep binary ones, whose shortest text is what was typed."""
    found = Decimal(repr(float(value))).normalize()
    return format(found, "f")


def _text(whole: Element) -> str:
    """Join the pieces of a text, without the reading aids of some scripts."""
    found = [each.text or "" for each in whole.iter("{*}t") if not _is_aid(each)]
    return _decoded("".join(found))


def _is_aid(each: Element) -> bool:
    above = each.getparent()
    return above is not None and etree.QName(above).localname == "rPh"


def _decoded(text: str) -> str:
    return _CODE.sub(lambda found: chr(int(found[1], 16)), text)


def _number(letters: Sequence[str]) -> int:
    found = 0
    for letter in letters:
        found = found * 26 + ord(letter) - 64
    return found - 1
