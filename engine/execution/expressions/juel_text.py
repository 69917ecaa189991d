"""Reads the plain part of JUEL, `${a == 1 && b}`, as Camunda 7 files write it."""

from __future__ import annotations

import re
from collections.abc import Callable

from engine.execution.expressions.errors import ExpressionError, check_length
from engine.execution.expressions.lexer import Descent, number_literal, tokens_of, unescaped
from engine.execution.expressions.tree import (
    Arithmetic,
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

_TOKEN = re.compile(
    r"(?P<blank>\s+)|(?P<number>\d+(?:\.\d+)?(?:[eE][+-]?\d{1,4})?)"
    r"|(?P<text>\"(?:[^\"\\]|\\.)*\"|'(?:[^'\\]|\\.)*')"
    r"|(?P<name>[A-Za-z_]\w*)|(?P<sign>&&|\|\||==|!=|<=|>=|[-+*/%<>!?:.,()\[\]])",
    re.DOTALL,
)
_WHOLE = re.compile(r"[$#]\{(.*)\}", re.DOTALL)
_WORDS = {"true": True, "false": False, "null": None}
_RELATIONS = {"<": "<", "lt": "<", "<=": "<=", "le": "<=", ">": ">", "gt": ">", ">=": ">=", "ge": ">="}
_FACTORS = {"*": "*", "/": "/", "div": "/", "%": "%", "mod": "%"}
_METHODS = frozenset({"contains", "isEmpty", "equals"})


def read_juel(text: str) -> Node:
    """Read one `${…}` or `#{…}` into the tree; raise ExpressionError at the first thing that is not plain."""
    plain = check_length(text)
    found = _WHOLE.fullmatch(plain)
    if not found:
        raise ExpressionError("juel_braces", "“{text}” is no single expression; write ${{…}} around it.", text=plain)
    inner = check_length(found[1])
    descent = _Juel(inner, tokens_of(inner, _TOKEN))
    return descent.finished(descent.choice())


class _Juel(Descent):
    def choice(self) -> Node:
        self.enter()
        node = self.either()
        if self.take("?"):
            then = self.choice()
            self.need(":")
            node = Choice(node, then, self.choice())
        self.depth -= 1
        return node

    def either(self) -> Node:
        operands = [self.both()]
        while self.take("||", "or"):
            operands.append(self.both())
        return operands[0] if len(operands) == 1 else Logic(False, tuple(operands))

    def both(self) -> Node:
        operands = [self.equality()]
        while self.take("&&", "and"):
            operands.append(self.equality())
        return operands[0] if len(operands) == 1 else Logic(True, tuple(operands))

    def equality(self) -> Node:
        node = self.relation()
        while sign := self.take("==", "eq", "!=", "ne"):
            node = Comparison("==" if sign in ("==", "eq") else "!=", node, self.relation())
        return node

    def relation(self) -> Node:
        node = self.terms()
        while sign := self.take(*_RELATIONS):
            node = Comparison(_RELATIONS[sign], node, self.terms())
        return node

    def terms(self) -> Node:
        return self.series(self.factors, {"+": "+", "-": "-"})

    def factors(self) -> Node:
        return self.series(self.unary, _FACTORS)

    def series(self, part: Callable[[], Node], signs: dict[str, str]) -> Node:
        node = part()
        while sign := self.take(*signs):
            node = Arithmetic(signs[sign], node, part())
        return node

    def unary(self) -> Node:
        self.enter()
        if self.take("!", "not"):
            node: Node = Not(self.unary())
        elif self.take("-"):
            node = Arithmetic("*", Literal(-1), self.unary())
        elif self.take("empty"):
            node = _empty(self.unary())
        else:
            node = self.path()
        self.depth -= 1
        return node

    def path(self) -> Node:
        node = self.atom()
        while sign := self.take(".", "["):
            if sign == "[":
                node = Member(node, self.choice())
                self.need("]")
            else:
                node = self.part_of(node)
        return node

    def part_of(self, base: Node) -> Node:
        name = self.token
        self.at += 1
        if name.kind != "name":
            raise self.unread()
        if not self.take("("):
            return Member(base, Literal(name.text))
        if name.text not in _METHODS:
            raise ExpressionError(
                "juel_method",
                "“{method}” is not known; of methods only contains, equals and isEmpty are.",
                method=name.text,
            )
        if name.text == "isEmpty":
            self.need(")")
            return _empty(base)
        argument = self.choice()
        self.need(")")
        return Membership(argument, base) if name.text == "contains" else Comparison("==", base, argument)

    def atom(self) -> Node:
        token = self.token
        self.at += 1
        if token.kind == "number":
            return number_literal(token.text)
        if token.kind == "text":
            return Literal(unescaped(token.text))
        if token.kind == "name":
            return Literal(_WORDS[token.text]) if token.text in _WORDS else Name(token.text)
        if token.text == "(":
            node = self.choice()
            self.need(")")
            return node
        self.at -= 1
        raise self.unread()


def _empty(operand: Node) -> Node:
    empties = ListOf((Literal(None), Literal(""), ListOf(()), MappingOf(())))
    return Membership(operand, empties)
