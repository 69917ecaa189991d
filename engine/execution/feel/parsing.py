"""Reads FEEL expressions and the tests of cells into the tree; nesting is bounded, and so is recursion."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

from engine.execution.expression_errors import NESTING_LIMIT, ExpressionError, too_deep
from engine.execution.feel.brackets import ARITHMETIC_STRENGTH, RELATIONS, Brackets
from engine.execution.feel.evaluation import TEXT_LENGTH
from engine.execution.feel.tree import (
    Anything,
    Argument,
    Arithmetic,
    Between,
    Call,
    Comparison,
    Filter,
    InstanceOf,
    Literal,
    Logic,
    Negation,
    Node,
    Path,
    Test,
    Tests,
    Within,
)
from engine.execution.feel.type_reading import TypeNames
from engine.execution.feel.walking import depth_of

_STRENGTH = {"or": 1, "and": 2, "+": 4, "-": 4, "*": 5, "/": 5, "**": 6}
_STRENGTH |= dict.fromkeys(RELATIONS, 3)
_AFTER_A_BOUND = frozenset(
    {"", ",", ")", "]", "}", "and", "or", "then", "else", "return", "satisfies", "in", *RELATIONS}
)
_CONTINUES = frozenset({".", "[", "(", "+", "-", "*", "/", "**", "instance"})
_N = TypeVar("_N", bound=Node)


def read_feel(text: str, names: Iterable[str] = (), types: TypeNames | None = None, *, joins: bool = True) -> Node:
    """Read one expression; raise ExpressionError where it is none.

    Where it `joins`, words that stand together are one name even if it is not among `names`.
    """
    parser = Parser(text, names, types)
    parser.joins = joins
    return _read(parser, Parser.expression)


def read_tests(text: str, names: Iterable[str] = (), types: TypeNames | None = None) -> Tests | Anything:
    """Read the tests of a cell; an empty one and `-` fit anything."""
    if text.strip() in ("", "-"):
        return Anything()
    return _read(Parser(text, names, types), Parser.cell)


def _read(parser: Parser, part: Callable[[Parser], _N]) -> _N:
    if not parser.text.strip():
        raise ExpressionError("expression_empty", "The expression is empty; write a condition or a value.")
    if len(parser.text) > TEXT_LENGTH:
        raise ExpressionError(
            "expression_too_long", "The expression is longer than {limit} characters; split it.", limit=TEXT_LENGTH
        )
    try:
        node = part(parser)
    except RecursionError:
        raise too_deep() from None
    if parser.token.kind != "end":
        raise parser.unread()
    if depth_of(node) > 2 * NESTING_LIMIT:
        raise too_deep()
    return node


class Parser(Brackets):
    """Descends into brackets only; operators wait on a list of their own."""

    def expression(self) -> Node:
        return self.operators(1)

    def operators(self, weakest: int) -> Node:
        """Take operands and the operators between them that bind at least so strongly."""
        self.enter()
        operands = [self.operand()]
        waiting: list[str] = []
        while True:
            token = self.token
            strength = 0
            if token.kind in ("sign", "keyword"):
                strength = 3 if token.text in ("in", "between") else _STRENGTH.get(token.text, 0)
            while waiting and _STRENGTH[waiting[-1]] >= max(strength, 1):
                self.joined(operands, waiting.pop())
            if strength < weakest or not strength:
                break
            self.at = token.end
            if token.text == "between":
                low = self.operators(ARITHMETIC_STRENGTH)
                self.need("and")
                operands.append(Between(operands.pop(), low, self.operators(ARITHMETIC_STRENGTH)))
            elif token.text == "in":
                operands.append(Within(operands.pop(), self.tests_in()))
            else:
                waiting.append(token.text)
                operands.append(self.operand())
        self.depth -= 1
        return operands[0]

    def joined(self, operands: list[Node], sign: str) -> None:
        right, left = operands.pop(), operands.pop()
        if sign in ("and", "or"):
            conjunction = sign == "and"
            earlier = left.operands if isinstance(left, Logic) and left.conjunction is conjunction else (left,)
            operands.append(Logic(conjunction, (*earlier, right)))
        elif sign in RELATIONS:
            operands.append(Comparison(sign, left, right))
        else:
            operands.append(Arithmetic(sign, left, right))

    def operand(self) -> Node:
        minus = 0
        while self.take("-"):
            minus += 1
        node = self.postfix(self.primary())
        if self.token.text == "instance" and self.take("instance"):
            if not self.word("of"):
                raise self.unread()
            node = InstanceOf(node, self.type())
        if minus and isinstance(node, Literal) and isinstance(node.value, int) and not isinstance(node.value, bool):
            return Literal(-node.value if minus % 2 else node.value)
        for _ in range(minus):
            node = Negation(node)
        return node

    def postfix(self, node: Node) -> Node:
        while True:
            if self.take("."):
                node = Path(node, self.words(joins=self.joins))
            elif self.token.text == "[" and self.token.kind == "sign" and not self.ends_range():
                self.at = self.token.end
                node = Filter(node, self.inside(("item",)))
                self.need("]")
            elif self.take("("):
                node = Call(node, self.arguments())
            else:
                return node

    def ends_range(self) -> bool:
        """Say whether the next `[` is the open end of a range rather than the begin of a filter."""
        following = self.read(self.token.end)
        return following.text in _AFTER_A_BOUND and following.kind in ("sign", "keyword", "end")

    def arguments(self) -> tuple[Argument, ...]:
        found: list[Argument] = []
        while not self.take(")"):
            if found:
                self.need(",")
            name = self.key()
            found.append(Argument(name, self.expression()))
        if len({bool(argument.name) for argument in found}) > 1:
            raise self.unread()
        return tuple(found)

    # ---- tests

    def tests_in(self) -> tuple[Node, ...]:
        """Take what stands behind `in`: one test, or several in brackets."""
        before, known = self.at, self.known
        if not self.take("("):
            return (self.test(ARITHMETIC_STRENGTH),)
        tests = [self.test(1)]
        while self.take(","):
            tests.append(self.test(1))
        if len(tests) > 1:
            self.need(")")
            return tuple(tests)
        if self.take(")") and self.token.text not in _CONTINUES:
            return tuple(tests)
        self.at, self.known = before, known
        return (self.operators(ARITHMETIC_STRENGTH),)

    def test(self, weakest: int) -> Node:
        if sign := self.take(*RELATIONS):
            return Test(sign, self.operators(ARITHMETIC_STRENGTH))
        return self.operators(weakest)

    def cell(self) -> Tests:
        """Take the tests of a cell."""
        before = self.at
        if self.token.text == "not":
            self.at = self.token.end
            if self.take("("):
                tests = self.alternatives()
                self.need(")")
                if self.token.kind == "end":
                    return Tests(tests, negated=True)
            self.at = before
        return Tests(self.alternatives())

    def alternatives(self) -> tuple[Node, ...]:
        tests = [self.alternative()]
        while self.take(","):
            tests.append(self.alternative())
        return tuple(tests)

    def alternative(self) -> Node:
        if self.token.text == "-" and self.read(self.token.end).text in ("", ",", ")"):
            self.at = self.token.end
            return Anything()
        return self.test(1)
