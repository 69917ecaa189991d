"""Each cell fits its column: constants are of the column's type and among its allowed values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Final

from engine.checks.soundness.names import nearest
from engine.checks.tables.reading import Column, Output, ReadTable
from engine.execution.decisions.told import type_text
from engine.execution.expression_errors import ExpressionError
from engine.execution.feel import FeelTests
from engine.execution.feel.plain_tests import constant, is_constant, plain_tests
from engine.execution.feel.showing import text_of
from engine.execution.feel.tree import Name, Path, Tests
from engine.execution.feel.types import ANY, MISFIT, FeelType, ListType, Simple, coerced
from engine.execution.feel.values import kind_of
from engine.model.dmn import HitPolicy
from engine.model.errors import Finding, Message, Severity

Made = Mapping[str, frozenset[str]]
"""The texts that a decision of the file gives, by the name that reads them."""

_CHECKED: Final = frozenset(
    {
        "number",
        "string",
        "boolean",
        "date",
        "time",
        "date and time",
        "years and months duration",
        "days and time duration",
    }
)


def cell_findings(read: ReadTable, made: Made) -> Iterator[Finding]:
    """Give what is wrong with single cells, each with its rule and column."""
    for index, column in enumerate(read.columns):
        yield from _tests(read, index, column, made)
    for index, output in enumerate(read.outputs):
        yield from _results(read, index, output)


def _tests(read: ReadTable, index: int, column: Column, made: Made) -> Iterator[Finding]:
    counted: Counter[str] = Counter()
    texts: list[str] = []
    for rule, tests in enumerate(read.tests, 1):
        cell = tests[index] if index < len(tests) else None
        texts.append(cell.text if cell is not None else "")
        plain = plain_tests(cell.tree) if cell is not None else None
        if plain is None:
            bare = _bare(cell.tree) if cell is not None else ""
            if bare and column.kind == Simple("string") and bare not in read.names:
                yield _unquoted(read, rule, column.label, bare)
            continue
        ends = [*plain.values, *(end for found in plain.ranges for end in (found.low, found.high))]
        wrong = next((end for end in ends if end is not None and not _fits(end, column.kind)), None)
        if wrong is not None:
            yield _misfit(read, rule, column.label, wrong, column.kind)
            continue
        for value in plain.values:
            if isinstance(value, str):
                counted[value] += 1
        yield from _strange(read, rule, column, plain.values, made)
    if column.allowed is None and _path(column) not in made:
        yield from _slips(read, column.label, counted, texts)


def _fits(value: object, kind: FeelType) -> bool:
    if not isinstance(kind, Simple) or kind.name not in _CHECKED:
        return True
    return kind_of(value) == kind.name


def _misfit(read: ReadTable, rule: int, column: str, value: object, kind: FeelType) -> Finding:
    params = {"rule": rule, "column": column, "value": _shown(value), "kind": kind_of(value), "wanted": type_text(kind)}
    return read.finding(
        Severity.ERROR,
        Message(
            "table_cell_type",
            "Rule {rule}, column “{column}”: {value} is a {kind}, but the column is a {wanted}.",
            params,
        ),
        Message("table_cell_type_remedy", "Correct the cell, or the type of the column."),
        rule,
    )


def _strange(read: ReadTable, rule: int, column: Column, values: tuple[object, ...], made: Made) -> Iterator[Finding]:
    """Values that nobody can tell: the column does not allow them, or the decision that it reads never gives them."""
    given = made.get(_path(column))
    for value in values:
        params = {"rule": rule, "column": column.label, "value": _shown(value)}
        if column.allowed is not None and value is not None and not _allows(column.allowed, value):
            message = Message(
                "table_cell_allowed", "Rule {rule}, column “{column}”: {value} is none of the allowed values.", params
            )
        elif given is not None and isinstance(value, str) and value not in given:
            message = Message("table_cell_never", "Rule {rule}, column “{column}”: nothing ever gives {value}.", params)
        else:
            continue
        remedy = Message("table_cell_allowed_remedy", "Correct the value, or add it to those that there are.")
        yield read.finding(Severity.WARNING, message, remedy, rule)


def _path(column: Column) -> str:
    tree = column.expression.tree if column.expression is not None else None
    if isinstance(tree, Path) and isinstance(tree.base, Name):
        return f"{tree.base.name}.{tree.name}"
    return tree.name if isinstance(tree, Name) else ""


def _slips(read: ReadTable, column: str, counted: Counter[str], texts: list[str]) -> Iterator[Finding]:
    """A text that stands once and is a slip away from another is probably misspelt."""
    for value, count in counted.items():
        meant = nearest(value, set(counted) - {value}) if count == 1 else ""
        if not meant or counted[meant] < 2:
            continue
        rule = next((number for number, text in enumerate(texts, 1) if f'"{value}"' in text), 0)
        params = {"rule": rule, "column": column, "value": _shown(value), "meant": _shown(meant)}
        yield read.finding(
            Severity.INFORMATION,
            Message("table_value_slip", "Rule {rule}, column “{column}”: {value} stands here alone.", params),
            Message("table_value_slip_remedy", "Did you mean {meant}?", params),
            rule,
        )


def _unquoted(read: ReadTable, rule: int, column: str, name: str) -> Finding:
    params = {"rule": rule, "column": column, "name": name}
    return read.finding(
        Severity.WARNING,
        Message(
            "table_unquoted", "Rule {rule}, column “{column}” reads the name “{name}”, which nothing gives.", params
        ),
        Message("table_unquoted_remedy", "If the text is meant, put it between straight quotes."),
        rule,
    )


def _bare(tree: object) -> str:
    """Give the name where a cell is one and nothing else."""
    if isinstance(tree, Tests) and len(tree.tests) == 1:
        tree = tree.tests[0]
    return tree.name if isinstance(tree, Name) else ""


def _results(read: ReadTable, index: int, output: Output) -> Iterator[Finding]:
    lists = read.table.hit_policy in (HitPolicy.COLLECT, HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER)
    kind = ANY if lists and isinstance(output.kind, ListType) else output.kind
    counted: Counter[str] = Counter()
    texts: list[str] = []
    for rule, results in enumerate(read.results, 1):
        found = results[index] if index < len(results) else None
        texts.append(found.text if found is not None else "")
        if found is None:
            continue
        bare = _bare(found.tree)
        if bare and kind == Simple("string") and not _is_known(bare, read):
            yield _unquoted(read, rule, output.name, bare)
        if not is_constant(found.tree):
            continue
        value = constant(found.tree)
        params = {"rule": rule, "column": output.name, "value": _shown(value)}
        if value is not None and coerced(value, kind) is MISFIT:
            yield _misfit(read, rule, output.name, value, kind)
        elif output.allowed is not None and value is not None and not _allows(output.allowed, value):
            yield read.finding(
                Severity.ERROR,
                Message(
                    "table_result_allowed",
                    "Rule {rule}, column “{column}”: {value} is none of the allowed values.",
                    params,
                ),
                Message("table_cell_allowed_remedy", "Correct the value, or add it to those that there are."),
                rule,
            )
        elif isinstance(value, str):
            counted[value] += 1
    if output.allowed is None:
        yield from _slips(read, output.name, counted, texts)


def _is_known(name: str, read: ReadTable) -> bool:
    return name in read.names or any(
        column.expression is not None and name in column.expression.names for column in read.columns
    )


def _allows(tests: FeelTests, value: object) -> bool:
    try:
        if isinstance(value, list):
            return all(tests.fits(item, {}) is not False for item in value)
        return tests.fits(value, {}) is not False
    except ExpressionError:
        return True


def _shown(value: object) -> str:
    return f"“{value}”" if isinstance(value, str) else str(text_of(value))
