"""Inputs are read by their declared type, down to the components of mappings and the entries of lists."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.execution.decisions.told import reader_of
from engine.execution.decisions.types import Types
from engine.execution.expression_errors import ExpressionError
from engine.execution.feel import DaysTime, FeelDate, FeelDateTime, FeelTime, YearsMonths
from engine.execution.feel.types import ContextType, FunctionType, conforms
from engine.model.dmn import Cell, FunctionSignature, ItemType, Parameter
from engine.model.errors import Message

LOAN = ItemType("tLoan", components=(ItemType("amount", "number"), ItemType("since", "date")))
PAIR = FunctionSignature((Parameter("a", "number"), Parameter("b", "tSize")), "boolean")
TYPES = Types(
    [
        LOAN,
        ItemType("tLoans", "tLoan", is_list=True),
        ItemType("tSize", "string", allowed=Cell('"S","M"')),
        ItemType("tSizes", "tSize", is_list=True, constraint=Cell("count(?) < 3")),
        ItemType("tFew", "number", is_list=True, allowed=Cell("[1..5]")),
        ItemType("tTest", function=PAIR),
    ]
)


def read(type_name: str, value: object) -> object:
    kind = TYPES.find(type_name)
    assert kind is not None
    return reader_of("x", kind)(value)


@pytest.mark.parametrize(
    ("type_name", "value", "plain"),
    [
        ("number", 1.5, Decimal("1.5")),
        ("integer", 7, Decimal(7)),
        ("feel:string", "x", "x"),
        ("date", "2026-03-02", FeelDate(2026, 3, 2)),
        ("dateTime", "2026-03-02T10:00:00Z", FeelDateTime(FeelDate(2026, 3, 2), FeelTime(36_000 * 10**9, 0))),
        ("date and time", FeelDate(2026, 3, 2), FeelDateTime(FeelDate(2026, 3, 2), FeelTime(0, 0))),
        ("dayTimeDuration", "PT36H", DaysTime(36 * 3_600 * 10**9)),
        ("years and months duration", "P1Y", YearsMonths(12)),
        ("boolean", None, None),
        ("number", [3], 3),
        ("tLoan", {"amount": 1, "since": "2026-01-01"}, {"amount": 1, "since": FeelDate(2026, 1, 1)}),
        ("tLoans", [{"amount": 2}], [{"amount": 2, "since": None}]),
        ("tLoans", {"amount": 2}, [{"amount": 2, "since": None}]),
        ("tSize", "S", "S"),
        ("tSizes", "S", ["S"]),
        ("tFew", [1, 5], [1, 5]),
        ("", {"any": [1, "x"]}, {"any": [1, "x"]}),
    ],
)
def test_a_value_is_read_as_its_type(type_name: str, value: object, plain: object) -> None:
    assert read(type_name, value) == plain


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
        ("tSizes", ["S", "XL"]),
        ("tSizes", ["S", "S", "M"]),
        ("tFew", [1, 6]),
        ("tTest", 1),
    ],
)
def test_a_value_of_another_type_is_refused(type_name: str, value: object) -> None:
    with pytest.raises(ExpressionError, match="“x” does not fit"):
        read(type_name, value)


def test_a_function_type_names_what_it_takes_and_gives() -> None:
    kind = TYPES.find("tTest")
    assert isinstance(kind, FunctionType)
    assert kind.parameters is not None
    assert conforms(3, kind.parameters[0])
    assert not conforms("XL", kind.parameters[1])
    assert conforms(True, kind.result)


def test_types_of_an_import_stand_behind_its_name() -> None:
    types = Types([ItemType("tSale", components=(ItemType("loan", "bank.tLoan"),))], imported={"bank": TYPES})
    kind = types.find("tSale")
    assert isinstance(kind, ContextType)
    assert conforms({"loan": {"amount": 1, "since": None}}, kind)
    assert not conforms({"loan": {"amount": "much", "since": None}}, kind)
    assert types.find("bank.tMoon") is None


def test_an_unknown_type_and_one_made_of_itself_are_told() -> None:
    faults: list[Message] = []
    items = [ItemType("tSelf", "tSelf", line=3), ItemType("tOther", "tMoon", line=4)]
    types = Types(items, lambda message, line: faults.append(message))
    types.check()
    assert [fault.code for fault in faults] == ["decision_type_circle", "decision_type_unknown"]


def test_allowed_values_that_do_not_read_are_told() -> None:
    faults: list[tuple[str, int]] = []
    types = Types(
        [ItemType("tOdd", "number", allowed=Cell("> >", 7))], lambda message, line: faults.append((str(message), line))
    )
    types.check()
    assert faults
    assert "“> >”" in faults[0][0]
    assert faults[0][1] == 7
