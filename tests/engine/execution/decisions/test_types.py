"""Inputs are read by their declared type, down to the components of mappings and the entries of lists."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest

from engine.execution.decisions.types import Types, checked
from engine.execution.expressions import ExpressionError
from engine.model.dmn import Cell, ItemType
from engine.model.values import Months

LOAN = ItemType("tLoan", components=(ItemType("amount", "number"), ItemType("since", "date")))
TYPES = Types([LOAN, ItemType("tLoans", "tLoan", is_list=True), ItemType("tSize", "string", allowed=Cell('"S","M"'))])


@pytest.mark.parametrize(
    ("type_name", "value", "read"),
    [
        ("number", 1.5, Decimal("1.5")),
        ("feel:string", "x", "x"),
        ("date", "2026-03-02", date(2026, 3, 2)),
        ("dayTimeDuration", "PT36H", timedelta(hours=36)),
        ("years and months duration", "P1Y", Months(12)),
        ("boolean", None, None),
        ("tLoan", {"amount": 1, "since": "2026-01-01"}, {"amount": Decimal(1), "since": date(2026, 1, 1)}),
        ("tLoans", [{"amount": 2}], [{"amount": Decimal(2), "since": None}]),
        ("tLoans", {"amount": 2}, [{"amount": Decimal(2), "since": None}]),
        ("tSize", "S", "S"),
    ],
)
def test_a_value_is_read_as_its_type(type_name: str, value: object, read: object) -> None:
    assert TYPES.reader(type_name)(value) == read


@pytest.mark.parametrize(
    ("type_name", "value"),
    [
        ("number", "1"),
        ("number", True),
        ("string", 1),
        ("date", "soon"),
        ("boolean", "true"),
        ("tLoan", 3),
        ("tSize", "XL"),
    ],
)
def test_a_value_of_another_type_is_refused(type_name: str, value: object) -> None:
    with pytest.raises(ExpressionError):
        TYPES.reader(type_name)(value)


def test_an_unknown_type_and_one_made_of_itself_are_refused() -> None:
    with pytest.raises(ExpressionError, match="“tMoon” is not declared"):
        TYPES.reader("tMoon")
    with pytest.raises(ExpressionError):
        Types([ItemType("tSelf", "tSelf")]).reader("tSelf")


def test_allowed_values_are_tests_like_any_cell() -> None:
    read = checked(TYPES.reader("number"), Cell("[1..5]"))
    assert read(3) == 3
    with pytest.raises(ExpressionError, match=r"none of the allowed: \[1\.\.5\]"):
        read(6)
