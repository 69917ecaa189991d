"""A name that stands once in a file and is a slip away from another, and an entry that its decision does not have."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from engine.checks.soundness.names import FACTS, nearest
from engine.checks.tables.reading import ReadTable
from engine.execution.feel.functions import BUILT_IN
from engine.execution.feel.tree import Name, Node, Path
from engine.execution.feel.walking import walk
from engine.model.errors import Finding, Message, Severity

Place = tuple[ReadTable, int, str, Node]
"""A text: its table, its rule from 1 or 0 for a column's own, its column, and what it reads."""


def name_findings(tables: Sequence[ReadTable], entries: Mapping[str, frozenset[str]]) -> Iterator[Finding]:
    """Give the names of all tables of a file that were probably misspelt; `entries` are those of its decisions."""
    places = [place for read in tables for place in _places(read)]
    counted = Counter(name for _, _, _, tree in places for name in _names(tree))
    heads = {name for _, rule, _, tree in places if not rule for name in _names(tree)}
    often = FACTS | heads | {name for name, count in counted.items() if count > 1}
    said: set[tuple[str, str, int]] = set()
    for read, rule, column, tree in places:
        for name in sorted(set(_names(tree))):
            given = read.names | often
            meant = nearest(name, given - {name}) if counted[name] == 1 and name not in read.names | FACTS else ""
            if meant and (read.owner.id, name, rule) not in said:
                said.add((read.owner.id, name, rule))
                yield _misspelt(read, rule, {"rule": rule, "column": column, "name": name, "meant": meant})
        for base, entry in _paths(tree):
            known = entries.get(base)
            if known is not None and entry not in known and (read.owner.id, f"{base}.{entry}", rule) not in said:
                said.add((read.owner.id, f"{base}.{entry}", rule))
                params = {"rule": rule, "column": column, "name": f"{base}.{entry}", "known": ", ".join(sorted(known))}
                yield _no_entry(read, rule, params)


def _places(read: ReadTable) -> Iterator[Place]:
    for column in read.columns:
        if column.expression is not None:
            yield read, 0, column.label, column.expression.tree
    for rule, tests in enumerate(read.tests, 1):
        for column, cell in zip(read.columns, tests, strict=False):
            if cell is not None:
                yield read, rule, column.label, cell.tree
    for rule, results in enumerate(read.results, 1):
        for output, result in zip(read.outputs, results, strict=False):
            if result is not None:
                yield read, rule, output.name, result.tree


def _names(tree: Node) -> list[str]:
    found = (node.name for node, _ in walk(tree) if isinstance(node, Name))
    return [name for name in found if name not in BUILT_IN and name != "?"]


def _paths(tree: Node) -> Iterator[tuple[str, str]]:
    for node, _ in walk(tree):
        if isinstance(node, Path) and isinstance(node.base, Name):
            yield node.base.name, node.name


def _misspelt(read: ReadTable, rule: int, params: Mapping[str, object]) -> Finding:
    if rule:
        message = Message(
            "table_name", "Rule {rule}, column “{column}” reads “{name}”, which stands nowhere else.", params
        )
    else:
        message = Message("table_name_column", "Column “{column}” reads “{name}”, which stands nowhere else.", params)
    remedy = Message("table_name_remedy", "Did you mean “{meant}”?", params)
    return read.finding(Severity.WARNING, message, remedy, rule)


def _no_entry(read: ReadTable, rule: int, params: Mapping[str, object]) -> Finding:
    remedy = Message("table_entry_remedy", "It gives: {known}.", params)
    if rule:
        message = Message(
            "table_entry", "Rule {rule}, column “{column}” reads “{name}”, which that decision does not give.", params
        )
    else:
        message = Message(
            "table_entry_column", "Column “{column}” reads “{name}”, which that decision does not give.", params
        )
    return read.finding(Severity.WARNING, message, remedy, rule)
