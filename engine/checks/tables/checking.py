"""All tables of a decision file are checked together, since they read one another's results."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from engine.checks.tables.cells import cell_findings
from engine.checks.tables.hits import aggregate_findings, hit_findings
from engine.checks.tables.reading import ReadTable, tables_of
from engine.checks.tables.reads import name_findings
from engine.execution.decisions import build_decisions
from engine.execution.feel.plain_tests import constant, is_constant
from engine.model.dmn import Decision, DecisionTable, HitPolicy
from engine.model.errors import Finding

_SINGLE = (HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.ANY, HitPolicy.PRIORITY)


def table_findings(data: bytes, file: str, *, beside: Mapping[str, bytes] | None = None) -> Iterator[Finding]:
    """Give every finding about the tables of a file: cells, names, gaps, overlaps, rules in vain."""
    found = build_decisions(data, file, beside=beside)
    tables = list(tables_of(found))
    decisions = [name for each in found.file.decisions for name in (each.variable, each.name) if name]
    made, entries = _made(tables), _entries(tables)
    for read in tables:
        yield from cell_findings(read, made)
        yield from aggregate_findings(read)
        yield from hit_findings(read, decisions)
    yield from name_findings(tables, entries)


def _own(tables: Sequence[ReadTable]) -> Iterator[ReadTable]:
    """The tables that are a decision's whole logic and give one row, without a type that says otherwise."""
    for read in tables:
        owner = read.owner
        if (
            isinstance(owner, Decision)
            and isinstance(owner.logic, DecisionTable)
            and not owner.type_name
            and read.table.hit_policy in _SINGLE
        ):
            yield read


def _made(tables: Sequence[ReadTable]) -> dict[str, frozenset[str]]:
    """The texts that decisions give, where all are written out."""
    found: dict[str, frozenset[str]] = {}
    for read in _own(tables):
        name = read.owner.variable or read.owner.name
        for index, output in enumerate(read.outputs):
            cells = [row[index] if index < len(row) else None for row in read.results]
            trees = [cell.tree for cell in cells if cell is not None]
            if len(trees) != len(cells) or not all(is_constant(tree) for tree in trees):
                continue
            values = [constant(tree) for tree in trees]
            if output.default is None and all(isinstance(value, str) for value in values):
                key = name if len(read.outputs) == 1 else f"{name}.{output.name}"
                found[key] = frozenset(str(value) for value in values)
    return found


def _entries(tables: Sequence[ReadTable]) -> dict[str, frozenset[str]]:
    return {
        read.owner.variable or read.owner.name: frozenset(output.name for output in read.outputs)
        for read in _own(tables)
        if len(read.outputs) > 1
    }
