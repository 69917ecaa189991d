"""Reads types: those behind `instance of`, and those of parameters."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from engine.execution.expression_errors import NESTING_LIMIT, ExpressionError, too_deep
from engine.execution.feel.scanning import Scanner
from engine.execution.feel.types import (
    ANY,
    SIMPLE_NAMES,
    ContextType,
    FeelType,
    FunctionType,
    ListType,
    RangeType,
    simple_type,
)

TypeNames = Callable[[str], FeelType | None]
_SPACED = frozenset(name for name in SIMPLE_NAMES if " " in name)


class TypeReading(Scanner):
    """A scanner that also reads types; `types` gives those that a file declares."""

    def __init__(self, text: str, names: Iterable[str], types: TypeNames | None) -> None:
        super().__init__(text, names)
        self.types = types
        self.depth = 0

    def enter(self) -> None:
        self.depth += 1
        if self.depth > NESTING_LIMIT:
            raise too_deep()

    def type(self) -> FeelType:
        """Take a type."""
        self.enter()
        name = self.type_name()
        match name:
            case "list" | "range" if self.take("<"):
                item = self.type()
                self.need(">")
                found: FeelType = ListType(item) if name == "list" else RangeType(item)
            case "context" if self.take("<"):
                found = self.context_type()
            case "function" if self.take("<"):
                found = self.function_type()
            case _:
                found = self.named_type(name)
        self.depth -= 1
        return found

    def type_name(self) -> str:
        """Take the name of a type; those of several words are FEEL's own, those with points are imported."""
        for name in sorted(_SPACED, key=len, reverse=True):
            words = name.split()
            before = self.at
            if all(self.word(word) for word in words):
                return name
            self.at = before
        token = self.advance()
        if token.kind not in ("name", "keyword"):
            raise self.unread(token.start)
        name = token.text
        while self.take("."):
            name += "." + self.words()
        return name

    def word(self, word: str) -> bool:
        token = self.token
        if token.text == word and token.kind in ("name", "keyword"):
            self.at = token.end
            return True
        return False

    def named_type(self, name: str) -> FeelType:
        found = (self.types(name) if self.types else None) or simple_type(name)
        if found is None:
            raise ExpressionError(
                "decision_type_unknown",
                "The type “{type}” is not declared; use string, number, boolean or date.",
                type=name,
            )
        return found

    def context_type(self) -> FeelType:
        entries: dict[str, FeelType] = {}
        while not self.take(">"):
            if entries:
                self.need(",")
            key = self.parameter()
            if not key:
                raise self.unread()
            self.need(":")
            entries[key] = self.type()
        return ContextType(entries)

    def function_type(self) -> FeelType:
        parameters: list[FeelType] = []
        while not self.take(">"):
            if parameters:
                self.need(",")
            parameters.append(self.type())
        result = self.type() if self.take("->") else ANY
        return FunctionType(tuple(parameters), result)
