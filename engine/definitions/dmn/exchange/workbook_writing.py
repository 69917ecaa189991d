"""Rows as an XLSX workbook of one sheet whose cells are all texts, so that nothing is calculated, rounded or reformatted."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from typing import Final
from xml.sax.saxutils import escape

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_LINKS = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml."
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_CODE = re.compile(r"_x[0-9A-Fa-f]{4}_")
_FIXED: Final = {
    "[Content_Types].xml": '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    '<Default Extension="xml" ContentType="application/xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}worksheet+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}styles+xml"/></Types>',
    "_rels/.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_LINKS}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
    f'<Relationship Id="r1" Type="{_LINKS}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_LINKS}/styles" Target="styles.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_LINKS}"><sheets>'
    '<sheet name="Table" sheetId="1" r:id="r1"/></sheets></workbook>',
    "xl/styles.xml": f'<styleSheet xmlns="{_MAIN}"><fonts count="2"><font/><font><b/></font></fonts>'
    '<fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills>'
    '<borders count="1"><border/></borders><cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="2">'
    '<xf numFmtId="49" applyNumberFormat="1" quotePrefix="1" applyAlignment="1"><alignment vertical="top" wrapText="1"/></xf>'
    '<xf numFmtId="49" fontId="1" applyFont="1" applyNumberFormat="1" quotePrefix="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
"""Everything but the sheet; cells are of the format “text” (49)."""


def write_workbook(rows: Sequence[Sequence[str]]) -> bytes:
    """Give the workbook; equal rows give equal bytes."""
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, text in {**_FIXED, "xl/worksheets/sheet1.xml": _sheet(rows)}.items():
            archive.writestr(zipfile.ZipInfo(name), (_HEAD + text).encode(), zipfile.ZIP_DEFLATED)
    return room.getvalue()


def letters(column: int) -> str:
    """Give the letters of a column from 0: A, B … Z, AA."""
    found = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        found = chr(65 + rest) + found
    return found


def _sheet(rows: Sequence[Sequence[str]]) -> str:
    width = max((len(row) for row in rows), default=1)
    heads = next((number for number, row in enumerate(rows) if row and row[0].isdigit()), len(rows))
    lines = "".join(_row(number, row, bold=number < heads) for number, row in enumerate(rows))
    merged = "".join(f'<mergeCell ref="C{row}:{letters(width - 1)}{row}"/>' for row in (1, 2) if width > 3)
    return (
        f'<worksheet xmlns="{_MAIN}"><sheetViews><sheetView workbookViewId="0">'
        f'<pane xSplit="1" ySplit="{heads}" topLeftCell="B{heads + 1}" activePane="bottomRight" state="frozen"/>'
        f'</sheetView></sheetViews><cols><col min="1" max="1" width="15" customWidth="1"/>'
        f'<col min="2" max="{max(width, 2)}" width="24" customWidth="1"/></cols><sheetData>{lines}</sheetData>'
        + (f'<mergeCells count="{merged.count("<")}">{merged}</mergeCells>' if merged else "")
        + "</worksheet>"
    )


def _row(number: int, row: Sequence[str], *, bold: bool) -> str:
    cells = "".join(
        f'<c r="{letters(place)}{number + 1}" s="{int(bold or not place)}" t="inlineStr">'
        f'<is><t xml:space="preserve">{escape(_CODE.sub(_guarded, text), {chr(13): "&#13;"})}</t></is></c>'
        for place, text in enumerate(row)
        if text
    )
    return f'<row r="{number + 1}">{cells}</row>'


def _guarded(found: re.Match[str]) -> str:
    """Keep a text that looks like the workbook's own way of writing a character."""
    return f"_x005F{found.group()}"
