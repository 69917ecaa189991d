"""A table as the checks see it: each column with its kind and allowed values, each cell as it reads."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.execution.decisions import DecisionSet
from engine.execution.decisions.names import all_logic, unusual
from engine.execution.decisions.types import Types
from engine.execution.expression_errors import ExpressionError
from engine.execution.feel import FeelExpression, FeelTests, compile_feel, compile_tests
from engine.execution.feel.plain_tests import PlainTests, plain_tests
from engine.execution.feel.tree import Name
from engine.execution.feel.types import ANY, Constrained, FeelType
from engine.model.dmn import (
    Cell,
    Decision,
    DecisionService,
    DecisionTable,
    Import,
    InputData,
    KnowledgeModel,
    Parameter,
    TableInput,
    TableOutput,
)
from engine.model.errors import Finding, Message, Severity


@dataclass(frozen=True, slots=True)
class Column:
    """An input column; `allowed` are its declared values, `expression` is nothing where it does not read."""

    label: str
    text: str
    expression: FeelExpression | None
    kind: FeelType
    allowed: FeelTests | None


@dataclass(frozen=True, slots=True)
class Output:
    """An output column."""

    name: str
    kind: FeelType
    allowed: FeelTests | None
    default: Cell | None


@dataclass(frozen=True, slots=True)
class ReadTable:
    """A table with whatever reads of it; a cell that does not read is nothing, and has its finding elsewhere."""

    file: str
    owner: Decision | KnowledgeModel
    table: DecisionTable
    columns: tuple[Column, ...]
    outputs: tuple[Output, ...]
    tests: tuple[tuple[FeelTests | None, ...], ...]
    results: tuple[tuple[FeelExpression | None, ...], ...]
    names: frozenset[str]

    def finding(self, severity: Severity, message: Message, remedy: Message, rule: int = 0) -> Finding:
        """Make a finding at a rule from 1, or at the table."""
        line = self.table.rules[rule - 1].line if rule else self.table.line
        return Finding(
            severity, message, remedy, file=self.file, line=line, element_id=self.owner.id, element_name=self.owner.name
        )

    def plain(self, rule: int, column: int) -> PlainTests | None:
        """Give the values and ranges of a cell, by index from 0; nothing where it asks for more."""
        tests = self.tests[rule][column]
        return plain_tests(tests.tree) if tests is not None else None


def tables_of(found: DecisionSet) -> Iterator[ReadTable]:
    """Give every table of a file, also those inside other expressions."""
    owners: list[tuple[Decision | KnowledgeModel, DecisionTable, tuple[Parameter, ...]]] = []
    for decision in found.file.decisions:
        owners += [(decision, each, ()) for each in all_logic(decision.logic) if isinstance(each, DecisionTable)]
    for model in found.file.models:
        inner = [each for each in all_logic(model.function) if isinstance(each, DecisionTable)]
        owners += [(model, each, model.function.parameters) for each in inner]
    for owner, table, parameters in owners:
        yield _Reader(found, owner, parameters).read(table)


class _Reader:
    def __init__(self, found: DecisionSet, owner: Decision | KnowledgeModel, parameters: tuple[Parameter, ...]) -> None:
        linked = found.compiled.linked
        model = found.file
        self.types: Types = linked.types
        self.file, self.owner = model.file, owner
        self.declared: dict[str, str] = {data.name: data.type_name for data in model.inputs}
        self.declared |= {each.variable or each.name: each.type_name for each in model.decisions}
        self.declared |= {each.name: each.type_name for each in parameters}
        elements: list[Decision | KnowledgeModel | DecisionService] = [*model.decisions, *model.models, *model.services]
        told: list[InputData | Import | Parameter] = [*model.inputs, *model.imports, *parameters]
        names = {name for each in elements for name in (each.name, each.variable)}
        names |= {each.name for each in told}
        self.names = frozenset(names - {""})
        self.unusual = unusual(self.names) | linked.entry_names

    def read(self, table: DecisionTable) -> ReadTable:
        own = self.unusual | unusual(column.variable for column in table.inputs)
        self.unusual = own
        return ReadTable(
            file=self.file,
            owner=self.owner,
            table=table,
            columns=tuple(self.column(each) for each in table.inputs),
            outputs=tuple(self.output(each, len(table.outputs)) for each in table.outputs),
            tests=tuple(tuple(self.tests(cell) for cell in rule.tests[: len(table.inputs)]) for rule in table.rules),
            results=tuple(tuple(self.expression(cell) for cell in rule.results) for rule in table.rules),
            names=self.names | {column.variable for column in table.inputs if column.variable},
        )

    def column(self, column: TableInput) -> Column:
        expression = self.expression(column.expression)
        type_name = column.type_name
        if expression is not None and isinstance(expression.tree, Name):
            declared = self.declared.get(expression.tree.name, "")
            if not type_name or (declared and self.types.item(type_name) is None):
                type_name = declared or type_name
        label = column.label or column.expression.text or column.id
        allowed = self.allowed(column.allowed, type_name)
        return Column(label, column.expression.text, expression, self.kind(type_name), allowed)

    def output(self, output: TableOutput, count: int) -> Output:
        type_name = output.type_name
        if not type_name and count == 1:
            type_name = self.owner.type_name
        name = output.name or output.label or (self.owner.variable if count == 1 else output.id)
        return Output(name, self.kind(type_name), self.allowed(output.allowed, type_name), output.default)

    def kind(self, type_name: str) -> FeelType:
        found = self.types.find(type_name) or ANY
        while isinstance(found, Constrained):
            found = found.of
        return found

    def allowed(self, cell: Cell | None, type_name: str) -> FeelTests | None:
        item = self.types.item(type_name)
        while (cell is None or not cell.text) and item is not None and not item.is_list:
            cell, item = item.allowed, self.types.item(item.type_name)
        return self.tests(cell) if cell is not None and cell.text not in ("", "-") else None

    def tests(self, cell: Cell) -> FeelTests | None:
        try:
            return compile_tests(cell.text, self.unusual, types=self.types.find)
        except ExpressionError:
            return None

    def expression(self, cell: Cell) -> FeelExpression | None:
        try:
            return compile_feel(cell.text, self.unusual, types=self.types.find)
        except ExpressionError:
            return None
