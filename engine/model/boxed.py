"""The typed logic of decisions: tables and boxed expressions as they are written, each text with its line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias


class HitPolicy(StrEnum):
    """What a table gives when several rules fit."""

    UNIQUE = "UNIQUE"
    FIRST = "FIRST"
    ANY = "ANY"
    PRIORITY = "PRIORITY"
    COLLECT = "COLLECT"
    RULE_ORDER = "RULE ORDER"
    OUTPUT_ORDER = "OUTPUT ORDER"


class Aggregator(StrEnum):
    """What a collecting table makes of its entries."""

    LIST = "LIST"
    SUM = "SUM"
    MIN = "MIN"
    MAX = "MAX"
    COUNT = "COUNT"


class IterationKind(StrEnum):
    """What an iterator makes of its items."""

    FOR = "for"
    SOME = "some"
    EVERY = "every"


class FunctionKind(StrEnum):
    """The language that a function is written in; only FEEL runs."""

    FEEL = "FEEL"
    JAVA = "Java"
    PMML = "PMML"


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of FEEL as it is written, and where."""

    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class TableInput:
    """A column of conditions; `variable` is how some modelers let its tests name the value, besides `?`."""

    id: str
    label: str
    expression: Cell
    type_name: str = ""
    allowed: Cell | None = None
    variable: str = ""


@dataclass(frozen=True, slots=True)
class TableOutput:
    """A column of results; `allowed` lists the values, the first has the highest priority."""

    id: str
    name: str
    label: str = ""
    type_name: str = ""
    allowed: Cell | None = None
    default: Cell | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A row: one test an input, one result an output, and what its author noted."""

    id: str
    line: int
    tests: tuple[Cell, ...]
    results: tuple[Cell, ...]
    annotations: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class DecisionTable:
    """Rules under a hit policy; `annotation_names` head the columns of notes."""

    line: int
    hit_policy: HitPolicy
    aggregator: Aggregator
    inputs: tuple[TableInput, ...]
    outputs: tuple[TableOutput, ...]
    rules: tuple[Rule, ...]
    annotation_names: tuple[str, ...] = ()
    type_name: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class LiteralExpression:
    """One expression."""

    text: Cell
    type_name: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class ContextEntry:
    """A named part of a context; without a name it is the context's result."""

    name: str
    logic: Logic
    type_name: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class BoxedContext:
    """Named parts that see those above them."""

    line: int
    entries: tuple[ContextEntry, ...]
    type_name: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Invocation:
    """A function that is called with named arguments; `bindings` are entries by parameter name."""

    line: int
    called: Logic
    bindings: tuple[ContextEntry, ...]
    type_name: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class BoxedList:
    """Items one below the other."""

    line: int
    items: tuple[Logic, ...]
    type_name: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A named and perhaps typed place: of a function, or a relation's column."""

    name: str
    type_name: str = ""


@dataclass(frozen=True, slots=True)
class Relation:
    """Rows under named columns: a list of contexts."""

    line: int
    columns: tuple[Parameter, ...]
    rows: tuple[tuple[Logic, ...], ...]
    type_name: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class FunctionLogic:
    """A function; `body` is missing where nothing was written."""

    line: int
    parameters: tuple[Parameter, ...]
    body: Logic | None
    kind: FunctionKind = FunctionKind.FEEL
    type_name: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Conditional:
    """If, then, else."""

    line: int
    condition: Logic
    then: Logic
    otherwise: Logic
    type_name: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Iteration:
    """Something asked or made for each item of a list; `variable` names the item."""

    line: int
    kind: IterationKind
    variable: str
    source: Logic
    body: Logic
    type_name: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class Filter:
    """The items of a list that match."""

    line: int
    source: Logic
    match: Logic
    type_name: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class BeyondLogic:
    """Logic that is not understood, by the name of its element; empty where there is none at all."""

    kind: str
    line: int
    type_name: str = ""
    id: str = ""


Logic: TypeAlias = (
    DecisionTable
    | LiteralExpression
    | BoxedContext
    | Invocation
    | BoxedList
    | Relation
    | FunctionLogic
    | Conditional
    | Iteration
    | Filter
    | BeyondLogic
)
"""A boxed expression of any kind."""
