"""Reads what begins with a word: if, for, some, every and function."""

from __future__ import annotations

from abc import abstractmethod

from engine.execution.expression_errors import ExpressionError, too_deep
from engine.execution.feel.tree import Choice, FunctionOf, Loop, Node, Parameter, Quantified, Ranging, Span
from engine.execution.feel.type_reading import TypeReading
from engine.execution.feel.types import ANY

_MOST_VARIABLES = 50


class Forms(TypeReading):
    """A reader of the forms that begin with a word."""

    @abstractmethod
    def expression(self) -> Node:
        """Take one whole expression."""

    def form(self) -> Node | None:
        """Take a form, or nothing where the text begins with none."""
        if self.take("if"):
            return self.choice()
        if self.take("for"):
            ranging = self.rangings()
            self.need("return")
            return Loop(ranging, self.inside((*(one.name for one in ranging), "partial")))
        if quantifier := self.take("some", "every"):
            ranging = self.rangings()
            self.need("satisfies")
            return Quantified(quantifier == "every", ranging, self.inside(tuple(one.name for one in ranging)))
        if self.take("function"):
            return self.function()
        return None

    def choice(self) -> Node:
        condition = self.expression()
        self.need("then")
        then = self.expression()
        self.need("else")
        return Choice(condition, then, self.expression())

    def rangings(self) -> tuple[Ranging, ...]:
        found: list[Ranging] = []
        before = self.known
        while True:
            name = self.variable()
            if not name:
                raise self.unread()
            self.need("in")
            source = self.expression()
            if self.take(".."):
                source = Span(source, self.expression())
            found.append(Ranging(name, source))
            self.learn([name])
            if len(found) > _MOST_VARIABLES:
                raise too_deep()
            if not self.take(","):
                self.known = before
                return tuple(found)

    def inside(self, names: tuple[str, ...]) -> Node:
        """Take an expression that sees further names."""
        before = self.known
        self.learn(names)
        node = self.expression()
        self.known = before
        return node

    def function(self) -> Node:
        self.need("(")
        parameters: list[Parameter] = []
        while not self.take(")"):
            if parameters:
                self.need(",")
            name = self.parameter()
            if not name:
                raise self.unread()
            parameters.append(Parameter(name, self.type() if self.take(":") else ANY))
        if self.take("external"):
            raise ExpressionError(
                "feel_external", "A function that another program has (“external”) cannot be called from here."
            )
        return FunctionOf(tuple(parameters), self.inside(tuple(one.name for one in parameters)))
