"""Hit policies with several outputs, lists of values, aggregation, defaults and types do what DMN 1.5 says."""

from __future__ import annotations

from decimal import Decimal

import pytest

from engine.execution.decisions import compile_decisions, decide
from engine.execution.expressions import ExpressionError
from tests.engine.execution.decisions.boxed_in_xml import decision as typed_decision
from tests.engine.execution.decisions.tables_in_xml import decision, definitions, entry, one, table

LEVELS = entry("outputValues", '"high","middle","low"')
RULES = [("> 1", '"low"', '"a"'), ("> 2", '"high"', '"b"'), ("> 3", '"high"', '"a"'), ("> 4", '"middle"', '"a"')]


def ranked(policy: str) -> bytes:
    """Two outputs: the first has the order of LEVELS, the second that of its own list."""
    logic = table(policy, ["n:number"], ["level", "kind"], RULES)
    logic = logic.replace('<output name="level"></output>', f'<output name="level">{LEVELS}</output>')
    kinds = entry("outputValues", '"a","b"')
    return definitions(
        decision("d", logic.replace('<output name="kind"></output>', f'<output name="kind">{kinds}</output>'))
    )


def test_priority_goes_by_the_leftmost_output_and_then_by_the_next() -> None:
    assert decide(ranked("PRIORITY"), "d", {"n": 5}).value == {"level": "high", "kind": "a"}
    result = decide(ranked("PRIORITY"), "d", {"n": 2})
    assert (result.value, result.fired[0]["rule"]) == ({"level": "low", "kind": "a"}, 1)


def test_output_order_sorts_all_and_keeps_the_rules_of_each() -> None:
    result = decide(ranked("OUTPUT ORDER"), "d", {"n": 5})
    assert [fired["rule"] for fired in result.fired] == [3, 2, 4, 1]
    assert result.value == [dict(row) for row in result.entries]


def test_the_values_of_a_type_give_the_order_where_the_column_lists_none() -> None:
    kind = '<itemDefinition name="tLevel"><typeRef>string</typeRef><allowedValues><text>"x","y"</text></allowedValues></itemDefinition>'
    logic = table("PRIORITY", ["n:number"], ["o"], [("> 1", '"y"'), ("> 1", '"x"')])
    assert decide(definitions(kind, typed_decision("d:tLevel", logic)), "d", {"n": 5}).value == "x"


def test_rules_that_agree_in_all_outputs_are_any() -> None:
    rules = [("> 1", "1", '"a"'), ("> 2", "1.0", '"a"'), ("> 3", "1", '"b"')]
    assert decide(one("ANY", ["n"], ["x", "y"], rules), "d", {"n": 3}).value == {"x": 1, "y": "a"}
    result = decide(one("ANY", ["n"], ["x", "y"], rules), "d", {"n": 4})
    assert result.value is None
    assert "Rules 1 and 3 both fit, but give different results" in str(result.problems[0])


@pytest.mark.parametrize(
    ("how", "results", "value"),
    [
        ("SUM", ["1", "2.5"], Decimal("3.5")),
        ("SUM", ["1", "null"], None),
        ("SUM", ["1", '"x"'], None),
        ("SUM", ['@"PT1H"', '@"PT2H"'], None),
        ("MIN", ['"b"', '"a"'], "a"),
        ("MAX", ['@"2026-01-01"', '@"2026-03-01"'], "2026-03-01"),
        ("MAX", ["1", "null"], None),
        ("COUNT", ["1", "1"], 2),
        ("COUNT", ["null", "1"], 2),
    ],
)
def test_aggregation_takes_what_feels_own_functions_take(how: str, results: list[str], value: object) -> None:
    found = decide(one(f"COLLECT +{how}", ["n"], ["o"], [("-", each) for each in results]), "d", {"n": 1}).value
    assert str(found) == str(value)


def test_nothing_collected_is_null_and_counts_as_none() -> None:
    for how, value in (("", None), (" +SUM", None), (" +MIN", None), (" +COUNT", 0)):
        assert decide(one(f"COLLECT{how}", ["n"], ["o"], [("1", "1")]), "d", {"n": 2}).value == value


def test_defaults_stand_for_every_column_that_has_one() -> None:
    default = entry("defaultOutputEntry", '"none"')
    xml = definitions(decision("d", table("UNIQUE", ["n"], ["a", "b"], [("1", '"x"', '"y"')], more=default)))
    result = decide(xml, "d", {"n": 2})
    assert (result.value, result.fired) == ({"a": "none", "b": "none"}, ())


def test_a_result_beyond_the_allowed_values_or_its_type_is_null_and_a_problem() -> None:
    values = entry("outputValues", '"x","y"')
    xml = definitions(decision("d", table("UNIQUE", ["n"], ["a"], [("-", '"z"')], more=values)))
    assert "none of its allowed values" in str(decide(xml, "d", {"n": 1}).problems[0])
    with pytest.raises(ExpressionError, match="none of its allowed values"):
        compile_decisions(xml).evaluate("d", {"n": 1}, strict=True)
    logic = table("UNIQUE", ["n"], ["a"], [("-", '"z"')]).replace(
        '<output name="a">', '<output name="a" typeRef="number">'
    )
    assert "A number is wanted" in str(decide(definitions(decision("d", logic)), "d", {"n": 1}).problems[0])


def test_an_input_beyond_the_allowed_values_is_null_and_a_problem() -> None:
    logic = table("FIRST", ["n:string"], ["a"], [('"z"', "1"), ("null", "2")])
    logic = logic.replace("</inputExpression>", "</inputExpression>" + entry("inputValues", '"x"'))
    result = decide(definitions(decision("d", logic)), "d", {"n": "z"})
    assert result.value == 2
    assert "none of those that “n” allows" in str(result.problems[0])


def test_a_table_may_name_the_tested_value_as_modelers_do() -> None:
    logic = table("UNIQUE", ["amount:number"], ["a"], [("total > 10 and total < 20", "true")])
    logic = logic.replace(
        "<input ", '<input xmlns:camunda="http://camunda.org/schema/1.0/dmn" camunda:inputVariable="total" '
    )
    assert decide(definitions(decision("d", logic)), "d", {"amount": 15}).value is True


def test_a_table_reads_a_value_and_calls_the_function_of_one_name() -> None:
    xml = one(
        "FIRST", ["date:date"], ["law"], [('>= date("2023-01-01")', '"new"'), ('? < date("2023-01-01")', '"old"')]
    )
    assert decide(xml, "d", {"date": "2024-05-06"}).value == "new"
    assert decide(xml, "d", {"date": "2022-05-06"}).value == "old"


def test_a_table_of_two_thousand_rules_is_looked_up() -> None:
    rules = [(f"[{n}..{n + 1})", f'"t{n}"', str(n)) for n in range(2_000)]
    compiled = compile_decisions(one("FIRST", ["n:number", "t:string"], ["o"], rules))
    assert compiled.evaluate("d", {"n": Decimal("1900.5"), "t": "t1900"}, strict=True).value == 1900
