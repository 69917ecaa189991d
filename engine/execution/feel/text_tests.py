"""A cell that asks whether a text contains, starts or ends with a given one is answered without calling a function.

Tables that read letters hold hundreds of such cells; the answer is the same as that of the function (a test compares).
"""

from __future__ import annotations

from collections.abc import Callable
from operator import contains

from engine.execution.feel.evaluation import Frame
from engine.execution.feel.tree import Call, Literal, Name, Node

Judge = Callable[[object, Frame], "bool | None"]

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
    if not isinstance(node, Call) or not isinstance(node.function, Name) or len(node.arguments) != 2:
        return otherwise
    name, (asked, given) = node.function.name, node.arguments
    wanted = given.value.value if isinstance(given.value, Literal) else None
    ask = _ASKED.get(name)
    if ask is None or asked.name or given.name or not isinstance(wanted, str):
        return otherwise
    if not isinstance(asked.value, Name) or asked.value.name != "?":
        return otherwise
    text = wanted

    def judge(value: object, frame: Frame) -> bool | None:
        if type(value) is not str or frame.look(name, _ABSENT) is not _ABSENT:
            return otherwise(value, frame)
        frame.evaluation.spend_on(value)
        return ask(value, text)

    return judge
