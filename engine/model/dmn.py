"""The typed model of one DMN file: its decisions with their tables as they are written, each text with its line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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


@dataclass(frozen=True, slots=True)
class Cell:
    """A piece of FEEL as it is written, and where."""

    text: str
    line: int = 0


@dataclass(frozen=True, slots=True)
class TableInput:
    """A column of conditions."""

    id: str
    label: str
    expression: Cell
    type_name: str = ""
    allowed: Cell | None = None


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


@dataclass(frozen=True, slots=True)
class LiteralExpression:
    """A decision that is one expression."""

    text: Cell


@dataclass(frozen=True, slots=True)
class BeyondLogic:
    """Logic that is not understood; deployment is refused with its name."""

    kind: str
    line: int


@dataclass(frozen=True, slots=True)
class InputData:
    """Something that a decision is told; its name is read from the case or the process."""

    id: str
    name: str
    type_name: str = ""
    line: int = 0


@dataclass(frozen=True, slots=True)
class ItemType:
    """A declared type: a simple one, a list of it, or a mapping of named components."""

    name: str
    type_name: str = ""
    is_list: bool = False
    components: tuple[ItemType, ...] = ()
    allowed: Cell | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    """A question with its logic; `requires` are the ids of other decisions, `inputs` those of input data."""

    id: str
    name: str
    line: int
    logic: DecisionTable | LiteralExpression | BeyondLogic
    variable: str = ""
    type_name: str = ""
    requires: tuple[str, ...] = ()
    inputs: tuple[str, ...] = ()
    question: str = ""


@dataclass(frozen=True, slots=True)
class DecisionFile:
    """One file: decisions, what they are told, and the types that they use."""

    file: str
    id: str
    name: str
    decisions: tuple[Decision, ...]
    inputs: tuple[InputData, ...] = ()
    types: tuple[ItemType, ...] = ()
