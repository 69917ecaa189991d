"""A tree becomes one function of a scope, built once; evaluating looks nothing up but variables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import TypeAlias

from engine.execution.expressions.errors import ExpressionError
from engine.execution.expressions.functions import Function
from engine.execution.expressions.operators import OPERATIONS, ORDERINGS, contains, equal, kind_of, member
from engine.execution.expressions.tree import (
    Arithmetic,
    Call,
    Chain,
    Choice,
    Comparison,
    ListOf,
    Literal,
    Logic,
    MappingOf,
    Member,
    Membership,
    Name,
    Node,
    Not,
)
from engine.model.values import Value

Scope: TypeAlias = Mapping[str, Value]
Evaluate: TypeAlias = Callable[[Scope], Value]


_COMPARE: dict[str, Callable[[Value, Value], bool | None]] = {
    **ORDERINGS,
    "==": equal,
    "!=": lambda left, right: not equal(left, right),
}


class Overlay(Mapping[str, Value]):
    """A scope with names laid over another; the inner ones are seen first."""

    __slots__ = ("inner", "outer")

    def __init__(self, inner: Scope, outer: Scope) -> None:
        self.inner = inner
        self.outer = outer

    def get(self, name: str, default: Value = None) -> Value:
        return self.inner[name] if name in self.inner else self.outer.get(name, default)

    def __getitem__(self, name: str) -> Value:
        return self.inner[name] if name in self.inner else self.outer[name]

    def __iter__(self) -> Iterator[str]:
        return iter({**self.outer, **self.inner})

    def __len__(self) -> int:
        return len({**self.outer, **self.inner})


def build(node: Node, functions: Mapping[str, Function]) -> Evaluate:
    """Give the function that evaluates the tree; the functions are those of its language."""
    match node:
        case Literal(value):
            return lambda _: value
        case Name(name):
            return lambda scope: scope.get(name)
        case Not(operand):
            return _not(build(operand, functions))
        case Logic(conjunction, operands):
            return _logic(conjunction, tuple(build(operand, functions) for operand in operands))
        case Chain(signs, sides):
            return _chain(signs, tuple(build(side, functions) for side in sides))
        case Choice(condition, then, otherwise):
            return _choice(build(condition, functions), build(then, functions), build(otherwise, functions))
        case ListOf(items):
            entries = tuple(build(item, functions) for item in items)
            return lambda scope: [entry(scope) for entry in entries]
        case MappingOf(pairs):
            fields = tuple((key, build(value, functions)) for key, value in pairs)
            return lambda scope: {key: field(scope) for key, field in fields}
        case Call(name, arguments):
            _checked(functions[name], arguments)
            return _call(functions[name], tuple(build(argument, functions) for argument in arguments))
        case _:
            return _joining(node, functions)


def _joining(node: Member | Comparison | Membership | Arithmetic, functions: Mapping[str, Function]) -> Evaluate:
    match node:
        case Member(base, key):
            return _both(build(base, functions), build(key, functions), member)
        case Comparison("==" | "!=" as sign, Name(name), Literal(str() as text)):
            return _is_text(name, text, sign == "==")
        case Comparison("==" | "!=" as sign, left, right):
            return _equality(build(left, functions), build(right, functions), sign == "==")
        case Comparison(sign, left, right):
            return _both(build(left, functions), build(right, functions), ORDERINGS[sign])
        case Membership(item, container):
            return _both(build(container, functions), build(item, functions), contains)
        case Arithmetic(sign, left, right):
            return _both(build(left, functions), build(right, functions), OPERATIONS[sign])


def _both(left: Evaluate, right: Evaluate, action: Callable[[Value, Value], Value]) -> Evaluate:
    return lambda scope: action(left(scope), right(scope))


def _equality(left: Evaluate, right: Evaluate, wanted: bool) -> Evaluate:
    return lambda scope: equal(left(scope), right(scope)) is wanted


def _is_text(name: str, text: str, wanted: bool) -> Evaluate:
    """A name beside a text is what most conditions are; only texts can be equal to it."""

    def evaluate(scope: Scope) -> Value:
        value = scope.get(name)
        return (value == text if type(value) is str else equal(value, text)) is wanted

    return evaluate


def _not(operand: Evaluate) -> Evaluate:
    def evaluate(scope: Scope) -> Value:
        value = operand(scope)
        return not value if isinstance(value, bool) else None

    return evaluate


def _logic(conjunction: bool, operands: tuple[Evaluate, ...]) -> Evaluate:
    deciding = not conjunction
    if len(operands) == 2:
        return _either(deciding, *operands)

    def evaluate(scope: Scope) -> Value:
        known = True
        for operand in operands:
            value = operand(scope)
            if value is deciding:
                return deciding
            known = known and value is conjunction
        return conjunction if known else None

    return evaluate


def _either(deciding: bool, first: Evaluate, second: Evaluate) -> Evaluate:
    """Two sides are what most conditions have."""

    def evaluate(scope: Scope) -> Value:
        left = first(scope)
        if left is deciding:
            return deciding
        right = second(scope)
        if right is deciding:
            return deciding
        return not deciding if isinstance(left, bool) and isinstance(right, bool) else None

    return evaluate


def _chain(signs: tuple[str, ...], sides: tuple[Evaluate, ...]) -> Evaluate:
    tests = tuple(_COMPARE[sign] for sign in signs)

    def evaluate(scope: Scope) -> Value:
        known = True
        left = sides[0](scope)
        for test, side in zip(tests, sides[1:], strict=True):
            right = side(scope)
            answer = test(left, right)
            if answer is False:
                return False
            known = known and answer is True
            left = right
        return True if known else None

    return evaluate


def _choice(condition: Evaluate, then: Evaluate, otherwise: Evaluate) -> Evaluate:
    def evaluate(scope: Scope) -> Value:
        chosen = condition(scope)
        if chosen is True:
            return then(scope)
        if chosen is not None and chosen is not False:
            raise not_a_condition(chosen)
        return otherwise(scope)

    return evaluate


def not_a_condition(value: Value) -> ExpressionError:
    """Say that a condition gave something other than yes, no or null."""
    return ExpressionError(
        "condition_not_boolean",
        "The condition gives a {kind}, not yes or no; compare it with something.",
        kind=kind_of(value),
    )


def _checked(function: Function, arguments: tuple[Node, ...]) -> None:
    written = [node.value for node in arguments[1:] if isinstance(node, Literal) and isinstance(node.value, str)]
    if function.check is not None and written and len(written) == len(arguments) - 1:
        function.check(*written)


def _call(function: Function, arguments: tuple[Evaluate, ...]) -> Evaluate:
    if not function.least <= len(arguments) <= function.most:
        raise ExpressionError(
            "function_arguments",
            "“{function}” takes {least} to {most} arguments, not {count}.",
            function=function.name,
            least=function.least,
            most=function.most,
            count=len(arguments),
        )
    call, nulls = function.call, function.nulls

    def evaluate(scope: Scope) -> Value:
        values = [argument(scope) for argument in arguments]
        if None in values and not nulls:
            return None
        return call(*values)

    return evaluate
