"""The language of DMN 1.5, chapter 10: what each form of expression means."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel import compile_feel
from tests.engine.execution.feel.feel import fits, problems, shown, value

ANNA: dict[str, object] = {
    "Claim amount": Decimal("120.50"),
    "customer": {"full name": "Anna Nowak", "segment": "Gold", "orders": [{"sum": 10}, {"sum": 30}]},
    "lines": [{"part": "pump", "qty": 2}, {"part": "seal", "qty": 5}, {"part": "valve", "qty": 1}],
    "a-b": 7,
    "a": 10,
    "b": 4,
}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 + 2 * 3 - 4 / 2", "5"),
        ("-2 ** 2", "4"),
        ("2 ** 3 ** 2", "64"),
        ("0 ** 0 + 5 ** 0", "2"),
        ("--10", "10"),
        (".5 + 1.5e1", "15.5"),
        ("1 / 3", "0.3333333333333333333333333333333333"),
        ('"a\\u0105\\n\\"" + "\\U01F40E\\uD83D\\uDC0E"', '"a\u0105\n"\U0001f40e\U0001f40e"'),
        ("1 + /* a comment */ 2 // to the end", "3"),
        ('if 1 > 2 then "yes" else "no"', '"no"'),
        ('if null then "yes" else "no"', '"no"'),
        ("3 between 1 and 3 and true", "true"),
        ("2 in (1, 2)", "true"),
        ("5 in (< 3, [4..5))", "false"),
        ("5 in (1..5]", "true"),
        ("5 in > 4", "true"),
        ("[1, 2] in [[1, 2], [3]]", "true"),
        ("{a: 1, b: a + 1}.b", "2"),
        ('{"foo+bar": 1, c d: 2}', "{foo+bar: 1, c d: 2}"),
        ("{\U0001f40e: 1}.\U0001f40e", "1"),
        ("{f: function(x: number, y) x + y, g: f(y: 1, x: 2)}.g", "3"),
        ("(function(a) a)(10)", "10"),
        ("[1, 2, 3][2]", "2"),
        ("[1, 2, 3][-1]", "3"),
        ("[1, 2, 3][item > 1]", "[2, 3]"),
        ("100[1]", "100"),
        ("[{a: 1}, {a: 2}][a = 2].a", "[2]"),
        ("[{a: 1}, {b: 2}].a", "[1, null]"),
        ("for i in 1..3 return i * i", "[1, 4, 9]"),
        ("for i in 3..1 return i", "[3, 2, 1]"),
        ("for i in [1, 2], j in [10, 20] return i + j", "[11, 21, 12, 22]"),
        ("for x in [[1, 2], [3]], y in x return y", "[1, 2, 3]"),
        ("for i in 1..4 return if i = 1 then 1 else i * partial[-1]", "[1, 2, 6, 24]"),
        ("for i in 1..3 return partial", "[[], [[]], [[], [[]]]]"),
        ('for d in @"2026-02-28"..@"2026-03-01" return d', "[2026-02-28, 2026-03-01]"),
        ("for i in [1..4) return i", "[1, 2, 3]"),
        ("some x in [1, 2], y in [2, 3] satisfies x = y", "true"),
        ("every x in [] satisfies false", "true"),
        ("some x in [] satisfies true", "false"),
        ("[1..3].start + (1..3].end", "4"),
        ("(>= 5).start included", "true"),
        ("[1..3) = [1..3)", "true"),
        ("[1, {a: null}] = [1, {a: null}]", "true"),
        ("[1, {a: 2}, [[1..2]]].a", "[null, 2, [null]]"),
        ("[true, null, false][item]", "[true]"),
    ],
)
def test_an_expression_means_what_the_standard_says(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Claim amount * 2", "241.00"),
        ("Claim   amount > 100", "true"),
        ("customer.full name", '"Anna Nowak"'),
        ("customer.orders.sum", "[10, 30]"),
        ("sum(customer.orders.sum)", "40"),
        ("lines[qty > 1].part", '["pump", "seal"]'),
        ('lines[part = "seal"][1].qty', "5"),
        ("lines[item.qty = a - 5][1].part", '"seal"'),
        ("a-b", "7"),
        ("a - 1", "9"),
        ("for Claim amount in [1] return Claim amount", "[1]"),
    ],
)
def test_names_of_several_words_and_signs_are_found_in_scope(text: str, expected: str) -> None:
    assert shown(text, ANNA) == expected


def test_unknown_words_that_stand_together_are_one_name() -> None:
    assert compile_feel("Years of Service + 1").names == {"Years of Service"}
    assert compile_feel("for i in list return i + x").names == {"list", "x"}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("null > 1", None),
        ("null + 1", None),
        ("null = null", "true"),
        ("null != 1", "true"),
        ('1 = "1"', None),
        ("true and null", None),
        ("false and null", "false"),
        ("true or 1", "true"),
        ("false or 1", None),
        ("nobody.name.first", None),
        ("1 / 0", None),
        ('"a" < 1', None),
        ("[1][2]", None),
        ("for x in null return x", None),
        ("not(1)", None),
        ('@"no date"', None),
        ('[1.."a"]', None),
        ("{a: 1, a: 2}", None),
        ("some x in [null, false] satisfies x", None),
        ("every x in [null, true] satisfies x", None),
    ],
)
def test_what_has_no_value_is_null_in_three_valued_logic(text: str, expected: str | None) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("1 / 0", "operator_range"),
        ("0 ** -1", "operator_range"),
        ('[1, 2]["a"]', "feel_filter_kind"),
        ('1 + "a"', "operator_kinds"),
        ("[1][5]", "feel_no_item"),
        ("1.foo", "no_such_part"),
        ("nonsense(1)", "function_unknown"),
        ('abs("1")', "function_kind"),
        ("abs()", "function_arguments"),
        ("abs(m: 1)", "function_parameter"),
        ("(function(a) a)(1, 2)", "function_arguments"),
        ('(function(a: number) a)("x")', "function_argument"),
    ],
)
def test_a_null_that_was_not_meant_says_why(text: str, code: str) -> None:
    assert problems(text) == [code]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1 instance of number", True),
        ("null instance of Any", False),
        ("null instance of Null", True),
        ("[1, 2] instance of list<number>", True),
        ('[1, "a"] instance of list<number>', False),
        ("{a: 1, b: 2} instance of context<a: number>", True),
        ("{a: 1} instance of context<a: number, b: string>", False),
        ("[1..2] instance of range<number>", True),
        ("abs instance of function<number> -> number", True),
        ("(function(a: string) a) instance of function<number> -> Any", False),
        ('duration("P1D") instance of days and time duration', True),
        ('date("2026-03-02") instance of date and time', False),
    ],
)
def test_instance_of_looks_at_the_whole_type(text: str, expected: bool) -> None:
    assert value(text) is expected


@pytest.mark.parametrize(
    ("cell", "tested", "expected"),
    [
        ("-", None, True),
        ("", "x", True),
        ('"A", "B"', "B", True),
        ('not("A", < 5)', "A", False),
        ("not(null)", 3, True),
        ("[1..3]", 3, True),
        ("]1..3[", 3, False),
        ("< 5, > 10", 12, True),
        ("= 5", 5, True),
        ("!= 5", 5, False),
        ("> 5", None, None),
        ("null", None, True),
        ("limit, 3", 7, True),
        ("known", "vip", True),
        ("known", ["vip", "new"], True),
        ("? > limit or ? = 1", 1, True),
        ("ends with(?, lower case(name))", "a pump", True),
        ('date("2026-03-02")', None, False),
        ("false", False, True),
        ("true", False, False),
        ("-5", -5, True),
        ("not(false) and true", True, True),
    ],
)
def test_a_cell_tests_its_value(cell: str, tested: object, expected: bool | None) -> None:
    assert fits(cell, tested, {"limit": 7, "known": ["vip", "new"], "name": "PUMP"}) is expected


@pytest.mark.parametrize(
    "text",
    [
        "",
        "1 +",
        "(1",
        "[1..",
        "{a 1}",
        "for i 1..2 return i",
        "if a then b",
        "1 2",
        "a.",
        "f(a: 1, 2)",
        '"open',
        "function(a) external 1",
        "x instance of nothing",
    ],
)
def test_what_is_no_expression_is_refused(text: str) -> None:
    with pytest.raises(ExpressionError):
        compile_feel(text)
