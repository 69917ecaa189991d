"""Hit policies, missing rules and wrong inputs do what R22 says, alone and inside a process."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from engine.execution.decisions import check_decisions, compile_decisions, decide, mapped
from engine.execution.expressions import ExpressionError
from engine.model.errors import DefinitionInvalid
from tests.engine.execution.decisions.tables_in_xml import decision, definitions, entry, one, table

AGES = [("< 18", '"minor"', "by law"), (">= 18", '"adult"', "else")]
AMOUNTS = [("> 100", '"big"'), ("> 10", '"some"'), ("-", '"any"')]


def test_a_unique_table_gives_the_one_rule_and_its_reason() -> None:
    result = decide(one("UNIQUE", ["age:number"], ["group"], AGES), "d", {"age": 17})
    assert result.value == "minor"
    assert result.fired == ({"decision": "d", "rule": 1, "id": "", "annotations": {"Why": "by law"}},)
    assert result.problems == ()


@pytest.mark.parametrize(
    ("policy", "value"),
    [
        ("FIRST", "big"),
        ("RULE ORDER", ["big", "some", "any"]),
        ("COLLECT", ["big", "some", "any"]),
        ("COLLECT +COUNT", Decimal(3)),
        ("UNIQUE", None),
        ("ANY", None),
    ],
)
def test_each_hit_policy_settles_several_rules(policy: str, value: object) -> None:
    result = decide(one(policy, ["amount:number"], ["size"], AMOUNTS), "d", {"amount": 500})
    assert result.value == value
    assert bool(result.problems) is (value is None)


@pytest.mark.parametrize(("how", "value"), [("SUM", Decimal("6.5")), ("MIN", Decimal(1)), ("MAX", Decimal("3.5"))])
def test_collected_numbers_are_added_up(how: str, value: Decimal) -> None:
    rules = [("> 0", "1"), ("> 1", "2"), ("> 2", "3.5"), ("> 3", "100")]
    assert decide(one(f"COLLECT +{how}", ["n:number"], ["points"], rules), "d", {"n": 3}).value == value


def test_any_takes_rules_that_agree() -> None:
    rules = [("> 1", '"yes"'), ("> 2", '"yes"')]
    assert decide(one("ANY", ["n:number"], ["a"], rules), "d", {"n": 5}).value == "yes"


def test_priority_and_output_order_follow_the_list_of_values() -> None:
    values = entry("outputValues", '"high","low"')
    rules = [("> 1", '"low"'), ("> 2", '"high"')]
    for policy, value in (("PRIORITY", "high"), ("OUTPUT ORDER", ["high", "low"])):
        xml = definitions(decision("d", table(policy, ["n:number"], ["level"], rules, more=values)))
        assert decide(xml, "d", {"n": 5}).value == value


def test_several_columns_give_a_mapping() -> None:
    xml = one("FIRST", ["country:string"], ["queue", "priority"], [('"PL"', '"front_office"', "2")])
    result = compile_decisions(xml).evaluate("d", {"country": "PL"}, strict=True)
    assert result.value == {"queue": "front_office", "priority": 2}
    assert mapped(result, "singleResult") == result.value
    assert mapped(result, "resultList") == [result.value]
    with pytest.raises(ExpressionError, match="several columns"):
        mapped(result, "singleEntry", "d")


def test_collected_entries_are_taken_over_as_a_list() -> None:
    result = decide(one("COLLECT", ["amount:number"], ["size"], AMOUNTS), "d", {"amount": 50})
    assert mapped(result, "collectEntries") == ["some", "any"]
    with pytest.raises(ExpressionError, match="gave 2 results"):
        mapped(result, "singleResult", "d")


def test_r22_no_rule_is_null_and_no_violation() -> None:
    xml = one("UNIQUE", ["age:number"], ["group"], [("< 0", '"unborn"')])
    assert decide(xml, "d", {"age": 5}).value is None
    assert compile_decisions(xml).evaluate("d", {"age": 5}, strict=True).value is None


def test_no_rule_gives_the_default_where_one_is_written() -> None:
    default = entry("defaultOutputEntry", "0")
    xml = definitions(decision("d", table("COLLECT +SUM", ["n:number"], ["points"], [("> 5", "1")], more=default)))
    assert decide(xml, "d", {"n": 1}).value == 0


def test_r22_inside_a_process_a_violation_is_raised() -> None:
    decisions = compile_decisions(one("UNIQUE", ["amount:number"], ["size"], AMOUNTS))
    with pytest.raises(ExpressionError, match="Rules 1 and 2 both fit"):
        decisions.evaluate("d", {"amount": 500}, strict=True)


def test_r22_inside_a_process_a_missing_input_is_raised() -> None:
    decisions = compile_decisions(one("UNIQUE", ["age:number"], ["group"], AGES))
    with pytest.raises(ExpressionError, match="needs “age”"):
        decisions.evaluate("d", {}, strict=True)
    assert decide(one("UNIQUE", ["age:number"], ["group"], AGES), "d", {}).problems
    assert decisions.evaluate("d", {"age": None}, strict=True).value is None


def test_r22_an_input_of_another_kind_is_named_but_not_told() -> None:
    decisions = compile_decisions(one("UNIQUE", ["age:number"], ["group"], AGES))
    with pytest.raises(ExpressionError, match="“age” does not fit: A number is wanted, not a string") as refusal:
        decisions.evaluate("d", {"age": "Jan Kowalski"}, strict=True)
    assert "Kowalski" not in str(refusal.value)


def test_iso_texts_are_read_by_the_declared_type() -> None:
    xml = one(
        "UNIQUE", ["received_on:date"], ["law"], [('>= date("2023-01-01")', '"7a"'), ('< date("2023-01-01")', '"old"')]
    )
    assert decide(xml, "d", {"received_on": "2023-01-01"}).value == "7a"
    assert decide(xml, "d", {"received_on": date(2022, 12, 31)}).value == "old"


def test_dates_leave_as_feel_values_with_exact_text() -> None:
    logic = """<literalExpression><text>@"2026-03-02" + @"P1D"</text></literalExpression>"""
    xml = definitions(decision("d", logic))
    value = decide(xml, "d", {}).value
    assert str(value) == "2026-03-03"


def test_decisions_build_on_decisions_in_order() -> None:
    points = decision(
        "points",
        table("COLLECT +SUM", ["text:string"], ["p"], [('contains(?, "loan")', "2"), ('contains(?, "bank")', "3")]),
    )
    best = decision("best", "<literalExpression><text>max(points, 1)</text></literalExpression>", requires=["points"])
    last = decision(
        "d", table("FIRST", ["best"], ["size"], [("> 4", '"both"'), ("points", '"one"')]), requires=["best", "points"]
    )
    result = decide(definitions(last, best, points), "d", {"text": "a bank loan"})
    assert result.value == "both"
    assert [(fired["decision"], fired["rule"]) for fired in result.fired] == [("points", 1), ("points", 2), ("d", 1)]
    assert result.inputs == {"text": "a bank loan"}


@pytest.mark.parametrize(
    ("xml", "fault"),
    [
        (one("UNIQUE", ["n"], ["a"], [("for x in y", "1")]), "Rule 1, column “n”"),
        (one("UNIQUE", ["n"], ["a"], [("> 1", "some(")]), "Rule 1, column “a”"),
        (one("UNIQUE", ["n"], ["a"], [("> 1",)]), "1 tests and 0 results"),
        (one("BEST", ["n"], ["a"], []), "“BEST LIST” is no hit policy"),
        (one("COLLECT +SUM", ["n"], ["a", "b"], []), "cannot be added up"),
        (one("UNIQUE", ["n:tMissing"], ["a"], []), "type “tMissing” is not declared"),
        (definitions(decision("d", "")), "“decision” has no expression"),
        (
            definitions(decision("d", "<literalExpression><text>1</text></literalExpression>", requires=["x"])),
            "“x” is not in the file",
        ),
        (
            definitions(decision("d", "<literalExpression><text>d</text></literalExpression>", requires=["d"])),
            "requires itself",
        ),
        (
            definitions(
                decision("d", '<literalExpression expressionLanguage="groovy"><text>1</text></literalExpression>')
            ),
            "“groovy” is not FEEL",
        ),
        (definitions("<businessKnowledgeModel/>"), "“businessKnowledgeModel” has no expression"),
        (definitions("<oracle/>"), "“oracle” is not understood"),
        (b"<a/>", "no DMN file"),
        (b"<definitions", "not well-formed"),
        (b'<!DOCTYPE d [<!ENTITY x "y">]><d/>', "document type"),
    ],
)
def test_what_is_not_understood_is_refused_with_its_place(xml: bytes, fault: str) -> None:
    found = check_decisions(xml, "d.dmn")
    assert any(fault in str(finding.message) for finding in found), [str(finding) for finding in found]
    assert all(finding.file == "d.dmn" and str(finding.remedy) for finding in found)
    with pytest.raises(DefinitionInvalid):
        compile_decisions(xml, "d.dmn")


def test_all_faults_of_a_table_are_told_at_once() -> None:
    xml = one("UNIQUE", ["n"], ["a"], [("> >", "1"), ("1", "(")])
    assert len(check_decisions(xml)) == 2


def test_a_long_chain_of_decisions_does_not_run_out_of_depth() -> None:
    literal = "<literalExpression><text>{}</text></literalExpression>"
    chain = [decision("d0", literal.format(1))]
    chain += [decision(f"d{n}", literal.format(f"d{n - 1} + 1"), requires=[f"d{n - 1}"]) for n in range(1, 300)]
    assert decide(definitions(*chain), "d299", {}).value == 300
