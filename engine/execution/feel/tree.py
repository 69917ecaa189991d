"""What FEEL is read into: one immutable tree for expressions and for the tests of a cell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TypeAlias

from engine.execution.feel.types import FeelType


@dataclass(frozen=True, slots=True)
class Literal:
    """A value that the text itself gives."""

    value: object


@dataclass(frozen=True, slots=True)
class Name:
    """A name in scope; unknown ones are null."""

    name: str


@dataclass(frozen=True, slots=True)
class Path:
    """`base.name`: an entry, a property, or that of all items."""

    base: Node
    name: str


@dataclass(frozen=True, slots=True)
class Filter:
    """`base[condition]`: an item by its number, or those that fit."""

    base: Node
    condition: Node


@dataclass(frozen=True, slots=True)
class Negation:
    """`-operand`."""

    operand: Node


@dataclass(frozen=True, slots=True)
class Arithmetic:
    """`sign` is one of + - * / **."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Comparison:
    """`sign` is one of = != < <= > >=."""

    sign: str
    left: Node
    right: Node


@dataclass(frozen=True, slots=True)
class Between:
    """`item between low and high`, both included."""

    item: Node
    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Test:
    """A test by a sign, such as `< 10`, of the value before it."""

    sign: str
    operand: Node


@dataclass(frozen=True, slots=True)
class Within:
    """`item in tests`: one of them has to be passed."""

    item: Node
    tests: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Logic:
    """Three-valued; `conjunction` says and, else or."""

    conjunction: bool
    operands: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Choice:
    """`then` where the condition is true, else `otherwise`."""

    condition: Node
    then: Node
    otherwise: Node


@dataclass(frozen=True, slots=True)
class Span:
    """`low..high` of a loop, forward or backward, both included."""

    low: Node
    high: Node


@dataclass(frozen=True, slots=True)
class Ranging:
    """A name that takes each item of a source."""

    name: str
    source: Node


@dataclass(frozen=True, slots=True)
class Loop:
    """`for … return body`; `partial` is what it has given so far."""

    iterators: tuple[Ranging, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Quantified:
    """`some … satisfies` or `every … satisfies`."""

    every: bool
    iterators: tuple[Ranging, ...]
    condition: Node


@dataclass(frozen=True, slots=True)
class InstanceOf:
    """`item instance of wanted`."""

    item: Node
    wanted: FeelType


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of a function and its type."""

    name: str
    wanted: FeelType


@dataclass(frozen=True, slots=True)
class FunctionOf:
    """`function(…) body`."""

    parameters: tuple[Parameter, ...]
    body: Node


@dataclass(frozen=True, slots=True)
class Argument:
    """What a function is called with; `name` is empty where it is told by its place."""

    name: str
    value: Node


@dataclass(frozen=True, slots=True)
class Call:
    """A function called."""

    function: Node
    arguments: tuple[Argument, ...]


@dataclass(frozen=True, slots=True)
class ListOf:
    """A list written out."""

    items: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class Entry:
    """An entry of a context."""

    key: str
    value: Node


@dataclass(frozen=True, slots=True)
class ContextOf:
    """A context written out; an entry sees those before it."""

    entries: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class RangeOf:
    """A range written out."""

    low: Node
    high: Node
    low_closed: bool = True
    high_closed: bool = True


@dataclass(frozen=True, slots=True)
class Anything:
    """An empty cell or `-`: fits whatever is there."""


@dataclass(frozen=True, slots=True)
class Tests:
    """The tests of a cell: one has to be passed, or none where they are negated."""

    tests: tuple[Node, ...]
    negated: bool = False


Node: TypeAlias = (
    Literal
    | Name
    | Path
    | Filter
    | Negation
    | Arithmetic
    | Comparison
    | Between
    | Test
    | Within
    | Logic
    | Choice
    | Span
    | Ranging
    | Loop
    | Quantified
    | InstanceOf
    | Parameter
    | FunctionOf
    | Argument
    | Call
    | ListOf
    | Entry
    | ContextOf
    | RangeOf
    | Anything
    | Tests
)
