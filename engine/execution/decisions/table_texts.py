"""Every text of a table is compiled once; each fault is a finding with its rule, column and line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, TypeAlias

from engine.execution.decisions.boxed_runs import conforming
from engine.execution.decisions.boxes import Boxes, Seen
from engine.execution.decisions.columns import Find, column_index, is_covered
from engine.execution.decisions.hits import STOPS_AFTER, is_list
from engine.execution.decisions.tables import Allowed, CellTest, CompiledRule, CompiledTable
from engine.execution.decisions.types import allowing
from engine.execution.expression_errors import ExpressionError
from engine.execution.feel import FeelExpression, FeelTests, compile_feel
from engine.execution.feel.evaluation import Run
from engine.execution.feel.plain_tests import PlainTests, constant, is_constant, plain_tests
from engine.execution.feel.text_tests import Asked, TextFind, asked_texts, text_look_up
from engine.execution.feel.tree import Literal, Node
from engine.execution.feel.types import ANY, FeelType, ListType, coerced
from engine.model.dmn import Aggregator, Cell, DecisionTable, HitPolicy, ItemType, Rule, TableInput, TableOutput
from engine.model.errors import Message

Cells: TypeAlias = dict[int, CellTest]
_ANYTHING: Final = ("", "-")


@dataclass(frozen=True, slots=True)
class Owner:
    """The element whose table it is: its id, what its value is called, and the name of its type."""

    id: str
    name: str
    variable: str
    type_name: str = ""


class TableTexts:
    """Compiles one table of an owner."""

    def __init__(self, boxes: Boxes, owner: Owner, table: DecisionTable, seen: Seen) -> None:
        self.boxes = boxes
        self.owner = owner
        self.table = table
        self.seen = self.told = seen
        self.labels = tuple(column.label or column.expression.text or column.id for column in table.inputs)
        self.names = tuple(
            output.name or (owner.variable if len(table.outputs) == 1 else output.label or output.id)
            for output in table.outputs
        )

    def compiled(self) -> CompiledTable:
        table, boxes = self.table, self.boxes
        if table.hit_policy is HitPolicy.COLLECT and table.aggregator is not Aggregator.LIST and len(self.names) > 1:
            boxes.faults.add(
                Message("dmn_aggregate", "A table with several outputs cannot be added up or counted."), table.line
            )
        variables = tuple((index, each.variable) for index, each in enumerate(table.inputs) if each.variable)
        self.told = self.seen.plus(name for _, name in variables)
        tests = [self.tests(number, rule) for number, rule in enumerate(table.rules, 1)]
        finds = self.finds(tests)
        text_finds = self.text_finds(tests)
        looked_up = {column for column, _ in finds}, {column for column, _ in text_finds}
        return CompiledTable(
            name=self.owner.name,
            policy=table.hit_policy,
            aggregator=table.aggregator,
            columns=tuple(self.column(column, label) for column, label in zip(table.inputs, self.labels, strict=True)),
            variables=variables,
            finds=finds,
            text_finds=text_finds,
            rules=tuple(
                self.rule(number, rule, cells, _covered(cells, *looked_up))
                for number, (rule, cells) in enumerate(zip(table.rules, tests, strict=True), 1)
            ),
            names=self.names,
            order={name: values for name, output in self.outputs() if (values := self.priorities(name, output))},
            allowed=tuple(self.allowed(name, output) for name, output in self.outputs()),
            defaults=tuple(
                self.result(output.default, name, output, 0)[0] if output.default and output.default.text else None
                for name, output in self.outputs()
            ),
            labels=self.labels,
        )

    def outputs(self) -> list[tuple[str, TableOutput]]:
        return list(zip(self.names, self.table.outputs, strict=True))

    def column(self, column: TableInput, label: str) -> Run:
        """Give the column's value; one that is none of the allowed is null and a problem."""
        found = self.boxes.expression(column.expression, self.seen, {"rule": 0, "column": label})
        read = found.run if isinstance(found, FeelExpression) else found
        return conforming(read, self.boxes.types.constrained(ANY, column.allowed, label), label)

    def tests(self, number: int, rule: Rule) -> Cells:
        found: Cells = {}
        for index, cell in enumerate(rule.tests[: len(self.labels)]):
            if cell.text not in _ANYTHING:
                found[index] = self.boxes.tests(cell, self.told, {"rule": number, "column": self.labels[index]})
        return found

    def finds(self, rules: list[Cells]) -> tuple[tuple[int, Find], ...]:
        found: list[tuple[int, Find]] = []
        for column in range(len(self.labels)):
            find = column_index([_plain(cells.get(column)) for cells in rules])
            if find is not None:
                found.append((column, find))
        return tuple(found)

    def text_finds(self, rules: list[Cells]) -> tuple[tuple[int, TextFind], ...]:
        """The columns that ask for texts, where all rules are wanted: elsewhere the first that fits may save the others."""
        if self.table.hit_policy in STOPS_AFTER:
            return ()
        columns = range(len(self.labels))
        found = [(column, text_look_up([_texts(cells.get(column)) for cells in rules])) for column in columns]
        return tuple((column, find) for column, find in found if find is not None)

    def rule(self, number: int, rule: Rule, cells: Cells, closed: list[int]) -> CompiledRule:
        open_tests = tuple((column, cell) for column, cell in cells.items() if column not in closed)
        heads = self.table.annotation_names
        notes = {
            (heads[index] if index < len(heads) and heads[index] else str(index + 1)): note
            for index, note in enumerate(rule.annotations)
        }
        results = [
            self.result(cell, name, output, number)
            for cell, (name, output) in zip(rule.results, self.outputs(), strict=False)
        ]
        return CompiledRule(
            tests=(*((column, cells[column]) for column in closed), *open_tests),
            open_tests=open_tests,
            results=tuple(run for run, _ in results),
            fired={"decision": self.owner.id, "rule": number, "id": rule.id, "annotations": notes},
            result_trees=tuple(tree for _, tree in results),
        )

    # ---- outputs

    def result(self, cell: Cell, name: str, output: TableOutput, number: int) -> tuple[Run, Node | None]:
        """Give one result as its column's type wants it, and its tree; what is written out is checked once."""
        found = self.boxes.expression(cell, self.seen, {"rule": number, "column": name})
        kind = self.output_type(output)
        if not isinstance(found, FeelExpression):
            return conforming(found, kind, name), None
        if is_constant(found.tree):
            value = constant(found.tree)
            known = value is not None or isinstance(found.tree, Literal)
            if known and coerced(value, kind) is value:
                return (lambda _: value), found.tree
        return conforming(found.run, kind, name), found.tree

    def output_type(self, output: TableOutput) -> FeelType:
        """Give a column's type; that of the whole list, which some tools write there, is no type of an entry."""
        kind = self.boxes.types.type_of(output.type_name, self.table.line, self.boxes.faults.add)
        lists = is_list(self.table.hit_policy, self.table.aggregator)
        return ANY if lists and isinstance(kind, ListType) else kind

    def allowed(self, name: str, output: TableOutput) -> Allowed | None:
        if output.allowed is None or not output.allowed.text:
            return None
        tests = self.boxes.tests(output.allowed, self.seen, {"rule": 0, "column": name})
        if not isinstance(tests, FeelTests):
            return None
        check = allowing(tests)
        plain = plain_tests(tests.tree)
        texts = frozenset(plain.values if plain is not None and not plain.negated else ())
        return lambda value: (type(value) is str and value in texts) or check(value)

    def priorities(self, name: str, output: TableOutput) -> tuple[object, ...]:
        """Give the listed values of an output in their order, from its column or its type; none where there is no list."""
        cell = output.allowed if output.allowed and output.allowed.text else self.type_values(name, output)
        if cell is None or not cell.text:
            return ()
        try:
            listed = compile_feel(f"[{cell.text}]", self.seen.unusual).evaluate({})
        except ExpressionError:
            return ()
        return tuple(listed) if isinstance(listed, list) else ()

    def type_values(self, name: str, output: TableOutput) -> Cell | None:
        types = self.boxes.types
        item = types.item(output.type_name)
        for type_name in (self.table.type_name, self.owner.type_name):
            whole = types.item(type_name) if item is None else None
            if whole is not None:
                parts = {part.name: part for part in whole.components}
                item = parts.get(name) if len(self.names) > 1 else whole
        return self.values_of(item)

    def values_of(self, item: ItemType | None) -> Cell | None:
        while item is not None and item.allowed is None:
            item = self.boxes.types.item(item.type_name)
        return item.allowed if item is not None else None


def _covered(cells: Cells, plain: set[int], texts: set[int]) -> list[int]:
    """The columns whose look-up tells all about a rule's cell."""
    return [
        column
        for column, cell in cells.items()
        if (column in plain and is_covered(_plain(cell))) or (column in texts and _texts(cell))
    ]


def _texts(cell: CellTest | None) -> tuple[Asked, ...]:
    return asked_texts(cell.tree) if cell is not None else ()


def _plain(cell: CellTest | None) -> PlainTests | None:
    if cell is None:
        return PlainTests((), (), anything=True)
    return plain_tests(cell.tree) if cell.tree is not None else None
