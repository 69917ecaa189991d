"""A decision or a function is compiled on its own; what it may see is what it requires, as DMN wants it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import UnionType

from engine.execution.decisions.boxed_runs import as_type
from engine.execution.decisions.boxes import Boxes, Seen
from engine.execution.decisions.faults import Faults
from engine.execution.decisions.linking import Key, LinkedFile, Path
from engine.execution.decisions.names import unusual
from engine.execution.decisions.table_texts import Owner, TableTexts
from engine.execution.decisions.tables import CompiledTable, Outcome
from engine.execution.decisions.told import Read, reader_of
from engine.execution.feel import Frame, Parameter
from engine.execution.feel.evaluation import Run
from engine.execution.feel.functions import BUILT_IN
from engine.execution.feel.types import ANY, FeelType
from engine.model.dmn import (
    Decision,
    DecisionService,
    DecisionTable,
    InputData,
    KnowledgeModel,
    Logic,
)
from engine.model.errors import Finding, Message


@dataclass(frozen=True, slots=True)
class Need:
    """A required element and the names under which it is seen, behind the names of imports."""

    path: Path
    names: tuple[str, ...]
    key: Key


@dataclass(slots=True)
class CompiledDecision:
    """One decision; `told` are the typed names that only its caller gives, `open_names` the others that he may give."""

    decision: Decision
    run: Run
    table: CompiledTable | None = None
    kinds: tuple[FeelType, ...] = ()
    needs: tuple[Need, ...] = ()
    functions: tuple[Need, ...] = ()
    told: dict[str, Read] = field(default_factory=dict[str, Read])
    column_types: Mapping[str, FeelType] = field(default_factory=dict[str, FeelType])
    open_names: frozenset[str] = frozenset()
    tables: tuple[CompiledTable, ...] = ()
    findings: list[Finding] = field(default_factory=list[Finding])

    def decide(self, frame: Frame) -> Outcome:
        """Evaluate the logic in a frame of what it requires; its value has the decision's type."""
        if self.table is not None:
            outcome = self.table.decide(frame)
            value, entries = outcome.value, outcome.entries
        else:
            value, entries = self.run(frame), ()
        for kind in self.kinds:
            value = as_type(value, kind, self.decision.name, frame.evaluation)
        if self.table is None:
            entries = (value if isinstance(value, dict) else {self.decision.variable: value},)
        return Outcome(value, entries)


@dataclass(slots=True)
class CompiledModel:
    """One function; `names` are those that its body sees besides its parameters."""

    model: KnowledgeModel
    body: Run
    parameters: tuple[Parameter, ...]
    result: FeelType
    own: Need
    functions: tuple[Need, ...] = ()
    frames: int = 100
    findings: list[Finding] = field(default_factory=list[Finding])


