"""A boxed expression of any kind becomes one function of a frame; what is wrong in it is a fault and gives null."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

from engine.execution.decisions.boxed_runs import (
    conforming,
    run_conditional,
    run_context,
    run_filter,
    run_invocation,
    run_iteration,
    run_list,
)
from engine.execution.decisions.faults import Faults, FaultyTests, faulty, nothing
from engine.execution.decisions.names import unusual, values_read
from engine.execution.decisions.types import Types
from engine.execution.expression_errors import ExpressionError
from engine.execution.feel import FeelExpression, FeelFunction, FeelTests, Frame, Parameter, compile_feel, compile_tests
from engine.execution.feel.evaluation import Evaluation, Run
from engine.execution.feel.functions import BUILT_IN
from engine.execution.feel.tree import Node
from engine.execution.feel.types import FeelType, FunctionType
from engine.execution.feel.walking import depth_of
from engine.model.dmn import (
    BeyondLogic,
    BoxedContext,
    BoxedList,
    Cell,
    Conditional,
    ContextEntry,
    DecisionTable,
    Filter,
    FunctionKind,
    FunctionLogic,
    Invocation,
    Iteration,
    IterationKind,
    LiteralExpression,
    Logic,
    Relation,
)
from engine.model.errors import Message

Names = frozenset[str]
_FRAMES_A_BOX, _FRAMES_A_NODE = 4, 3


@dataclass(frozen=True, slots=True)
class Seen:
    """The names in sight at one place: those that FEEL must be told, those bound inside, and what functions take."""

    unusual: Names = frozenset()
    local: Names = frozenset()
    functions: Mapping[str, tuple[str, ...]] = field(default_factory=dict[str, tuple[str, ...]])

    def plus(self, names: Iterable[str]) -> Seen:
        """Give the same with names bound further inside."""
        more = frozenset(names)
        return replace(self, unusual=self.unusual | unusual(more), local=self.local | more)


TableCompiler = Callable[["Boxes", DecisionTable, Seen], Run]


class Boxes:
    """Compiles the logic of one element; `reads` gathers the names that it reads, `frames` says how deep it stacks."""

    def __init__(self, types: Types, faults: Faults, table: TableCompiler) -> None:
        self.types = types
        self.faults = faults
        self.compile_table = table
        self.reads: dict[str, int] = {}
        self.nesting = 0
        self.frames = 0

    def compile(self, logic: Logic, seen: Seen, name: str = "") -> Run:
        """Give the function that evaluates the logic; `name` is that of its variable."""
        self.nesting += 1
        run = self._compiled(logic, seen, name)
        self.nesting -= 1
        if isinstance(logic, FunctionLogic | BeyondLogic):
            return run
        line = logic.text.line if isinstance(logic, LiteralExpression) else logic.line
        return self.typed(run, logic.type_name, line, name)

    def _compiled(self, logic: Logic, seen: Seen, name: str) -> Run:
        match logic:
            case LiteralExpression():
                found = self.expression(logic.text, seen)
                return found if callable(found) else found.run
            case DecisionTable():
                return self.compile_table(self, logic, seen)
            case BoxedContext():
                return self.context(logic, seen)
            case Invocation():
                return self.invocation(logic, seen)
            case BoxedList():
                return run_list([self.compile(item, seen) for item in logic.items])
            case Relation():
                return self.relation(logic, seen)
            case FunctionLogic():
                return self.function(logic, seen, name)
            case Conditional():
                parts = (logic.condition, logic.then, logic.otherwise)
                return run_conditional(*(self.compile(part, seen) for part in parts))
            case Iteration():
                return self.iteration(logic, seen)
            case Filter():
                return self.filter(logic, seen)
            case BeyondLogic(kind):
                return faulty(_beyond(kind)) if kind else nothing

    def typed(self, run: Run, type_name: str, line: int, name: str = "") -> Run:
        """Give the same with its value as the type wants it, or null and a problem."""
        if not type_name:
            return run
        return conforming(run, self.types.type_of(type_name, line, self.faults.add), name)

    # ---- texts

    def expression(self, cell: Cell, seen: Seen, place: Mapping[str, object] | None = None) -> FeelExpression | Run:
        if not cell.text:
            return nothing
        try:
            found = compile_feel(cell.text, seen.unusual, types=self.types.find)
        except ExpressionError as refusal:
            return self.refused(refusal, cell, place)
        self.read(found.tree, found.names - seen.local, cell.line)
        return found

    def tests(self, cell: Cell, seen: Seen, place: Mapping[str, object]) -> FeelTests | FaultyTests:
        try:
            found = compile_tests(cell.text, seen.unusual, types=self.types.find)
        except ExpressionError as refusal:
            return FaultyTests(cell.text, self.refused(refusal, cell, place))
        self.read(found.tree, found.names - seen.local - {"?"}, cell.line)
        return found

    def read(self, tree: Node, names: Names, line: int) -> None:
        """Keep the names that a text reads; built-in functions that it only calls are no such names."""
        self.frames = max(self.frames, self.nesting * _FRAMES_A_BOX + depth_of(tree) * _FRAMES_A_NODE + 10)
        for name in names | (values_read(tree) & BUILT_IN.keys()):
            self.reads.setdefault(name, line)

    def refused(self, refusal: ExpressionError, cell: Cell, place: Mapping[str, object] | None) -> Run:
        if place is None:
            message = Message("dmn_expression", "The expression does not read: {why}", {"why": refusal.message})
        elif place.get("rule"):
            message = Message("dmn_cell", "Rule {rule}, column “{column}”: {why}", {**place, "why": refusal.message})
        else:
            message = Message("dmn_column", "Column “{column}”: {why}", {**place, "why": refusal.message})
        self.faults.add(message, cell.line)
        return faulty(message)

    # ---- kinds

    def context(self, logic: BoxedContext, seen: Seen) -> Run:
        named: list[tuple[str, Run]] = []
        result: Run | None = None
        for entry in logic.entries:
            run = self.entry(entry, seen)
            if entry.name:
                named.append((entry.name, run))
                seen = seen.plus([entry.name])
                seen = replace(seen, functions={**seen.functions, **_function(entry)})
            elif result is None:
                result = run
            else:
                self.faults.add(Message("dmn_second_result", "The context has two results without a name."), entry.line)
        return run_context(named, result)

    def entry(self, entry: ContextEntry, seen: Seen) -> Run:
        if isinstance(entry.logic, FunctionLogic) and entry.name:
            seen = seen.plus([entry.name])  # a function may call itself
        return self.typed(self.compile(entry.logic, seen, entry.name), entry.type_name, entry.line, entry.name)

    def invocation(self, logic: Invocation, seen: Seen) -> Run:
        called = logic.called
        if isinstance(called, LiteralExpression):
            self.check_bindings(called.text.text, logic, seen)
        bindings = [(binding.name, self.entry(binding, seen)) for binding in logic.bindings]
        return run_invocation(self.compile(called, seen), bindings)

    def check_bindings(self, called: str, logic: Invocation, seen: Seen) -> None:
        parameters = seen.functions.get(" ".join(called.split()))
        if parameters is None:
            return
        given = [binding.name for binding in logic.bindings]
        for name in given:
            if name not in parameters:
                self.faults.add(_unknown_parameter(called, name, parameters), logic.line)
        for name in parameters:
            if name not in given:
                self.faults.add(_parameter_missing(called, name), logic.line)

    def relation(self, logic: Relation, seen: Seen) -> Run:
        rows = [
            [
                (column.name, self.typed(self.compile(cell, seen), column.type_name, logic.line, column.name))
                for column, cell in zip(logic.columns, row, strict=False)
            ]
            for row in logic.rows
        ]
        return lambda frame: [{name: cell(frame) for name, cell in row} for row in rows]

    def function(self, logic: FunctionLogic, seen: Seen, name: str) -> Run:
        parameters, body, result = self.function_parts(logic, seen)
        names, frames = tuple(parameter.name for parameter in parameters), self.frames

        def run(frame: Frame) -> object:
            def call(evaluation: Evaluation, values: list[object]) -> object:
                return body(Frame(dict(zip(names, values, strict=True)), frame, evaluation))

            return FeelFunction(name or "function", parameters, call, result=result, frames=frames)

        return run

    def function_parts(self, logic: FunctionLogic, seen: Seen) -> tuple[tuple[Parameter, ...], Run, FeelType]:
        """Give a function's typed parameters, its body and the type of its result."""
        if logic.kind is not FunctionKind.FEEL:
            message = Message("dmn_external", "A function in {kind} is not run.", {"kind": str(logic.kind)})
            self.faults.add(message, logic.line)
            body = faulty(message)
        else:
            inside = seen.plus(parameter.name for parameter in logic.parameters)
            body = self.compile(logic.body, inside) if logic.body is not None else nothing
        parameters = tuple(
            Parameter(each.name, self.types.type_of(each.type_name, logic.line, self.faults.add))
            for each in logic.parameters
        )
        return parameters, body, self.result_type(logic.type_name, logic.line)

    def result_type(self, type_name: str, line: int) -> FeelType:
        """Give the type of a function's result; some tools name that where the function's own type belongs."""
        kind = self.types.type_of(type_name, line, self.faults.add)
        return kind.result if isinstance(kind, FunctionType) else kind

    def iteration(self, logic: Iteration, seen: Seen) -> Run:
        source = self.compile(_loop_source(logic.source), seen)
        inside = seen.plus([logic.variable, *(["partial"] if logic.kind is IterationKind.FOR else [])])
        return run_iteration(logic, source, self.compile(logic.body, inside))

    def filter(self, logic: Filter, seen: Seen) -> Run:
        source = self.compile(logic.source, seen)
        return run_filter(source, self.compile(logic.match, seen.plus(["item"])))


def _loop_source(source: Logic) -> Logic:
    """Give what a loop goes over: FEEL's own loops also know `1..3`, which is no expression anywhere else."""
    if not isinstance(source, LiteralExpression) or ".." not in source.text.text or source.text.text[0] in '[]("':
        return source
    text = f"for each in {source.text.text} return each"
    return replace(source, text=Cell(text, source.text.line))


def _unknown_parameter(function: str, name: str, parameters: Iterable[str]) -> Message:
    return Message(
        "dmn_binding_unknown",
        "“{function}” has no parameter “{name}”; it takes {known}.",
        {"function": function, "name": name, "known": ", ".join(parameters) or "none"},
    )


def _parameter_missing(function: str, name: str) -> Message:
    return Message(
        "dmn_binding_missing",
        "“{function}” is not given its parameter “{name}”.",
        {"function": function, "name": name},
    )


def _beyond(kind: str) -> Message:
    return Message("dmn_beyond", "The decision's logic “{kind}” is not understood.", {"kind": kind})


def _function(entry: ContextEntry) -> dict[str, tuple[str, ...]]:
    if not isinstance(entry.logic, FunctionLogic):
        return {}
    return {entry.name: tuple(parameter.name for parameter in entry.logic.parameters)}
