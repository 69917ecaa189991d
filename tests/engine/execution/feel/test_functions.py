"""FEEL's own functions, at their odd corners."""

from __future__ import annotations

import pytest

from engine.execution.feel.functions import BUILT_IN
from tests.engine.execution.feel.feel import problems, shown

OF_THE_STANDARD = """
abs, after, all, any, append, before, ceiling, coincides, concatenate, contains, context, context merge, context put, count, date, date and time,
day of week, day of year, decimal, distinct values, duration, during, ends with, even, exp, finished by, finishes, flatten, floor, get entries,
get value, includes, index of, insert before, is, list contains, list replace, log, lower case, matches, max, mean, median, meets, met by, min, mode,
modulo, month of year, not, now, number, odd, overlaps, overlaps after, overlaps before, product, range, remove, replace, reverse, round down,
round half down, round half up, round up, sort, split, sqrt, started by, starts, starts with, stddev, string, string join, string length, sublist,
substring, substring after, substring before, sum, time, today, union, upper case, week of year, years and months duration
"""


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('substring("foobar", 3)', '"obar"'),
        ('substring("foobar", -2, 1)', '"a"'),
        ('substring("\\U01F40Eab", 2)', '"ab"'),
        ('string length("\\U01F40Eab")', "3"),
        ('substring before("foobar", "bar")', '"foo"'),
        ('substring before("foobar", "")', '""'),
        ('substring after("foobar", "")', '"foobar"'),
        ('substring after("foobar", "xyz")', '""'),
        ('string join(["a", null, "c"], "X")', '"aXc"'),
        ('string join(delimiter: "-", list: ["a", "b"])', '"a-b"'),
        ('string([1, "a", {b: null}])', '"[1, "a", {b: null}]"'),
        ('string(@"P14M")', '"P1Y2M"'),
        ('number("1 000,5", " ", ",")', "1000.5"),
        ('number("1.000.000,0", ".", ",")', "1000000.0"),
        ("decimal(2.5, 0)", "2"),
        ("decimal(1/3, 2)", "0.33"),
        ("floor(-1.56, 1)", "-1.6"),
        ("ceiling(-1.5)", "-1"),
        ("round up(-5.5, 0)", "-6"),
        ("round half down(5.5, 0)", "5"),
        ("round half up(-5.5, 0)", "-6"),
        ("round down(5.5, 6176)", "5.5"),
        ("modulo(-12, 5)", "3"),
        ("modulo(12, -5)", "-3"),
        ("modulo(-10.1, 4.5)", "3.4"),
        ("odd(-1)", "true"),
        ("even(2.5)", "false"),
        ("sqrt(16)", "4"),
        ("list contains([1, null], null)", "true"),
        ("count([])", "0"),
        ("min(1, 2)", "1"),
        ('max(["a", "c", "b"])', '"c"'),
        ("sum([])", None),
        ("product(2, 3)", "6"),
        ("mean([1, 2])", "1.5"),
        ("median(8, 2, 5, 7)", "6"),
        ("mode([6, 1, 9, 6, 1])", "[1, 6]"),
        ("mode([])", "[]"),
        ("stddev([2, 4, 4, 4, 5, 5, 7, 9])", "2.138089935299395077476427847038028"),
        ("all([true, null])", None),
        ("all([false, null])", "false"),
        ("any([])", "false"),
        ("sublist([4, 5, 6], -2, 1)", "[5]"),
        ("append([1], 2, [3])", "[1, 2, [3]]"),
        ("concatenate([1, 2], [3])", "[1, 2, 3]"),
        ("concatenate([[1], [2]])", "[[1], [2]]"),
        ("insert before([1, 3], -1, 2)", "[1, 2, 3]"),
        ("remove([1, 2, 3], 2)", "[1, 3]"),
        ("index of([1, 2, 1], 1)", "[1, 3]"),
        ("union([1, 2], [2, 3])", "[1, 2, 3]"),
        ("distinct values([1, 1.0, true, null, null])", "[1, true, null]"),
        ("flatten([[1, [2]], 3])", "[1, 2, 3]"),
        ("sort([3, 1, 2], function(x, y) x > y)", "[3, 2, 1]"),
        ("list replace([2, 4, 7], function(item, newItem) item < newItem, 5)", "[5, 5, 7]"),
        ("list replace([2, 4, 7], -1, 6)", "[2, 4, 6]"),
        ('get value({a: null}, "a")', None),
        ("get entries({a: 1})", '[{key: "a", value: 1}]'),
        ('context([{key: "a", value: 1}])', "{a: 1}"),
        ('context put({x: 1, y: {a: 0}}, ["y", "a"], 2)', "{x: 1, y: {a: 2}}"),
        ("context merge([{a: 1}, {a: 2, b: 3}])", "{a: 2, b: 3}"),
        ("before([1..10), [10..20])", "true"),
        ("overlaps before([1..5], [3..8])", "true"),
        ("overlaps after([5..8], [1..5))", "false"),
        ("finished by([1..10], 10)", "true"),
        ("coincides([1..5], (1..5])", "false"),
        ('range("[18..21)") = [18..21)', "true"),
        ('range("(..@\\"2026-03-02\\")").end', "2026-03-02"),
        ("floor(n: 1.5) + ceiling(n: 1.5)", "3"),
        ('number(from: "1,5", decimal separator: ",")', "1.5"),
        ("date(2026, 3, 2)", "2026-03-02"),
        ('time(11, 59, 45, @"-PT2H")', "11:59:45-02:00"),
        ('date and time(@"2026-03-02", @"10:00:00@Etc/UTC")', "2026-03-02T10:00:00@Etc/UTC"),
    ],
)
def test_a_function_gives_what_the_standard_says(text: str, expected: str | None) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        'substring("foobar", 0)',
        'number("1.0", ".", ".")',
        "sqrt(-1)",
        "log(0)",
        "modulo(1, 0)",
        "decimal(1, 6177)",
        "sublist([1], 2)",
        "insert before([1], 3, 1)",
        "remove([1], 0)",
        "stddev([1])",
        'min([1, "a"])',
        "any([123, false])",
        'sum([1, "a"])',
        "min([1, null])",
        "max(null, 1)",
        "string join([1])",
        'context([{key: "a", value: 1}, {key: "a", value: 2}])',
        'context put({a: 1}, ["a", "b"], 1)',
        'date("2026-02-30")',
        "time(24, 0, 0)",
        'range("[..]")',
        'range("[a..b]")',
        'range("[1..\\"a\\"]")',
        "count(null)",
        "upper case(null)",
        "meets(1, 2)",
    ],
)
def test_what_a_function_cannot_take_is_null_with_a_problem(text: str) -> None:
    assert problems(text)


