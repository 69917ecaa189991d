"""A cell that asks whether a text contains, starts or ends with a given one is answered without calling a function.

Tables that read letters hold hundreds of such cells, and a column of them is gone through at once; the answer is the
same as that of the function (tests compare).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from operator import contains

from engine.execution.feel.evaluation import Frame
from engine.execution.feel.tree import Anything, Call, Literal, Name, Node, Tests

Judge = Callable[[object, Frame], "bool | None"]
TextFind = Callable[[object, Frame], "int | None"]
"""Gives the rules that fit a value as bits; None where only testing each rule can tell."""
Asked = tuple[str, str]
"""The function and the text that it asks for."""

_ASKED: dict[str, Callable[[str, str], bool]] = {
    "contains": contains,
    "starts with": str.startswith,
    "ends with": str.endswith,
}
_ABSENT = object()


def text_test(node: Node, otherwise: Judge) -> Judge:
    """Give the quick test of `contains(?, "text")` and its like, or `otherwise` for any other cell.

    `otherwise` also answers for values that are no text, and where a name in scope hides the function.
    """
    found = _asked(node)
    if found is None:
        return otherwise
    name, text = found
    ask = _ASKED[name]

    def judge(value: object, frame: Frame) -> bool | None:
        if type(value) is not str or frame.look(name, _ABSENT) is not _ABSENT:
            return otherwise(value, frame)
        frame.evaluation.spend_on(value)
        return ask(value, text)

    return judge


def asked_texts(tree: Tests | Anything | None) -> tuple[Asked, ...]:
    """Give what a cell asks for where any one of it is enough; nothing where the cell asks for anything else."""
    if not isinstance(tree, Tests) or tree.negated:
        return ()
    found = [_asked(node) for node in tree.tests]
    asked = tuple(one for one in found if one is not None)
    return asked if len(asked) == len(found) else ()


def text_look_up(cells: Sequence[tuple[Asked, ...]]) -> TextFind | None:
    """Give the look-up of a column by what its cells ask for, a bit a rule; cells that ask for nothing count as fitting."""
    always = sum(1 << number for number, cell in enumerate(cells) if not cell)
    asked = [(1 << number, name, text) for number, cell in enumerate(cells) for name, text in cell]
    contained = [(bit, text) for bit, name, text in asked if name == "contains"]
    others = [(bit, _ASKED[name], text) for bit, name, text in asked if name != "contains"]
    names = frozenset(name for _, name, _ in asked)
    if not names:
        return None

    def find(value: object, frame: Frame) -> int | None:
        if type(value) is not str or any(frame.look(name, _ABSENT) is not _ABSENT for name in names):
            return None
        frame.evaluation.spend_on(value)
        frame.evaluation.spend(len(asked))
        rules = always
        for bit, text in contained:
            if text in value:
                rules |= bit
        for bit, ask, text in others:
            if ask(value, text):
                rules |= bit
        return rules

    return find


def _asked(node: Node) -> Asked | None:
    """The function and the text of `contains(?, "text")` or its like."""
    if not isinstance(node, Call) or not isinstance(node.function, Name) or len(node.arguments) != 2:
        return None
    name, (asked, given) = node.function.name, node.arguments
    wanted = given.value.value if isinstance(given.value, Literal) else None
    if name not in _ASKED or asked.name or given.name or not isinstance(wanted, str):
        return None
    if not isinstance(asked.value, Name) or asked.value.name != "?":
        return None
    return name, wanted
