"""Typed values out of a connector's inputs, with a sentence where one does not fit."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal, InvalidOperation

from engine.model.errors import Invalid, Message

LONGEST_AMOUNT = 15
"""Digits before the point, and places behind it."""


def text_of(inputs: Mapping[str, object], name: str, default: str = "") -> str:
    """The input as text; absent and null give `default`."""
    value = inputs.get(name)
    return default if value is None else str(value)


def amount_of(inputs: Mapping[str, object], name: str) -> Decimal | None:
    """The input as an amount of money; absent, null and empty give None. Raises Invalid for what is no number."""
    value = inputs.get(name)
    if value is None or value == "":
        return None
    try:
        amount = Decimal(str(value))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite():
        raise Invalid("amount_wrong", "“{value}” in {name} is not an amount.", value=str(value), name=name)
    return amount


def fault_of_amount(amount: Decimal | None) -> Message | None:
    """Why this cannot be an amount of money, or None."""
    if amount is None:
        return None
    if not amount.is_finite() or abs(amount.adjusted()) > LONGEST_AMOUNT or len(amount.as_tuple().digits) > 20:
        return Message("amount_not_number", "Write the amount in digits, such as 1250.50.")
    if amount < 0:
        return Message("amount_negative", "An amount cannot be negative.")
    return None


def day_of(inputs: Mapping[str, object], name: str) -> date | None:
    """The input as a day; absent and null give None. Raises Invalid for what is no day."""
    value = inputs.get(name)
    if value is None or value == "":
        return None
    if isinstance(value, date):
        return value
    try:
        return date.fromisoformat(str(value)[:10])
    except ValueError:
        raise Invalid(
            "day_wrong", "“{value}” in {name} is not a day. Write it as 2026-03-02.", value=str(value), name=name
        ) from None
