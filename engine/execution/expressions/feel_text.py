"""Reads simple FEEL, and the unary tests of a table's cell; what is not simple is refused by name."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.execution.expressions.errors import ExpressionError, check_length
from engine.execution.expressions.functions import FEEL_FUNCTIONS
from engine.execution.expressions.lexer import Descent, feel_tokens, number_literal, unescaped
from engine.execution.expressions.tree import (
    Arithmetic,
    Call,
    Choice,
    Comparison,
    Interval,
    ListOf,
    Literal,
    Logic,
    MappingOf,
    Matching,
    Member,
    Membership,
    Name,
    Node,
    Not,
    Tested,
    walk,
)

_WORDS = {"true": True, "false": False, "null": None}
_RELATIONS = {"=": "==", "!=": "!=", "<": "<", "<=": "<=", ">": ">", ">=": ">="}
_BEYOND = frozenset({"for", "some", "every", "function", "instance"})
_QUESTION = Name("?")


def read_feel(text: str, names: Iterable[str] = ()) -> Node:
    """Read one FEEL expression into the tree."""
    plain = check_length(text)
    descent = Feel(plain, feel_tokens(plain, names))
    return descent.finished(descent.expression())


def read_tests(text: str, names: Iterable[str] = ()) -> Node:
    """Read a table's cell: tests of `?`, with commas for or; `-` and an empty cell are true for anything."""
    if text.strip() in ("", "-"):
        return Literal(True)
    plain = check_length(text)
    descent = Feel(plain, feel_tokens(plain, names))
    return descent.finished(descent.tests())


