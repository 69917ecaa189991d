"""Boxed expressions of every kind, one inside the other, as the file has them."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from engine.definitions.dmn.reading import BESIDE, Element, line_of, local, part_of, parts
from engine.definitions.dmn.tables import Tables
from engine.model.dmn import (
    BeyondLogic,
    BoxedContext,
    BoxedList,
    Cell,
    Conditional,
    ContextEntry,
    Filter,
    FunctionKind,
    FunctionLogic,
    Invocation,
    Iteration,
    IterationKind,
    LiteralExpression,
    Logic,
    Parameter,
    Relation,
)
from engine.model.errors import Message

NESTING: Final = 100
"""How deep boxed expressions may lie in one another."""


class BoxedExpressions(Tables):
    """Reads the expressions of one file."""

    def __init__(self, file: str) -> None:
        super().__init__(file)
        self.depth = 0
        self.kinds: dict[str, Callable[[Element], Logic]] = {
            "decisionTable": self.table,
            "literalExpression": self.literal,
            "context": self.context,
            "invocation": self.invocation,
            "list": self.boxed_list,
            "relation": self.relation,
            "functionDefinition": self.function,
            "conditional": self.conditional,
            "filter": self.filter,
            **dict.fromkeys(map(str, IterationKind), self.iteration),
        }

    def logic_in(self, element: Element | None, where: Element) -> Logic:
        """Give the one expression right below an element; that there is none, or a strange one, is a finding."""
        found = [] if element is None else [part for part in parts(element) if local(part) in self.kinds]
        if not found:
            self.note(
                where,
                Message("dmn_no_logic", "“{element}” has no expression.", {"element": local(where)}),
                Message("dmn_no_logic_remedy", "Give it a decision table or an expression."),
            )
            return BeyondLogic("", line_of(where))
        for extra in found[1:]:
            self.unknown(extra)
        return self.logic(found[0])

    def logic(self, element: Element) -> Logic:
        if self.depth >= NESTING:
            self.note(
                element,
                Message("dmn_too_deep", "Expressions are nested deeper than {limit} levels.", {"limit": NESTING}),
                Message("dmn_too_deep_remedy", "Move the inner ones into decisions of their own."),
            )
            return BeyondLogic(local(element), line_of(element))
        self.depth += 1
        try:
            return self.kinds[local(element)](element)
        finally:
            self.depth -= 1

    def literal(self, element: Element) -> Logic:
        self.check_language(element)
        if part_of(element, "importedValues") is not None:
            self.unknown(element)
            return BeyondLogic("importedValues", line_of(element))
        return LiteralExpression(self.cell(element) or Cell(""), self.type_name(element), element.get("id") or "")

    def context(self, element: Element) -> BoxedContext:
        entries = tuple(self.entry(part, part_of(part, "variable")) for part in parts(element, "contextEntry"))
        return BoxedContext(line_of(element), entries, self.type_name(element), element.get("id") or "")

    def entry(self, element: Element, named: Element | None) -> ContextEntry:
        name = " ".join((named.get("name") or "").split()) if named is not None else ""
        return ContextEntry(name, self.logic_in(element, element), self.type_name(named), line_of(element))

    def invocation(self, element: Element) -> Invocation:
        bindings = tuple(self.entry(part, part_of(part, "parameter")) for part in parts(element, "binding"))
        called = self.logic_in(element, element)
        return Invocation(line_of(element), called, bindings, self.type_name(element), element.get("id") or "")

    def boxed_list(self, element: Element) -> BoxedList:
        items = tuple(self.logic(part) for part in self.items(element))
        return BoxedList(line_of(element), items, self.type_name(element), element.get("id") or "")

    def items(self, element: Element) -> list[Element]:
        found: list[Element] = []
        for part in parts(element):
            if local(part) in self.kinds:
                found.append(part)
            elif local(part) not in BESIDE:
                self.unknown(part)
        return found

    def relation(self, element: Element) -> Relation:
        columns = tuple(self.parameter(part) for part in parts(element, "column"))
        rows: list[tuple[Logic, ...]] = []
        for row in parts(element, "row"):
            cells = tuple(self.logic(part) for part in self.items(row))
            if len(cells) != len(columns):
                self.note(
                    row,
                    Message(
                        "dmn_row_width",
                        "The row has {cells} cells for {columns} columns.",
                        {"cells": len(cells), "columns": len(columns)},
                    ),
                    Message("dmn_row_width_remedy", "Give each row one cell a column."),
                )
            rows.append(cells)
        return Relation(line_of(element), columns, tuple(rows), self.type_name(element), element.get("id") or "")

    def parameter(self, element: Element) -> Parameter:
        return Parameter(" ".join((element.get("name") or "").split()), self.type_name(element))

    def function(self, element: Element) -> FunctionLogic:
        kind = element.get("kind") or FunctionKind.FEEL
        if kind not in set(FunctionKind):
            self.unknown(element)
            kind = FunctionKind.FEEL
        return FunctionLogic(
            line_of(element),
            tuple(self.parameter(part) for part in parts(element, "formalParameter")),
            self.logic_in(element, element),
            FunctionKind(kind),
            self.type_name(element),
            element.get("id") or "",
        )

    def conditional(self, element: Element) -> Conditional:
        condition, then, otherwise = (self.logic_in(part_of(element, name), element) for name in ("if", "then", "else"))
        return Conditional(
            line_of(element), condition, then, otherwise, self.type_name(element), element.get("id") or ""
        )

    def iteration(self, element: Element) -> Iteration:
        return Iteration(
            line_of(element),
            IterationKind(local(element)),
            " ".join((element.get("iteratorVariable") or "").split()),
            self.logic_in(part_of(element, "in"), element),
            self.logic_in(part_of(element, "return", "satisfies"), element),
            self.type_name(element),
            element.get("id") or "",
        )

    def filter(self, element: Element) -> Filter:
        source = self.logic_in(part_of(element, "in"), element)
        match = self.logic_in(part_of(element, "match"), element)
        return Filter(line_of(element), source, match, self.type_name(element), element.get("id") or "")
