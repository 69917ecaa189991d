"""A decision table goes to a spreadsheet and back without losing anything."""

from engine.definitions.dmn.exchange.comma import read_csv, write_csv
from engine.definitions.dmn.exchange.differences import differences
from engine.definitions.dmn.exchange.placing import put_table
from engine.definitions.dmn.exchange.sheet import rows_of, table_of
from engine.definitions.dmn.exchange.workbook_reading import read_workbook
from engine.definitions.dmn.exchange.workbook_writing import write_workbook

__all__ = [
    "differences",
    "put_table",
    "read_csv",
    "read_workbook",
    "rows_of",
    "table_of",
    "write_csv",
    "write_workbook",
]
