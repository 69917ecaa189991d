"""What a letter's template may say is a short list: places, conditions, one level of lists; none of it can run on or grow."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from jinja2 import StrictUndefined, TemplateAssertionError, nodes
from jinja2.sandbox import ImmutableSandboxedEnvironment

FILTERS = frozenset({"capitalize", "default", "first", "last", "length", "lower", "round", "title", "trim", "upper"})
TESTS = frozenset({"defined", "undefined", "none", "string", "number", "in", "eq", "ne", "lt", "le", "gt", "ge"})
_PARTS = (
    *(nodes.Template, nodes.Output, nodes.TemplateData, nodes.Name, nodes.Const, nodes.NSRef),
    *(nodes.Getattr, nodes.Getitem, nodes.Call, nodes.Filter, nodes.Test, nodes.Keyword),
    *(nodes.If, nodes.For, nodes.Assign, nodes.CondExpr, nodes.Compare, nodes.Operand, nodes.And, nodes.Or, nodes.Not),
    *(nodes.Dict, nodes.Pair, nodes.List, nodes.Tuple),
)


class LetterEnvironment(ImmutableSandboxedEnvironment):
    """Values are read by name; the one thing that can be called is `get`."""

    def __init__(self) -> None:
        super().__init__(autoescape=False, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        self.globals.clear()
        self.filters = {name: self.filters[name] for name in FILTERS}

    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Attributes of Python's own objects are closed, but for `get` of what has names and values."""
        return attr == "get" and isinstance(obj, Mapping)


ENVIRONMENT = LetterEnvironment()


def refuse_beyond(template: str) -> None:
    """Raise TemplateSyntaxError, with its line, where a template says more than letters may."""
    try:
        _walk(ENVIRONMENT.parse(template), inside_list=False)
    except RecursionError:
        raise TemplateAssertionError("it is nested too deeply", 1) from None


def _walk(node: nodes.Node, *, inside_list: bool) -> None:
    refusal = _refusal(node, inside_list)
    if refusal:
        raise TemplateAssertionError(refusal, node.lineno or 1)
    for child in node.iter_child_nodes():
        _walk(child, inside_list=inside_list or isinstance(node, nodes.For))


def _refusal(node: nodes.Node, inside_list: bool) -> str:
    if not isinstance(node, _PARTS):
        return f"letters know no {type(node).__name__.lower()}"
    if isinstance(node, nodes.For) and (inside_list or node.recursive):
        return "a list inside a list"
    if isinstance(node, nodes.Call) and not (isinstance(node.node, nodes.Getattr) and node.node.attr == "get"):
        return "letters call nothing but get(…)"
    if isinstance(node, nodes.Filter) and node.name not in FILTERS:
        return f"letters know no filter {node.name}; they know {', '.join(sorted(FILTERS))}"
    if isinstance(node, nodes.Test) and node.name not in TESTS:
        return f"letters know no test {node.name}"
    return ""
