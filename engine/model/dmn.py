"""The typed model of a DMN file: decisions, functions, services, inputs and types as they are written."""

from __future__ import annotations

from dataclasses import dataclass

from engine.model.boxed import (
    Aggregator,
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
    HitPolicy,
    Invocation,
    Iteration,
    IterationKind,
    LiteralExpression,
    Logic,
    Parameter,
    Relation,
    Rule,
    TableInput,
    TableOutput,
)

__all__ = [
    "Aggregator",
    "BeyondLogic",
    "BoxedContext",
    "BoxedList",
    "Cell",
    "Conditional",
    "ContextEntry",
    "Decision",
    "DecisionFile",
    "DecisionService",
    "DecisionTable",
    "Filter",
    "FunctionKind",
    "FunctionLogic",
    "FunctionSignature",
    "HitPolicy",
    "Import",
    "InputData",
    "Invocation",
    "ItemType",
    "Iteration",
    "IterationKind",
    "KnowledgeModel",
    "KnowledgeSource",
    "LiteralExpression",
    "Logic",
    "Parameter",
    "Relation",
    "Rule",
    "TableInput",
    "TableOutput",
]


@dataclass(frozen=True, slots=True)
class InputData:
    """Something that a decision is told; its name is read from the case or the process."""

    id: str
    name: str
    type_name: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class FunctionSignature:
    """What a function type takes and gives."""

    parameters: tuple[Parameter, ...]
    type_name: str = ""


@dataclass(frozen=True, slots=True)
class ItemType:
    """A declared type: a simple one, a list of it, a mapping of named components, or a function.

    `allowed` holds for each item of a list, `constraint` (DMN 1.5) for the whole value.
    """

    name: str
    type_name: str = ""
    is_list: bool = False
    components: tuple[ItemType, ...] = ()
    allowed: Cell | None = None
    constraint: Cell | None = None
    function: FunctionSignature | None = None
    line: int = 0
    id: str = ""


@dataclass(frozen=True, slots=True)
class Decision:
    """A question with its logic; references are ids, or `namespace#id` for elements of imported files."""

    id: str
    name: str
    line: int
    logic: Logic
    variable: str = ""
    type_name: str = ""
    requires: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    question: str = ""
    knowledge: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnowledgeModel:
    """A function that decisions call by name."""

    id: str
    name: str
    line: int
    function: FunctionLogic
    variable: str = ""
    type_name: str = ""
    knowledge: tuple[str, ...] = ()
    authorities: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionService:
    """Decisions offered as a function of input data and input decisions, in that order."""

    id: str
    name: str
    line: int
    outputs: tuple[str, ...]
    encapsulated: tuple[str, ...] = ()
    input_decisions: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    variable: str = ""
    type_name: str = ""


@dataclass(frozen=True, slots=True)
class KnowledgeSource:
    """An authority for a decision: a law, a contract, a person."""

    id: str
    name: str
    line: int
    location: str = ""


@dataclass(frozen=True, slots=True)
class Import:
    """Another file whose elements are read as `name.element`; without a name they are read as if they were here."""

    name: str
    namespace: str
    kind: str = ""
    location: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class DecisionFile:
    """One file: decisions, functions, services, what they are told, the types that they use, and what it imports.

    `unread` are the ids of elements that do not say the same without what could not be read.
    """

    file: str
    id: str
    name: str
    decisions: tuple[Decision, ...]
    inputs: tuple[InputData, ...] = ()
    types: tuple[ItemType, ...] = ()
    models: tuple[KnowledgeModel, ...] = ()
    services: tuple[DecisionService, ...] = ()
    imports: tuple[Import, ...] = ()
    sources: tuple[KnowledgeSource, ...] = ()
    namespace: str = ""
    unread: frozenset[str] = frozenset()
