"""Cuts JUEL into tokens, which are then read by recursive descent with a bound on depth."""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from engine.execution.expressions.errors import NESTING_LIMIT, ExpressionError, from_message, too_deep
from engine.execution.expressions.tree import Literal, Node
from engine.model.errors import Invalid
from engine.model.values import bounded_number

_ESCAPED = re.compile(r"\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{6}|.)", re.DOTALL)
_SHORT = {"n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True, slots=True)
class Token:
    """`kind` is number, text, name, sign or end; `place` counts characters from 1."""

    kind: str
    text: str
    place: int


def tokens_of(text: str, pattern: re.Pattern[str]) -> list[Token]:
    """Cut the text by a pattern with the groups blank, number, text, name and sign; ends with an end token."""
    found: list[Token] = []
    at = 0
    while at < len(text):
        hit = pattern.match(text, at)
        if not hit or hit.end() == at:
            raise ExpressionError(
                "expression_syntax", "“{text}” cannot be read at character {place}.", text=text, place=at + 1
            )
        if hit.lastgroup != "blank":
            found.append(Token(hit.lastgroup or "sign", hit.group(), at + 1))
        at = hit.end()
    return [*found, Token("end", "", len(text) + 1)]


def unescaped(quoted: str) -> str:
    """Give the text between the quotes with its escapes resolved."""

    def character(hit: re.Match[str]) -> str:
        code = hit[1]
        if len(code) > 1:
            return chr(int(code[1:], 16)) if int(code[1:], 16) < 0x110000 else "\ufffd"
        return _SHORT.get(code, code)

    plain = _ESCAPED.sub(character, quoted[1:-1])
    return plain.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def number_literal(text: str) -> Literal:
    """Read a number that has no sign; whole ones stay whole."""
    try:
        number = bounded_number(int(text) if text.isdecimal() else Decimal(text))
    except Invalid as refusal:
        raise from_message(refusal.message) from None
    return Literal(number)


class Descent:
    """A reader's place in its tokens."""

    def __init__(self, text: str, tokens: list[Token]) -> None:
        self.text = text
        self.tokens = tokens
        self.at = 0
        self.depth = 0

    @property
    def token(self) -> Token:
        return self.tokens[min(self.at, len(self.tokens) - 1)]

    def take(self, *texts: str) -> str:
        """Take the next sign or word if it is one of these, else give nothing."""
        token = self.token
        if token.kind in ("sign", "name") and token.text in texts:
            self.at += 1
            return token.text
        return ""

    def need(self, text: str) -> None:
        if not self.take(text):
            raise self.unread()

    def unread(self) -> ExpressionError:
        return ExpressionError(
            "expression_syntax", "“{text}” cannot be read at character {place}.", text=self.text, place=self.token.place
        )

    def enter(self) -> None:
        self.depth += 1
        if self.depth > NESTING_LIMIT:
            raise too_deep()

    def finished(self, node: Node) -> Node:
        if self.token.kind != "end":
            raise self.unread()
        return node
