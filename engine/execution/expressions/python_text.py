"""Reads the closed subset of Python expressions; whatever else Python knows is refused by name."""

from __future__ import annotations

import ast
import warnings
from collections.abc import Sequence
from decimal import Decimal

from engine.execution.expressions.errors import ExpressionError, check_length, from_message, too_deep
from engine.execution.expressions.functions import PYTHON_FUNCTIONS
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
from engine.model.errors import Invalid
from engine.model.values import bounded_number, normalise

_SIGNS: dict[type[ast.operator], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
}
_COMPARISONS: dict[type[ast.cmpop], str] = {
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}
_WORDS = {"true": True, "false": False, "null": None}


def parse_python(text: str, mode: str = "eval") -> ast.Module | ast.Expression:
    """Give Python's own tree of the text; raise ExpressionError where it is no Python."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            tree = ast.parse(text, mode=mode)
    except SyntaxError as error:
        raise ExpressionError(
            "expression_syntax",
            "“{text}” cannot be read at character {place}.",
            text=_short(text),
            place=error.offset or 1,
        ) from None
    except (RecursionError, MemoryError):
        raise too_deep() from None
    except ValueError:
        raise ExpressionError("expression_characters", "The expression holds characters that are no text.") from None
    if not isinstance(tree, ast.Module | ast.Expression):
        raise ExpressionError(
            "expression_syntax", "“{text}” cannot be read at character {place}.", text=_short(text), place=1
        )
    return tree


def _short(text: str) -> str:
    return text if len(text) <= 80 else text[:79] + "…"


def read_python(text: str) -> Node:
    """Read one expression into the tree."""
    plain = check_length(text)
    tree = parse_python(plain)
    if not isinstance(tree, ast.Expression):
        raise ExpressionError("expression_syntax", "“{text}” cannot be read at character {place}.", text=plain, place=1)
    return Subset(plain).node(tree.body)


class Subset:
    """Turns Python's tree into ours, for one text."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.depth = 0

    def node(self, tree: ast.expr) -> Node:
        self.depth += 1
        if self.depth > 100:
            raise too_deep()
        found = self.plain(tree) or self.joined(tree)
        self.depth -= 1
        if found is None:
            raise self.refused(tree)
        return found

    def nodes(self, trees: Sequence[ast.expr]) -> tuple[Node, ...]:
        return tuple(self.node(tree) for tree in trees)

    def refused(self, tree: ast.AST) -> ExpressionError:
        return ExpressionError(
            "expression_not_allowed",
            "“{part}” is not allowed: expressions compare, calculate and call the known functions ({functions}).",
            part=_short(ast.unparse(tree)),
            functions=", ".join(PYTHON_FUNCTIONS),
        )

    def plain(self, tree: ast.expr) -> Node | None:
        match tree:
            case ast.Constant():
                return self.constant(tree)
            case ast.Name(id=name):
                return Literal(_WORDS[name]) if name in _WORDS else Name(name)
            case ast.Attribute(value=base, attr=key):
                return Member(self.node(base), Literal(key))
            case ast.Subscript(value=base, slice=key):
                return Member(self.node(base), self.node(key))
            case ast.List(elts=items) | ast.Tuple(elts=items):
                return ListOf(self.nodes(items))
            case ast.Dict(keys=keys, values=values):
                return MappingOf(tuple(zip(map(self.key, keys), self.nodes(values), strict=True)))
            case ast.Call(func=ast.Name(id=name), args=arguments, keywords=[]) if name in PYTHON_FUNCTIONS:
                return Call(name, self.nodes(arguments))
            case _:
                return None

    def joined(self, tree: ast.expr) -> Node | None:
        match tree:
            case ast.BoolOp(op=sign, values=values):
                return Logic(isinstance(sign, ast.And), self.nodes(values))
            case ast.UnaryOp(op=ast.Not(), operand=operand):
                return Not(self.node(operand))
            case ast.UnaryOp(op=ast.USub(), operand=operand):
                return Arithmetic("*", Literal(-1), self.node(operand))
            case ast.UnaryOp(op=ast.UAdd(), operand=operand):
                return Arithmetic("*", Literal(1), self.node(operand))
            case ast.BinOp(left=left, op=sign, right=right) if type(sign) in _SIGNS:
                return Arithmetic(_SIGNS[type(sign)], self.node(left), self.node(right))
            case ast.IfExp(test=condition, body=then, orelse=otherwise):
                return Choice(self.node(condition), self.node(then), self.node(otherwise))
            case ast.Compare():
                return self.chain(tree)
            case _:
                return None

    def constant(self, tree: ast.Constant) -> Node | None:
        value = tree.value
        try:
            if isinstance(value, float):
                source = ast.get_source_segment(self.text, tree) or str(value)
                return Literal(bounded_number(Decimal(source.replace("_", ""))))
            if value is None or isinstance(value, bool | int | str):
                return Literal(normalise(value))
        except Invalid as refusal:
            raise from_message(refusal.message) from None
        return None

    def key(self, tree: ast.expr | None) -> str:
        if isinstance(tree, ast.Constant) and isinstance(tree.value, str):
            return tree.value
        raise ExpressionError("expression_key", "The keys of a mapping are written out as texts.")

    def chain(self, tree: ast.Compare) -> Node:
        sides = self.nodes([tree.left, *tree.comparators])
        if len(sides) == 2:
            return self.comparison(tree, tree.ops[0], *sides)
        if not all(type(sign) in _COMPARISONS for sign in tree.ops):
            raise self.refused(tree)
        return Chain(tuple(_COMPARISONS[type(sign)] for sign in tree.ops), sides)

    def comparison(self, tree: ast.Compare, sign: ast.cmpop, left: Node, right: Node) -> Node:
        match sign:
            case ast.In():
                return Membership(left, right)
            case ast.NotIn():
                return Not(Membership(left, right))
            case ast.Is() | ast.IsNot() if isinstance(right, Literal) and right.value in (None, True, False):
                return Comparison("==" if isinstance(sign, ast.Is) else "!=", left, right)
            case ast.Is() | ast.IsNot():
                raise self.refused(tree)
            case _:
                return Comparison(_COMPARISONS[type(sign)], left, right)
