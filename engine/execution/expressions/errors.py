"""The refusals of expressions, which FEEL shares."""

from engine.execution.expression_errors import (
    NESTING_LIMIT,
    TEXT_LIMIT,
    ExpressionError,
    check_length,
    from_message,
    too_deep,
)

__all__ = ["NESTING_LIMIT", "TEXT_LIMIT", "ExpressionError", "check_length", "from_message", "too_deep"]
