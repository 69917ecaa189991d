"""Names are looked up from the innermost frame out; paths read entries and properties, also those of all items."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.border import from_engine
from engine.execution.feel.comparing import too_large
from engine.execution.feel.evaluation import DEPTH, Frame, Run
from engine.execution.feel.functions import BUILT_IN
from engine.execution.feel.properties import PROPERTIES
from engine.execution.feel.tree import Name, Node, Path
from engine.execution.feel.values import is_context, is_list, kind_of

_ABSENT = object()
_AS_THEY_ARE = frozenset({type(None), bool, int, str, Decimal})


def build_name(name: str, *, border: bool) -> Run:
    """Give the function that looks a name up; built-in functions are known by theirs."""
    if not border:
        return _raw_name(name)
    default = BUILT_IN.get(name)

    def evaluate(frame: Frame) -> object:
        value = frame.names.get(name, _ABSENT)
        if value is _ABSENT:
            value = default if frame.outer is None else frame.outer.look(name, default)
        return value if type(value) in _AS_THEY_ARE else from_engine(value)

    return evaluate


def _raw_name(name: str) -> Run:
    default = BUILT_IN.get(name)

    def evaluate(frame: Frame) -> object:
        value = frame.names.get(name, _ABSENT)
        if value is not _ABSENT:
            return value
        return default if frame.outer is None else frame.outer.look(name, default)

    return evaluate


def build_path(base: Node, name: str, build: Callable[[Node], Run], *, border: bool) -> Run:
    """Give the function that reads an entry or a property."""
    if border and _is_plain_path(base):
        raw = _raw_path(base)

        def evaluate_raw(frame: Frame) -> object:
            owner = raw(frame)
            if type(owner) is dict:
                value = owner.get(name)
                return value if type(value) in _AS_THEY_ARE else from_engine(value)
            return _noted(frame, from_engine(owner), name)

        return evaluate_raw
    run = build(base)

    def evaluate(frame: Frame) -> object:
        owner = run(frame)
        if type(owner) is dict:
            return owner.get(name)
        return _noted(frame, owner, name)

    return evaluate


def _is_plain_path(node: Node) -> bool:
    while isinstance(node, Path):
        node = node.base
    return isinstance(node, Name)


def _raw_path(node: Node) -> Run:
    """Read the engine's own mappings without converting what is not asked for."""
    if isinstance(node, Name):
        return _raw_name(node.name)
    assert isinstance(node, Path)
    base, name = _raw_path(node.base), node.name

    def evaluate(frame: Frame) -> object:
        owner = base(frame)
        if isinstance(owner, Mapping):
            return owner.get(name)
        return _noted(frame, from_engine(owner), name)

    return evaluate


def _noted(frame: Frame, owner: object, name: str, depth: int = 0) -> object:
    """Give that part of a value, or of each item; null and a problem for each that has none."""
    try:
        if not is_list(owner):
            return part_of(owner, name)
        if depth > DEPTH:
            raise too_large()
        return [_noted(frame, item, name, depth + 1) for item in owner]
    except ExpressionError as problem:
        return frame.evaluation.note(problem)


def part_of(owner: object, name: str) -> object:
    """Give an entry of a context, or a property; raise ExpressionError where there is none."""
    if owner is None:
        return None
    if is_context(owner):
        return owner.get(name)
    found = PROPERTIES.get(type(owner), {}).get(name)
    if found is None:
        raise ExpressionError(
            "no_such_part",
            "A {kind} has no “{key}”; only mappings and lists have parts.",
            kind=kind_of(owner),
            key=name,
        )
    return found(owner)