def test_every_function_of_the_standard_is_there() -> None:
    assert {" ".join(name.split()) for name in OF_THE_STANDARD.split(",")} == BUILT_IN.keys()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('replace("abracadabra", "a(.)", "a$1$1")', '"abbraccaddabbra"'),
        ('replace("abracadabra", "a.*?a", "*")', '"*c*bra"'),
        ('replace("AAAA", "A+?", "b")', '"bbbb"'),
        ('replace("darted", "^(.*?)d(.*)$", "$1c$2")', '"carted"'),
        ('replace("0123456789", "(\\\\d{3})(\\\\d{3})(\\\\d{4})", "($1) $2-$3")', '"(012) 345-6789"'),
        ('replace("a.b", "\\\\.", "\\\\$")', '"a$b"'),
        ('matches("abracadabra", "^a.*a$")', "true"),
        ('matches("line\\nnext", "^next$")', "false"),
        ('matches("line\\nnext", "^next$", "m")', "true"),
        ('matches("a\\nb", "a.b", "s")', "true"),
        ('matches("HELLO", "hel+o", "i")', "true"),
        ('matches("helloworld", " hello [ ]? world", "x")', "true"),
        ('matches("hello world", "hello\\\\ sworld", "x")', "true"),
        ('matches("helloworld", "hel lo {1} wo( ?:r)ld", "x")', "true"),
        ('matches("helloworld", "hello[ ]world", "x")', "false"),
        ('matches("a.b", "a.b", "q")', "true"),
        ('matches("abab", "(ab)\\\\1")', "true"),
        ('matches("\u0142", "\\\\p{Ll}")', "true"),
        ('matches("e", "[a-z-[aeiou]]")', "false"),
        ('matches("x", "[^\\\\d\\\\s]")', "true"),
        ('split("a;b;;", ";")', '["a", "b", "", ""]'),
        ('split("John Doe", "\\\\s")', '["John", "Doe"]'),
    ],
)
def test_patterns_are_those_of_xpath(text: str, expected: str) -> None:
    assert shown(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        'replace("abc", ".*?", "x")',
        'replace("abc", "b", "$")',
        'matches("a", "[a")',
        'matches("a", "a**")',
        'matches("a", "(a")',
        'matches("a", "\\\\2(a)")',
        'matches("a", "a{2,1}")',
        'matches("a", "a", "z")',
        'matches("a", "(?=a)")',
    ],
)
def test_a_broken_pattern_is_null_with_a_problem(text: str) -> None:
    assert problems(text)


@pytest.mark.parametrize("text", ["number([null])", "date([null])", 'contains([null], "a")'])
def test_a_list_of_null_alone_is_given_as_null(text: str) -> None:
    assert problems(text)
