"""Reads what needs no operator: literals, names, and everything in brackets."""

from __future__ import annotations

from abc import abstractmethod

from engine.execution.feel.forms import Forms
from engine.execution.feel.literals import number_of, text_of_literal, value_at
from engine.execution.feel.tree import ContextOf, Entry, ListOf, Literal, Name, Node, RangeOf

ARITHMETIC_STRENGTH = 4
RELATIONS = frozenset({"=", "!=", "<", "<=", ">", ">="})
_WORDS = {"true": True, "false": False, "null": None}


class Brackets(Forms):
    """A reader of operands; where it `joins`, words that stand together are a name even if nobody told it."""

    joins = True

    @abstractmethod
    def operators(self, weakest: int) -> Node:
        """Take operands and the operators between them that bind at least so strongly."""

    def primary(self) -> Node:
        token = self.token
        match token.kind:
            case "number":
                self.at = token.end
                return Literal(number_of(token.text))
            case "text":
                self.at = token.end
                return Literal(text_of_literal(token.text))
            case "at":
                self.at = token.end
                return Literal(value_at(token.text))
            case "name":
                return Name(self.words(joins=self.joins))
            case "keyword" if token.text in _WORDS:
                self.at = token.end
                return Literal(_WORDS[token.text])
            case "keyword":
                node = self.form()
            case _:
                node = self.bracket()
        if node is None:
            raise self.unread()
        return node

    def bracket(self) -> Node | None:
        if self.take("("):
            return self.round()
        if self.take("["):
            return self.square()
        if self.take("]"):
            low = self.operators(ARITHMETIC_STRENGTH)
            self.need("..")
            return self.range(low, closed=False)
        return self.context() if self.take("{") else None

    def round(self) -> Node:
        if sign := self.take(*RELATIONS):
            node = _ranging(sign, self.operators(ARITHMETIC_STRENGTH))
            if node is None:
                raise self.unread()
        else:
            node = self.expression()
            if self.take(".."):
                return self.range(node, closed=False)
        self.need(")")
        return node

    def square(self) -> Node:
        items: list[Node] = []
        while not self.take("]"):
            if items:
                self.need(",")
            items.append(self.expression())
            if len(items) == 1 and self.take(".."):
                return self.range(items[0], closed=True)
        return ListOf(tuple(items))

    def range(self, low: Node, *, closed: bool) -> Node:
        high = self.operators(ARITHMETIC_STRENGTH)
        end = self.take("]", ")", "[")
        if not end:
            raise self.unread()
        return RangeOf(low, high, closed, end == "]")

    def context(self) -> Node:
        entries: list[Entry] = []
        while not self.take("}"):
            if entries:
                self.need(",")
            entries.append(Entry(self.entry_key(), self.expression()))
            self.learn([entries[-1].key])  # also behind the context, for paths
        return ContextOf(tuple(entries))

    def entry_key(self) -> str:
        token = self.token
        if token.kind == "text":
            self.at = token.end
            self.need(":")
            return text_of_literal(token.text)
        key = self.key()
        if not key:
            raise self.unread()
        return key


def _ranging(sign: str, end: Node) -> Node | None:
    """Give the range that a sign and an end stand for; `!=` stands for none."""
    match sign:
        case "<" | "<=":
            return RangeOf(Literal(None), end, low_closed=False, high_closed=sign == "<=")
        case ">" | ">=":
            return RangeOf(end, Literal(None), low_closed=sign == ">=", high_closed=False)
        case "=":
            return RangeOf(end, end)
        case _:
            return None
