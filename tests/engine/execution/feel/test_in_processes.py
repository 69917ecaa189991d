"""FEEL in diagrams: conditions, timers, mappings and collections, strict, with the engine's own values."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest

from engine.execution.expressions import ExpressionError, compile_expression
from engine.model.errors import DefinitionInvalid
from engine.model.values import Months
from tests.engine.execution.drawing import drawn, open_tasks

SPLIT = "start s\nxor which\nuser yes\nuser no"


def evaluated(text: str, **scope: object) -> object:
    return compile_expression(text, language="feel").evaluate(scope)


def test_a_condition_takes_the_flow_that_it_is_true_for() -> None:
    condition = '= some line in lines satisfies line.part = "pump" and line.qty > 1'
    simulated = drawn(SPLIT, f"s > which; which > yes if {condition}; which > no", lines=[{"part": "pump", "qty": 2}])
    assert open_tasks(simulated) == ["yes"]


def test_a_condition_that_cannot_be_judged_is_an_incident() -> None:
    simulated = drawn(SPLIT, "s > which; which > yes if = amount > 100; which > no", amount="much")
    assert [incident.element_id for incident in simulated.incidents()] == ["which"]


@pytest.mark.parametrize("at", ['= now() + duration("PT2H")', '= @"2026-03-01T00:00:00Z"', "= date(2026, 3, 2)"])
def test_a_timer_is_worked_out_when_it_is_armed(at: str) -> None:
    simulated = drawn(f"start s\ncatch wait at='{at}'\nuser done", "s > wait > done")
    simulated.advance(timedelta(days=400))
    assert open_tasks(simulated) == ["done"]


def test_a_condition_on_the_current_time_is_a_finding() -> None:
    with pytest.raises(DefinitionInvalid) as refusal:
        drawn(SPLIT, "s > which; which > yes if = today() > limit; which > no")
    assert [finding.message.code for finding in refusal.value.findings] == ["expression_on_time"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('= received + duration("P3D")', date(2026, 3, 5)),
        ('= at + duration("PT1H")', datetime(2026, 3, 2, 10, tzinfo=UTC)),
        ("= at - at", timedelta()),
        ('= duration("P14M")', Months(14)),
        ("= lines[qty > 1].part", ["pump"]),
        ("= customer.since.year", 2020),
        ("= at.time offset", timedelta()),
        ("= {in: 1}.in", 1),
        ("= sum(lines.qty) * 0.5", Decimal("1.5")),
        ("= string(received)", "2026-03-02"),
        ("= lines[1]", {"part": "pump", "qty": 2}),
    ],
)
def test_values_of_the_engine_go_in_and_come_out(text: str, expected: object) -> None:
    scope = {
        "received": date(2026, 3, 2),
        "at": datetime(2026, 3, 2, 9, tzinfo=UTC),
        "lines": [{"part": "pump", "qty": 2}, {"part": "seal", "qty": 1}],
        "customer": {"since": date(2020, 1, 1)},
    }
    assert evaluated(text, **scope) == expected


@pytest.mark.parametrize(
    "text",
    ["= [1][2]", '= "a" * 2', "= x.part", "= function(x) x", '= time("10:00:00.123456789")', "= if x then 1 else 2"],
)
def test_what_has_no_value_is_refused_in_a_process(text: str) -> None:
    with pytest.raises(ExpressionError):
        evaluated(text, x=3)


def test_an_expression_that_is_judged_often_does_not_wear_out() -> None:
    condition = compile_expression("= a = b", language="feel")
    scope = {"a": list(range(20_000)), "b": list(range(20_000))}
    assert all(condition.evaluate(scope) for _ in range(50))


def test_null_stays_null_without_a_word() -> None:
    assert [evaluated(text) for text in ("= x + 1", "= x.y > 2", "= count(x)", "= x.y.z")] == [None] * 4
