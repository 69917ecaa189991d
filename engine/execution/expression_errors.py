"""The one refusal of expressions, when they are read and when they are evaluated."""

from __future__ import annotations

from engine.model.errors import MakegoodError, Message


class ExpressionError(MakegoodError):
    """The text is no expression of the closed language, or its values do not fit."""


TEXT_LIMIT = 2_000
NESTING_LIMIT = 100


def check_length(text: str) -> str:
    """Give the text without blanks around it; raise ExpressionError where it is empty or too long."""
    plain = text.strip()
    if not plain:
        raise ExpressionError("expression_empty", "The expression is empty; write a condition or a value.")
    if len(plain) > TEXT_LIMIT:
        raise ExpressionError(
            "expression_too_long", "The expression is longer than {limit} characters; split it.", limit=TEXT_LIMIT
        )
    return plain


def too_deep() -> ExpressionError:
    """Refuse an expression that is nested deeper than the language allows."""
    return ExpressionError(
        "expression_too_deep", "The expression is nested deeper than {limit} levels; split it.", limit=NESTING_LIMIT
    )


def from_message(message: Message) -> ExpressionError:
    """Give the same sentence as a refusal of expressions, so that its translation holds."""
    return ExpressionError(message.code, message.template, **message.params)
