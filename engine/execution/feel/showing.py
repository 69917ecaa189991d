"""How values are written as text: strings plainly, inside others in quotes, everything else as its literal."""

from __future__ import annotations

from decimal import Decimal

from engine.execution.feel.calculating import bounded_text
from engine.execution.feel.comparing import too_large
from engine.execution.feel.evaluation import DEPTH, TEXT_LENGTH
from engine.execution.feel.values import FeelRange, Invocable, is_context, is_list


def text_of(value: object) -> str | None:
    """Give the text of a value as FEEL's `string` does; null stays null."""
    if value is None:
        return None
    return bounded_text(value if isinstance(value, str) else "".join(_Writer().written(value, 0)))


class _Writer:
    """Writes values inside others, and stops where the text is too long."""

    __slots__ = ("left",)

    def __init__(self) -> None:
        self.left = TEXT_LENGTH

    def written(self, value: object, depth: int) -> str:
        if depth > DEPTH or self.left < 0:
            raise too_large()
        self.left -= 2
        if is_list(value):
            return f"[{', '.join([self.written(item, depth + 1) for item in value])}]"
        if is_context(value):
            return f"{{{', '.join([f'{key}: {self.written(item, depth + 1)}' for key, item in value.items()])}}}"
        if isinstance(value, FeelRange):
            ends = f"{self.written(value.low, depth + 1)}..{self.written(value.high, depth + 1)}"
            return f"{'[' if value.low_closed else '('}{ends}{']' if value.high_closed else ')'}"
        text = _plain(value)
        self.left -= len(text)
        return text


def _plain(value: object) -> str:
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            escaped = value.replace("\\", "\\\\").replace('"', '\\"')
            return f'"{escaped}"'
        case Decimal():
            return format(value, "f") if value.adjusted() < TEXT_LENGTH else str(value)
        case Invocable():
            return value.name
        case _:
            return str(value)
