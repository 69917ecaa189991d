"""A table of a deployment as a spreadsheet, and the files that a changed spreadsheet would make."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from engine.definitions.dmn import read_decisions
from engine.definitions.dmn.exchange import (
    differences,
    put_table,
    read_csv,
    read_workbook,
    rows_of,
    table_of,
    write_csv,
    write_workbook,
)
from engine.model.dmn import Decision, DecisionTable
from engine.model.errors import Invalid, Message, NotFound
from engine.queries.decisions import tables_of

KINDS: Final = ("xlsx", "csv")
_LARGEST: Final = 10_000_000
_ZIP: Final = b"PK\x03\x04"


def sheet_of(files: Mapping[str, bytes], decision: str, kind: str) -> bytes:
    """Give the table of a decision as XLSX or CSV; raises NotFound where it has none."""
    _, found, table = _table(files, decision)
    rows = rows_of(found, table)
    return write_csv(rows) if kind == "csv" else write_workbook(rows)


def taken_over(files: Mapping[str, bytes], decision: str, sheet: bytes) -> tuple[dict[str, bytes], list[Message]]:
    """Give the files with the table of a sheet, and what it says otherwise; raises NotFound and Invalid."""
    name, _, table = _table(files, decision)
    if not sheet:
        raise Invalid("sheet_empty", "Choose the spreadsheet that you changed, as XLSX or CSV.")
    if len(sheet) > _LARGEST:
        raise Invalid("workbook_large", "The workbook is larger than a table can be.")
    wanted = table_of(read_workbook(sheet) if sheet.startswith(_ZIP) else read_csv(sheet), decision)
    changed = put_table(files[name], decision, wanted, name)
    return {**files, name: changed}, list(differences(table, wanted))


def _table(files: Mapping[str, bytes], decision: str) -> tuple[str, Decision, DecisionTable]:
    for name, data in tables_of(files).items():
        for found in read_decisions(data, name)[0].decisions:
            if found.id == decision and isinstance(found.logic, DecisionTable):
                return name, found, found.logic
    raise NotFound("table_unknown", "“{decision}” is no table of these files.", decision=decision)
