"""Every text of a decision file is compiled once; each fault is a finding with its rule, column and line."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from engine.execution.decisions.tables import CompiledRule, CompiledTable, Decide, Outcome, Scope
from engine.execution.decisions.types import Read, Types, checked
from engine.execution.expressions import Expression, ExpressionError, compile_expression, compile_tests
from engine.execution.expressions.closures import Evaluate
from engine.model.dmn import (
    Aggregator,
    BeyondLogic,
    Cell,
    Decision,
    DecisionFile,
    DecisionTable,
    HitPolicy,
    ItemType,
    LiteralExpression,
    Rule,
    TableInput,
)
from engine.model.errors import Finding, Message, Severity
from engine.model.values import Value

_BUILT_IN = frozenset({"true", "false", "null"})


@dataclass(slots=True)
class Compiled:
    """One decision compiled on its own; `told` are the typed names that its caller gives, `reads` all names it reads."""

    decision: Decision
    decide: Decide
    told: dict[str, Read] = field(default_factory=dict[str, Read])
    reads: set[str] = field(default_factory=set[str])
    findings: list[Finding] = field(default_factory=list[Finding])


class FileCompiler:
    """Compiles the decisions of one file; names of several words are those that the file declares."""

    def __init__(self, file: DecisionFile) -> None:
        self.file = file
        self.types = Types(file.types)
        self.names = _declared(file)
        self.variables = {decision.variable for decision in file.decisions}
        self.inputs = {data.id: data for data in file.inputs}
        self.current = Compiled(Decision("", "", 0, BeyondLogic("", 0)), _nothing)

    def compile(self, decision: Decision) -> Compiled:
        """Compile one decision; its findings are complete, and it is only to be used without them."""
        self.current = Compiled(decision, _nothing)
        for key in decision.inputs:
            self.told(key)
        logic = decision.logic
        if isinstance(logic, DecisionTable):
            self.current.decide = self.table(decision, logic).decide
        elif isinstance(logic, LiteralExpression):
            self.current.decide = _literal(decision.variable, self.expression(logic.text, "expression"))
        else:
            kind = logic.kind if isinstance(logic, BeyondLogic) else type(logic).__name__
            self.fault(
                Message("dmn_beyond", "The decision's logic “{kind}” is not understood.", {"kind": kind}), logic.line
            )
        return self.current

    def told(self, key: str) -> None:
        data = self.inputs.get(key)
        if data is None:
            self.fault(
                Message("dmn_input_unknown", "The input “{id}” is not in the file.", {"id": key}),
                self.current.decision.line,
            )
            return
        self.read_as(data.name, data.type_name, None, data.line)

    def read_as(self, name: str, type_name: str, allowed: Cell | None, line: int) -> None:
        try:
            self.current.told[name] = checked(self.types.reader(type_name), allowed)
        except ExpressionError as refusal:
            self.fault(refusal.message, line)

    def fault(self, message: Message, line: int) -> None:
        decision = self.current.decision
        remedy = Message("dmn_fault_remedy", "Correct it in the table, or put it more simply.")
        self.current.findings.append(
            Finding(
                Severity.ERROR,
                message,
                remedy,
                file=self.file.file,
                line=line,
                element_id=decision.id,
                element_name=decision.name,
            )
        )

    def expression(self, cell: Cell, column: str, rule: int = 0) -> Evaluate:
        return self.compiled(
            lambda: compile_expression(cell.text, language="feel", names=self.names), cell, column, rule
        )

    def tests(self, cell: Cell, column: str, rule: int = 0) -> Evaluate:
        return self.compiled(lambda: compile_tests(cell.text, names=self.names), cell, column, rule)

    def compiled(self, read: Callable[[], Expression], cell: Cell, column: str, rule: int) -> Evaluate:
        try:
            found = read()
        except ExpressionError as refusal:
            place: dict[str, object] = {"rule": rule, "column": column, "why": refusal.message}
            if rule:
                message = Message("dmn_cell", "Rule {rule}, column “{column}”: {why}", place)
            else:
                message = Message("dmn_column", "Column “{column}”: {why}", place)
            self.fault(message, cell.line)
            return _null
        self.current.reads |= found.names
        return found.evaluate

    # ---- tables

    def table(self, decision: Decision, table: DecisionTable) -> CompiledTable:
        names = tuple(
            output.name or (decision.variable if len(table.outputs) == 1 else output.label or output.id)
            for output in table.outputs
        )
        labels = tuple(column.label or column.expression.text for column in table.inputs)
        if table.hit_policy is HitPolicy.COLLECT and table.aggregator is not Aggregator.LIST and len(names) > 1:
            self.fault(
                Message("dmn_aggregate", "A table with several outputs cannot be added up or counted."), table.line
            )
        allowed = tuple(output.allowed for output in table.outputs)
        return CompiledTable(
            decision=decision,
            table=table,
            columns=tuple(self.column(column) for column in table.inputs),
            rules=tuple(self.rule(number, rule, labels, names) for number, rule in enumerate(table.rules, 1)),
            names=names,
            order={
                name: self.values(cell, name) for name, cell in zip(names, allowed, strict=True) if cell and cell.text
            },
            allowed=tuple(
                self.tests(cell, name) if cell and cell.text else None
                for name, cell in zip(names, allowed, strict=True)
            ),
            defaults=tuple(
                self.expression(output.default, name) if output.default and output.default.text else None
                for name, output in zip(names, table.outputs, strict=True)
            ),
        )

    def column(self, column: TableInput) -> Evaluate:
        text = column.expression.text.strip()
        if text.isidentifier() and text not in self.variables | self.current.told.keys() | _BUILT_IN:
            self.read_as(text, column.type_name, column.allowed, column.expression.line)
        read = self.expression(column.expression, column.label or text or column.id)
        if column.allowed is None or text in self.current.told:
            return read
        try:
            allowed = checked(lambda value: value, column.allowed)
        except ExpressionError as refusal:
            self.fault(refusal.message, column.allowed.line)
            return read
        return lambda scope: allowed(read(scope))

    def rule(self, number: int, rule: Rule, labels: tuple[str, ...], names: tuple[str, ...]) -> CompiledRule:
        tests = tuple(
            (index, self.tests(cell, labels[index], number))
            for index, cell in enumerate(rule.tests[: len(labels)])
            if cell.text not in ("", "-")
        )
        results = tuple(
            self.expression(cell, names[index], number) if cell.text else _null
            for index, cell in enumerate(rule.results[: len(names)])
        )
        logic = self.current.decision.logic
        heads = logic.annotation_names if isinstance(logic, DecisionTable) else ()
        notes = {
            (heads[index] if index < len(heads) and heads[index] else str(index + 1)): note
            for index, note in enumerate(rule.annotations)
        }
        fired: dict[str, Value] = {
            "decision": self.current.decision.id,
            "rule": number,
            "id": rule.id,
            "annotations": notes,
        }
        return CompiledRule(tests, results, fired)

    def values(self, cell: Cell, name: str) -> tuple[Value, ...]:
        """Give the listed values of an output in their order; what is no list of values has no order."""
        try:
            listed = compile_expression(f"[{cell.text}]", language="feel", names=self.names).evaluate({})
        except ExpressionError:
            return ()
        return tuple(listed) if isinstance(listed, list) else ()


def _declared(file: DecisionFile) -> frozenset[str]:
    names = {data.name for data in file.inputs}
    names |= {name for decision in file.decisions for name in (decision.name, decision.variable)}
    return frozenset(filter(None, names | set(_component_names(file.types))))


def _component_names(types: Iterable[ItemType]) -> Iterable[str]:
    waiting = list(types)
    while waiting:
        item = waiting.pop()
        for component in item.components:
            yield component.name
            waiting.append(component)


def _null(_: object) -> Value:
    return None


def _nothing(_: Scope) -> Outcome:
    return Outcome(None)


def _literal(variable: str, evaluate: Evaluate) -> Decide:
    def decide(scope: Scope) -> Outcome:
        value = evaluate(scope)
        return Outcome(value, (value if isinstance(value, dict) else {variable: value},))

    return decide