class Feel(Descent):
    """Recursive descent over FEEL's levels of precedence."""

    def expression(self) -> Node:
        self.enter()
        node = self.conditional() if self.take("if") else self.either()
        self.depth -= 1
        return node

    def conditional(self) -> Node:
        condition = self.expression()
        self.need("then")
        then = self.expression()
        self.need("else")
        return Choice(condition, then, self.expression())

    def either(self) -> Node:
        operands = [self.both()]
        while self.take("or"):
            operands.append(self.both())
        return operands[0] if len(operands) == 1 else Logic(False, tuple(operands))

    def both(self) -> Node:
        operands = [self.comparison()]
        while self.take("and"):
            operands.append(self.comparison())
        return operands[0] if len(operands) == 1 else Logic(True, tuple(operands))

    def comparison(self) -> Node:
        node = self.terms()
        while True:
            if sign := self.take(*_RELATIONS):
                node = Comparison(_RELATIONS[sign], node, self.terms())
            elif self.take("between"):
                low = self.terms()
                self.need("and")
                node = Membership(node, Interval(low, self.terms()))
            elif self.take("in"):
                node = Tested(node, self.tests_in())
            else:
                return node

    def terms(self) -> Node:
        return self.series(self.factors, ("+", "-"))

    def factors(self) -> Node:
        return self.series(self.unary, ("*", "/"))

    def series(self, part: Callable[[], Node], signs: tuple[str, ...]) -> Node:
        node = part()
        while sign := self.take(*signs):
            node = Arithmetic(sign, node, part())
        return node

    def unary(self) -> Node:
        self.enter()
        node = Arithmetic("*", Literal(-1), self.unary()) if self.take("-") else self.power()
        self.depth -= 1
        return node

    def power(self) -> Node:
        node = self.path()
        while self.take("**"):
            negative = self.take("-")
            exponent = self.path()
            node = Arithmetic("**", node, Arithmetic("*", Literal(-1), exponent) if negative else exponent)
        return node

    def path(self) -> Node:
        node = self.atom()
        while True:
            if self.take("."):
                name = self.token
                self.at += 1
                if name.kind != "name":
                    raise self.unread()
                node = Member(node, Literal(name.text))
            elif self.token.text == "[" and self.following() not in ("", ",", ")"):  # else it ends an interval
                raise self.beyond("[…] as a filter")
            else:
                return node

    def following(self) -> str:
        return self.tokens[min(self.at + 1, len(self.tokens) - 1)].text

    def unread(self) -> ExpressionError:
        return self.beyond(self.token.text) if self.token.text in _BEYOND else super().unread()

    def beyond(self, what: str) -> ExpressionError:
        return ExpressionError(
            "feel_beyond", "“{what}” is FEEL that is not understood here (“{text}”).", what=what, text=self.text
        )

    def atom(self) -> Node:
        token = self.token
        self.at += 1
        if token.kind == "number":
            return number_literal(token.text)
        if token.kind == "text":
            return self.text_literal(token.text)
        if token.kind == "name":
            return self.named(token.text)
        if token.text == "(":
            return self.bracketed()
        if token.text == "[":
            return self.listed()
        if token.text == "{":
            return self.context()
        self.at -= 1
        raise self.unread()

    def text_literal(self, quoted: str) -> Node:
        if not quoted.startswith("@"):
            return Literal(unescaped(quoted))
        plain = unescaped(quoted[1:])
        if plain.lstrip("-").startswith("P"):
            kind = "duration"
        elif "T" in plain:
            kind = "date and time"
        else:
            kind = "time" if ":" in plain else "date"
        return Call(kind, (Literal(plain),))

    def named(self, name: str) -> Node:
        called = self.token.text == "(" and self.token.kind == "sign"
        if name in _BEYOND:
            raise self.beyond(name)
        if called:
            return self.call(name)
        return Literal(_WORDS[name]) if name in _WORDS else Name(name)

    def call(self, name: str) -> Node:
        self.need("(")
        if name == "not":
            node: Node = Not(self.expression())
            self.need(")")
            return node
        arguments: list[Node] = []
        while not self.take(")"):
            if arguments:
                self.need(",")
            arguments.append(self.expression())
        if name not in FEEL_FUNCTIONS:
            raise self.beyond(f"{name}(…)")
        return Call(name, tuple(arguments))

    def bracketed(self) -> Node:
        node = self.expression()
        if self.take(".."):
            return self.interval(node, low_closed=False)
        self.need(")")
        return node

    def listed(self) -> Node:
        items: list[Node] = []
        while not self.take("]"):
            if items:
                self.need(",")
            items.append(self.expression())
            if len(items) == 1 and self.take(".."):
                return self.interval(items[0], low_closed=True)
        return ListOf(tuple(items))

    def interval(self, low: Node, *, low_closed: bool) -> Node:
        high = self.expression()
        closed = self.take("]", ")", "[")
        if not closed:
            raise self.unread()
        return Interval(low, high, low_closed, closed == "]")

    def context(self) -> Node:
        pairs: list[tuple[str, Node]] = []
        while not self.take("}"):
            if pairs:
                self.need(",")
            key = self.token
            self.at += 1
            if key.kind not in ("name", "text"):
                raise self.unread()
            self.need(":")
            pairs.append((key.text if key.kind == "name" else unescaped(key.text), self.expression()))
        return MappingOf(tuple(pairs))

    # ---- tests of `?`

    def tests(self) -> Node:
        if self.token.text == "not" and self.following() == "(":
            before = self.at
            self.at += 2
            node: Node = Not(self.alternatives())
            self.need(")")
            if self.token.kind == "end":
                return node
            self.at = before  # `not(a) and b` is one expression
        return self.alternatives()

    def alternatives(self) -> Node:
        operands = [self.test()]
        while self.take(","):
            operands.append(self.test())
        return operands[0] if len(operands) == 1 else Logic(False, tuple(operands))

    def tests_in(self) -> Node:
        if not self.take("("):
            return self.test(self.terms)
        node = self.alternatives()
        if isinstance(node, Matching) and self.take(".."):  # an open interval such as (1..5]
            return Membership(_QUESTION, self.interval(node.wanted, low_closed=False))
        self.need(")")
        return node

    def test(self, part: Callable[[], Node] | None = None) -> Node:
        self.enter()
        if sign := self.take(*_RELATIONS):
            node: Node = Comparison(_RELATIONS[sign], _QUESTION, self.terms())
        elif self.take("]"):
            low = self.expression()
            self.need("..")
            node = Membership(_QUESTION, self.interval(low, low_closed=False))
        elif self.token.text == "-" and self.following() in ("", ",", ")"):
            self.at += 1
            node = Literal(True)
        else:
            node = _tested(part() if part else self.expression())
        self.depth -= 1
        return node


def _tested(node: Node) -> Node:
    if isinstance(node, Interval):
        return Membership(_QUESTION, node)
    if any(found == _QUESTION for found in walk(node)):
        return node
    return Matching(_QUESTION, node)