class ElementCompiler:
    """Compiles the elements of one file."""

    def __init__(self, linked: LinkedFile) -> None:
        self.linked = linked
        model = linked.model
        own: list[Decision | KnowledgeModel | DecisionService] = [*model.decisions, *model.models, *model.services]
        self.own_names = {name for each in own for name in (each.name, each.variable)}
        self.input_names = {data.name for data in model.inputs}

    # ---- what an element sees

    def needs(self, references: Iterable[str], faults: Faults, line: int, kind: type | UnionType) -> tuple[Need, ...]:
        found: list[Need] = []
        for reference in references:
            key = self.linked.find(reference)
            element = self.linked.element(key) if key is not None else None
            if key is None or not isinstance(element, kind):
                if not self.linked.is_elsewhere(reference):
                    faults.add(_unknown(reference, kind), line)
                continue
            found.append(Need(tuple(filter(None, key[0])), _names_of(element), key))
        return tuple(found)

    def functions(self, references: Iterable[str], faults: Faults, line: int) -> tuple[Need, ...]:
        return self.needs(references, faults, line, KnowledgeModel | DecisionService)

    def seen(self, needs: Iterable[Need]) -> Seen:
        told: set[str] = set()
        functions: dict[str, tuple[str, ...]] = {}
        for need in needs:
            told.update(need.path, need.names)
            element = self.linked.element(need.key)
            if isinstance(element, KnowledgeModel):
                names = tuple(each.name for each in element.function.parameters)
                functions |= {".".join((*need.path, name)): names for name in need.names}
        return Seen(unusual(told) | self.linked.entry_names, frozenset(), functions)

    # ---- decisions

    def decision(self, decision: Decision) -> CompiledDecision:
        """Compile one decision; its findings are complete."""
        faults = Faults(self.linked.model.file, decision.id, decision.name)
        needs = self.needs(decision.requires, faults, decision.line, Decision)
        needs += self.needs(decision.inputs, faults, decision.line, InputData)
        functions = self.functions(decision.knowledge, faults, decision.line)
        owner = Owner(decision.id, decision.name, decision.variable, decision.type_name)
        tables: list[CompiledTable] = []
        boxes = self.boxes(owner, faults, tables)
        run = boxes.compile(decision.logic, self.seen((*needs, *functions)), decision.variable)
        compiled = CompiledDecision(
            decision,
            run,
            table=tables[-1] if isinstance(decision.logic, DecisionTable) else None,
            kinds=self.kinds(decision, faults),
            needs=needs,
            functions=functions,
            tables=tuple(tables),
            findings=faults.findings,
        )
        self.tell(compiled, boxes, faults)
        return compiled

    def kinds(self, decision: Decision, faults: Faults) -> tuple[FeelType, ...]:
        """Give the types that the value has to have: a table's own, which its rows do not tell, and the decision's."""
        logic = decision.logic
        named = [(logic.type_name, logic.line)] if isinstance(logic, DecisionTable) else []
        types = dict([*named, (decision.type_name, decision.line)])
        found = (self.linked.types.type_of(name, line, faults.add) for name, line in types.items())
        return tuple(kind for kind in found if kind != ANY)

    def boxes(self, owner: Owner, faults: Faults, tables: list[CompiledTable]) -> Boxes:
        def table(boxes: Boxes, logic: DecisionTable, seen: Seen) -> Run:
            tables.append(TableTexts(boxes, owner, logic, seen).compiled())
            return tables[-1].run

        return Boxes(self.linked.types, faults, table)

    def tell(self, compiled: CompiledDecision, boxes: Boxes, faults: Faults) -> None:
        """Sort the names that nothing required gives: those that the caller tells, and those that are out of sight."""
        visible = {need.path[0] if need.path else name for need in self.all_needs(compiled) for name in need.names}
        hidden = self.own_names | (self.input_names if compiled.needs else set())
        given = bool(compiled.decision.inputs)
        told = self.column_types(compiled.decision.logic, faults)
        compiled.column_types = {name: kind for name, kind in told.items() if kind != ANY}
        open_names: set[str] = set()
        for name, line in boxes.reads.items():
            if name in visible:
                continue
            if name in hidden and name not in BUILT_IN:
                faults.warn(_not_required(name), line)
                continue
            open_names.add(name)
            if name in told:
                compiled.told[name] = reader_of(name, told[name])
            elif given and name not in BUILT_IN:
                faults.warn(_not_given(name), line)
        compiled.open_names = frozenset(open_names)

    def column_types(self, logic: Logic, faults: Faults) -> dict[str, FeelType]:
        """Give the names that are a table's columns, with their types; the caller tells them where nothing else does."""
        found: dict[str, FeelType] = {}
        for column in logic.inputs if isinstance(logic, DecisionTable) else ():
            name, line = " ".join(column.expression.text.split()), column.expression.line
            found.setdefault(name, self.linked.types.type_of(column.type_name, line, faults.add))
        return found

    def all_needs(self, compiled: CompiledDecision) -> tuple[Need, ...]:
        return (*compiled.needs, *compiled.functions)

    # ---- functions

    def model(self, model: KnowledgeModel) -> CompiledModel:
        """Compile one function; its findings are complete."""
        faults = Faults(self.linked.model.file, model.id, model.name)
        functions = self.functions(model.knowledge, faults, model.line)
        own = Need((), _names_of(model), ((), model.id))
        owner = Owner(model.id, model.name, model.variable, model.function.type_name or model.type_name)
        boxes = self.boxes(owner, faults, [])
        seen = self.seen((own, *functions))
        logic = model.function
        if not logic.type_name:
            logic = replace(logic, type_name=model.type_name)
        parameters, body, result = boxes.function_parts(logic, seen)
        visible = {need.path[0] if need.path else name for need in (own, *functions) for name in need.names}
        for name, line in boxes.reads.items():
            if name not in visible and name not in BUILT_IN:
                faults.warn(_not_given(name), line)
        return CompiledModel(
            model, body, parameters, result, own, functions=functions, frames=boxes.frames, findings=faults.findings
        )


def _names_of(element: object) -> tuple[str, ...]:
    if isinstance(element, Decision | KnowledgeModel | DecisionService):
        return tuple(dict.fromkeys((element.variable, element.name)))
    return (element.name,) if isinstance(element, InputData) else ()


def _not_given(name: str) -> Message:
    return Message("dmn_name_unknown", "Nothing gives “{name}”, which it reads.", {"name": name})


def _not_required(name: str) -> Message:
    return Message("dmn_not_required", "It reads “{name}” but does not require it.", {"name": name})


def _unknown(reference: str, kind: type | UnionType) -> Message:
    key = reference.rpartition("#")[2]
    if kind is InputData:
        return Message("dmn_input_unknown", "The input “{id}” is not in the file.", {"id": key})
    if kind is Decision:
        return Message("dmn_requires_unknown", "The required decision “{id}” is not in the file.", {"id": key})
    return Message("dmn_knowledge_unknown", "The required function “{id}” is not in the file.", {"id": key})
