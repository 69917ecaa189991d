"""Boxed expressions of every kind, one inside the other, give what DMN 1.5 says."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.execution.decisions import check_decisions, decide
from tests.engine.execution.decisions.boxed_in_xml import (
    conditional,
    context,
    decision,
    definitions,
    filtered,
    function,
    invocation,
    literal,
    loop,
    model,
    needs,
    told,
)
from tests.engine.execution.decisions.tables_in_xml import table

ROWS = [("Anna", 31), ("Ben", 17)]
PEOPLE = (
    '<relation><column name="name"/><column name="years" typeRef="number"/>'
    + "".join("<row>" + literal(f'"{name}"') + literal(str(years)) + "</row>" for name, years in ROWS)
    + "</relation>"
)
MIXED = "<list>" + literal("1") + literal('"x"') + literal("null") + "</list>"
TWO_RESULTS = context(("a", literal("1")), result=literal("1") + "</contextEntry><contextEntry>" + literal("2"))


def value(logic: str, **inputs: object) -> object:
    parts = [told(name) for name in inputs]
    uses = needs(*(f"#_{name}" for name in inputs), kind="Input")
    return decide(definitions(decision("d", logic, uses=uses), *parts), "d", inputs).value


@pytest.mark.parametrize(
    ("logic", "wanted"),
    [
        (literal("1 + 1"), 2),
        (context(("a", literal("2")), ("twice a", literal("a * 2"))), {"a": 2, "twice a": 4}),
        (context(("net price", literal("100")), result=literal("net price * 1.23")), 123),
        (MIXED, [1, "x", None]),
        (PEOPLE, [{"name": "Anna", "years": 31}, {"name": "Ben", "years": 17}]),
        (filtered(PEOPLE, literal("years >= 18")), [{"name": "Anna", "years": 31}]),
        (filtered(PEOPLE, literal('item.name = "Ben"')), [{"name": "Ben", "years": 17}]),
        (filtered(literal("[5, 6, 7]"), literal("item > 5")), [6, 7]),
        (loop("for", "each", literal("[1, 2, 3]"), literal("each * 10")), [10, 20, 30]),
        (loop("for", "n", literal("[1, 2, 3]"), literal("n + count(partial)")), [1, 3, 5]),
        (loop("some", "each", literal("[1, 2, 3]"), literal("each > 2")), True),
        (loop("every", "the one", literal("[1, 2, 3]"), literal("the one > 2")), False),
        (conditional(literal("1 < 2"), literal('"yes"'), literal('"no"')), "yes"),
        (conditional(literal("null"), literal('"yes"'), literal('"no"')), "no"),
        (context(("double", function(literal("n * 2"), "n:number")), result=literal("double(21)")), 42),
        (context(("f", function(literal("a - b"), "a", "b")), result=invocation("f", b="1", a="5")), 4),
        (context(("x", table("UNIQUE", ["n"], ["o"], [("5", '"five"')]))), {"x": "five"}),
    ],
)
def test_each_kind_gives_its_value(logic: str, wanted: object) -> None:
    assert value(logic, n=5) == wanted


def test_numbers_leave_as_decimals() -> None:
    found = value(context(("a", literal("1"))))
    assert isinstance(found, dict)
    assert isinstance(found["a"], Decimal)


def test_an_entry_with_another_type_is_null_and_a_problem() -> None:
    xml = definitions(decision("d", context(("a:number", literal('"x"')), ("b:string", literal('"y"')))))
    result = decide(xml, "d", {})
    assert result.value == {"a": None, "b": "y"}
    assert "“a” does not fit: A number is wanted, not a string." in str(result.problems[0])


def test_values_are_made_to_fit_their_type_where_dmn_says_so() -> None:
    logic = context(("a:number", literal("[7]")), ("b:date and time", literal('date("2026-03-02")')))
    found = value(logic)
    assert isinstance(found, dict)
    assert (found["a"], str(found["b"])) == (7, "2026-03-02T00:00:00Z")


def test_a_function_of_a_context_may_call_itself_and_recursion_comes_to_an_end() -> None:
    body = conditional(literal("n = 0"), literal("0"), literal("n + down(n - 1)"))
    assert value(context(("down", function(body, "n")), result=literal("down(100)"))) == 5050
    endless = context(("f", function(literal("f(n + 1)"), "n")), result=literal("f(1)"))
    result = decide(definitions(decision("d", endless)), "d", {})
    assert result.value is None
    assert "deeper than 300" in str(result.problems[0])


def test_a_function_keeps_the_names_that_it_was_made_among() -> None:
    logic = context(
        ("rate", literal("2")),
        ("f", function(literal("n * rate"), "n")),
        result=context(("rate", literal("100")), result=literal("f(3)")),
    )
    assert value(logic) == 6


def test_a_knowledge_model_is_called_by_name_or_by_invocation() -> None:
    fee = model("Fee for", literal("amount * rate"), "amount:number", "rate:number")
    uses = needs("#_Fee for", kind="Knowledge")
    called = decision("a", literal("Fee for(200, 0.5)"), uses=uses)
    invoked = decision("b", invocation("Fee for", amount="200", rate="0.25"), uses=uses)
    xml = definitions(fee, called, invoked)
    assert decide(xml, "a", {}).value == 100
    assert decide(xml, "b", {}).value == 50
    assert decide(xml, "Fee for", {"amount": 10, "rate": 3}).value == 30
    assert check_decisions(xml) == ()


def test_knowledge_models_call_one_another_and_themselves() -> None:
    even = model(
        "even",
        conditional(literal("n = 0"), literal("true"), literal("odd(n - 1)")),
        "n",
        uses=needs("#_odd", kind="Knowledge"),
    )
    odd = model(
        "odd",
        conditional(literal("n = 0"), literal("false"), literal("even(n - 1)")),
        "n",
        uses=needs("#_even", kind="Knowledge"),
    )
    xml = definitions(even, odd, decision("d", literal("even(40)"), uses=needs("#_even", kind="Knowledge")))
    assert decide(xml, "d", {}).value is True


def test_the_result_of_a_model_has_its_type() -> None:
    wrong = model("f:number", literal('"x"'))
    xml = definitions(wrong, decision("d", literal("f()"), uses=needs("#_f", kind="Knowledge")))
    result = decide(xml, "d", {})
    assert result.value is None
    assert result.problems


def test_a_table_in_a_model_explains_itself_under_the_models_id() -> None:
    size = model(
        "size", table("FIRST", ["n"], ["o"], [("> 10", '"big"', "more than ten"), ("-", '"small"', "else")]), "n"
    )
    xml = definitions(size, decision("d", literal("size(50)"), uses=needs("#_size", kind="Knowledge")))
    result = decide(xml, "d", {})
    assert result.value == "big"
    assert result.fired == ({"decision": "_size", "rule": 1, "id": "", "annotations": {"Why": "more than ten"}},)


@pytest.mark.parametrize(
    ("logic", "fault"),
    [
        (function(context(("class", literal('"x"'))), more=' kind="Java"'), "A function in Java is not run"),
        (function(literal("1"), more=' kind="PMML"'), "A function in PMML is not run"),
        (literal('function(a) external {java: {class: "x", method signature: "y()"}}'), "external"),
        (context(("a", literal("1 +"))), "does not read"),
        (
            context(("a", literal("1")), result=literal("1")).replace(
                "</context>", f"<contextEntry>{literal('2')}</contextEntry></context>"
            ),
            "two results",
        ),
        (invocation("f", x="1"), "“f” has no parameter “x”; it takes n."),
        (invocation("f"), "“f” is not given its parameter “n”"),
        ("<list><frob/></list>", "“frob” is not understood"),
        ("<conditional/>", "has no expression"),
        (PEOPLE.replace('<column name="name"/>', ""), "2 cells for 1 columns"),
        (literal("1", "tMoon"), "type “tMoon” is not declared"),
    ],
)
def test_a_fault_is_a_finding_with_its_element_and_null_alone(logic: str, fault: str) -> None:
    xml = definitions(decision("d", logic, uses=needs("#_f", kind="Knowledge")), model("f", literal("n"), "n"))
    found = check_decisions(xml, "d.dmn")
    assert any(fault in str(finding.message) for finding in found), [str(finding) for finding in found]
    assert all(finding.element_id == "_d" and finding.line for finding in found)


def test_expressions_deeper_than_a_hundred_levels_are_a_finding() -> None:
    deep = "<list>" * 90 + literal("1") + "</list>" * 90
    assert check_decisions(definitions(decision("d", deep))) == ()
    deeper = "<list>" * 101 + literal("1") + "</list>" * 101
    assert [finding.message.code for finding in check_decisions(definitions(decision("d", deeper)))] == ["dmn_too_deep"]
