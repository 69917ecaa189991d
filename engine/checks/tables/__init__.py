"""Decision tables are checked cell by cell and as a whole: types, values, names, gaps, overlaps and rules in vain."""

from engine.checks.tables.checking import table_findings

__all__ = ["table_findings"]
