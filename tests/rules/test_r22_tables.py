"""R22: no rule matching gives null and is no violation; a hit-policy violation, a missing input or a type error is an incident."""

from __future__ import annotations

import pytest

from engine.execution import Simulation
from tests.engine.execution.drawing import MONDAY, file, process

TABLE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="n">
<decision id="routing" name="routing"><decisionTable id="t" hitPolicy="UNIQUE">
<input id="i"><inputExpression id="ie" typeRef="number"><text>amount</text></inputExpression></input>
<output id="o1" name="queue" typeRef="string"/><output id="o2" name="level" typeRef="number"/>
<rule id="r1"><inputEntry id="a1"><text>&lt; 100</text></inputEntry><outputEntry id="b1"><text>"desk"</text></outputEntry><outputEntry id="c1"><text>1</text></outputEntry></rule>
<rule id="r2"><inputEntry id="a2"><text>[50..500]</text></inputEntry><outputEntry id="b2"><text>"expert"</text></outputEntry><outputEntry id="c2"><text>2</text></outputEntry></rule>
</decisionTable></decision></definitions>"""


def decided(task: str, **data: object) -> Simulation:
    files = {"p.bpmn": file(process(f"start s\n{task}\nend e", "s > decide > e")), "d.dmn": TABLE}
    simulated = Simulation.load(files, now=MONDAY)
    simulated.start("p", data)
    return simulated


def test_a_single_result_is_written_under_its_output_names_and_recorded() -> None:
    simulated = decided("rule decide mg:decision=routing mg:result=singleResult", amount=10)
    assert simulated.variables() == {"amount": 10, "queue": "desk", "level": 1}
    (record,) = simulated.decisions()
    assert (record.decision, record.result, len(record.fired)) == ("routing", {"queue": "desk", "level": 1}, 1)


def test_a_result_variable_takes_the_whole_result() -> None:
    simulated = decided("rule decide mg:decision=routing mg:result=singleResult mg:resultVariable=route", amount=10)
    assert simulated.variables()["route"] == {"queue": "desk", "level": 1}


def test_no_rule_matching_is_null_and_no_violation() -> None:
    simulated = decided("rule decide mg:decision=routing mg:result=singleResult mg:resultVariable=route", amount=900)
    assert (simulated.variables()["route"], simulated.incidents(), simulated.running()) == (None, [], False)


def test_a_hit_policy_violation_is_an_incident_never_a_silent_null() -> None:
    simulated = decided("rule decide mg:decision=routing", amount=70)
    assert ([i.element_id for i in simulated.incidents()], simulated.running()) == (["decide"], True)


def test_a_missing_input_is_an_incident() -> None:
    assert [i.element_id for i in decided("rule decide mg:decision=routing").incidents()] == ["decide"]


def test_a_wrong_type_is_an_incident() -> None:
    assert [i.element_id for i in decided("rule decide mg:decision=routing", amount="much").incidents()] == ["decide"]


def test_no_rule_matching_leaves_no_older_answer_standing() -> None:
    simulated = decided("rule decide mg:decision=routing mg:result=singleResult", amount=900, queue="old", level=9)
    assert simulated.variables() == {"amount": 900, "queue": None, "level": None}


@pytest.mark.parametrize(
    ("before", "after", "place"),
    [
        (b'"desk"', b"1 / 0", "“routing”: Rule 1, column “queue”: “/” gives no value here"),
        (b"&lt; 100", b'? &gt; abs("a")', "“routing”: Rule 1, column “amount”: “abs” cannot take a string here."),
        (b"<text>amount<", b'<text>amount + "a"<', '“routing”: Column “amount + "a"”: “+” cannot join'),
        (b'"desk"', b"7", "“routing”: Rule 1, column “queue”: “queue” does not fit: A string is wanted, not a number."),
    ],
)
def test_an_incident_names_table_rule_and_column(before: bytes, after: bytes, place: str) -> None:
    drawn = file(process("start s\nrule decide mg:decision=routing\nend e", "s > decide > e"))
    simulated = Simulation.load({"p.bpmn": drawn, "d.dmn": TABLE.replace(before, after, 1)}, now=MONDAY)
    simulated.start("p", {"amount": 10})
    (incident,) = simulated.incidents()
    assert place in str(incident.message)
