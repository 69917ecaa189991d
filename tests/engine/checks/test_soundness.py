"""Tokens, names and people of whole deployments: what is surely wrong is told, and what may be meant is let be."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.checks import check_files
from engine.definitions.catalog import read_folder
from engine.model.errors import Finding, Severity
from tests.engine.definitions.bpmn.diagrams import diagram

from .drawing import around, boundary, chain, flow, on_task, throw
from .examples_soundness import SCRIPT, block, choosing, gate, round_about

FORM = b'{"title": {"en": "F"}, "schema": {"type": "object", "properties": {"%s": {"type": "string"}}}, "ui": {"order": ["%s"], "fields": {"%s": {"label": {"en": "x"}}}}}'
ASKED = f"""<startEvent id="s"/><userTask id="a" mg:queue="q" mg:form="f"/>{gate("exclusive", "g", 'default="g_z"')}<endEvent id="e"/>
<endEvent id="z"/>{chain("s", "a", "g", "z")}{flow("g", "e", condition="colour == 'red'")}"""
TABLE = b"""<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="d" name="d" namespace="urn:d"><decision id="sort" name="sort">
<decisionTable hitPolicy="FIRST"><input id="i"><inputExpression><text>colour</text></inputExpression></input><output id="o" name="shade"/>
<rule id="r"><inputEntry><text>-</text></inputEntry><outputEntry><text>"dark"</text></outputEntry></rule></decisionTable></decision></definitions>"""
SORTED = f"""<startEvent id="s"/><userTask id="a" mg:queue="q" mg:form="f"/><businessRuleTask id="b" mg:decision="sort" mg:result="singleResult"/>
{gate("exclusive", "g", 'default="g_z"')}<endEvent id="e"/><endEvent id="z"/>{chain("s", "a", "b", "g", "z")}"""


def found(inside: str, roots: str = "", **files: bytes) -> list[Finding]:
    """The findings about a process of a case, with its other files by name."""
    cased = diagram(inside, roots).replace(b'name="Claim"', b'name="Claim" mg:caseKind="claim"')
    named = {name.replace("_json", ".json").replace("_dmn", ".dmn"): data for name, data in files.items()}
    return list(check_files({"claim.bpmn": cased, **named}))


def codes(inside: str, roots: str = "", **files: bytes) -> set[str]:
    return {each.message.code for each in found(inside, roots, **files)}


def form(name: str) -> bytes:
    return FORM.replace(b"%s", name.encode())


def test_a_name_that_no_form_of_a_case_gives_is_mentioned() -> None:
    assert codes(ASKED, f_json=form("weight")) == {"name_unwritten"}
    assert codes(ASKED, f_json=form("colour")) == set()


def test_a_nearly_right_name_is_a_warning_that_says_which_is_meant() -> None:
    (misspelt,) = found(ASKED, f_json=form("color"))
    assert (misspelt.message.code, misspelt.element_id, misspelt.severity) == ("name_misspelt", "g", Severity.WARNING)
    assert "color" in str(misspelt.remedy)


def test_what_may_be_given_at_the_start_is_let_be() -> None:
    assert "name_unwritten" not in {each.message.code for each in check_files({"p.bpmn": diagram(choosing("weight"))})}
    assert not {each.message.code for each in check_files({"p.bpmn": diagram(choosing("amount2"))})}


def test_a_table_that_nobody_asks_is_mentioned() -> None:
    asks = flow("g", "e", condition="shade == 'dark'")
    assert codes(SORTED + flow("g", "e", condition="colour == 'red'"), f_json=form("colour"), t_dmn=TABLE) == {
        "table_unread"
    }
    assert codes(SORTED + asks, f_json=form("colour"), t_dmn=TABLE) == set()


def test_a_column_of_conditions_that_nobody_gives_is_told() -> None:
    asks = flow("g", "e", condition="shade == 'dark'")
    (misspelt,) = found(SORTED + asks, f_json=form("color"), t_dmn=TABLE)
    assert (misspelt.message.code, misspelt.element_id) == ("name_misspelt", "b")


@pytest.mark.parametrize("split", ["exclusive", "inclusive"])
def test_a_choice_into_a_parallel_join_waits_for_ever(split: str) -> None:
    faults = [
        each for each in check_files({"p.bpmn": diagram(block(split, "parallel"))}) if each.message.code == "join_waits"
    ]
    assert [(each.element_id, each.severity, each.line > 0) for each in faults] == [("j", Severity.WARNING, True)]
    assert "“g”" in str(faults[0].message)


def test_an_event_gateway_into_a_parallel_join_waits_for_ever() -> None:
    timer = "<timerEventDefinition><timeDuration>PT1H</timeDuration></timerEventDefinition>"
    catches = "".join(f'<intermediateCatchEvent id="{each}">{timer}</intermediateCatchEvent>' for each in "ab")
    gates = gate("eventBased", "g") + gate("parallel", "j")
    ways = chain("s", "g", "a", "j", "e") + flow("g", "b") + flow("b", "j")
    assert "join_waits" in codes(f'<startEvent id="s"/>{gates}{catches}<endEvent id="e"/>{ways}')


def test_a_way_that_ends_before_the_join_starves_it_unless_it_ends_everything() -> None:
    def drawn(end: str) -> str:
        gates = gate("parallel", "g") + gate("exclusive", "x", 'default="x_j"') + gate("parallel", "j")
        ways = chain("s", "g", "x", "j", "e") + flow("g", "j") + flow("x", "z", condition="bad")
        return f'<startEvent id="s"/>{gates}<endEvent id="e"/><endEvent id="z">{end}</endEvent>{ways}'

    assert "join_waits" in codes(drawn(""))
    assert "join_waits" not in codes(drawn("<terminateEventDefinition/>"))


def test_an_interrupted_activity_starves_the_join_behind_it() -> None:
    inside = block("parallel", "parallel").replace("<task id='a'/>", '<userTask id="a" mg:queue="q"/>')
    timed = boundary("timer").replace('"t"', '"a"')
    assert "join_waits" in codes(inside + timed + "<endEvent id='w'/>" + flow("b0", "w") + timed.replace('"b"', '"b0"'))


def test_nested_blocks_loops_and_thousands_of_ways_raise_no_alarm() -> None:
    inner = (
        gate("inclusive", "i", 'default="i_a"')
        + gate("inclusive", "k")
        + "<task id='a'/><task id='b'/><task id='c'/><userTask id='u' mg:queue='q'/>"
    )
    ways = chain("s", "x", "g", "i", "a", "k", "j", "y", "e") + flow("i", "b", condition="big") + flow("b", "k")
    ways += flow("g", "c") + flow("c", "j") + flow("y", "u", condition="count &lt; 3") + flow("u", "x")
    gates = (
        gate("exclusive", "x") + gate("parallel", "g") + gate("parallel", "j") + gate("exclusive", "y", 'default="y_e"')
    )
    assert codes(f'<startEvent id="s"/>{gates}{inner}<endEvent id="e"/>{ways}') <= {"name_unwritten"}


def test_branches_of_a_subprocess_write_beside_those_of_its_neighbour() -> None:
    box = f'<subProcess id="a"><startEvent id="as"/>{SCRIPT.format("deep", "x = 1")}<endEvent id="ae"/>{chain("as", "deep", "ae")}'
    kept = '<dataObject id="x" name="x"/>'
    other = SCRIPT.format("b", "x = 2")
    assert "parallel_writers" in codes(block("parallel", "parallel", one=f"{box}</subProcess>", other=other))
    assert "parallel_writers" not in codes(block("parallel", "parallel", one=f"{box}{kept}</subProcess>", other=other))


def test_a_reminder_beside_a_task_writes_at_the_same_time() -> None:
    late = boundary("timer", 'cancelActivity="false"') + SCRIPT.format("r", "x = 1") + flow("b", "r")
    asked = on_task(late, leads=False).replace('<endEvent id="e"/>', f'{SCRIPT.format("w", "x = 2")}<endEvent id="e"/>')
    asked = asked.replace(flow("t", "e"), chain("t", "w", "e"))
    (pair,) = [each for each in found(asked) if each.message.code == "parallel_writers"]
    assert ("“r”" in str(pair.message), "x" in str(pair.message)) == (True, True)


@pytest.mark.parametrize(("date", "told"), [("2026-02-01", ["t"]), ("2026-03-02", []), ("due_on", [])])
def test_a_timer_set_to_a_day_that_is_over_is_told(date: str, told: list[str]) -> None:
    timer = f"<timerEventDefinition><timeDate>{date}</timeDate></timerEventDefinition>"
    inside = around(f'<intermediateCatchEvent id="t">{timer}</intermediateCatchEvent>')
    files = {"claim.bpmn": diagram(inside)}
    found = [
        each
        for each in check_files(files, now=datetime(2026, 3, 2, 9, tzinfo=UTC))
        if each.message.code == "timer_past"
    ]
    assert [each.element_id for each in found] == told
    assert "timer_past" not in {each.message.code for each in check_files(files)}


def test_a_circle_that_asks_for_what_it_counts_is_let_be() -> None:
    assert "circle_endless" not in codes(round_about(SCRIPT.format("a", "count = (count or 0) + 1")))
    assert "circle_endless" not in codes(round_about('<userTask id="a" mg:queue="q"/>'))


def test_an_error_that_everything_hears_ends_the_level() -> None:
    gates = gate("parallel", "g") + gate("exclusive", "x", 'default="x_j"') + gate("parallel", "j")
    ways = chain("s", "g", "x", "j", "e") + flow("g", "j") + chain("t", "z")
    more = flow("x", "t", condition="bad") + throw("signal").replace("Throw", "Throw") + "<endEvent id='z'/>"
    inside = f'<startEvent id="s"/>{gates}<endEvent id="e"/>{ways}{more}'
    assert "join_waits" in codes(inside, '<signal id="S" name="Storm"/>')


@pytest.mark.parametrize("name", ["complaint", "special_mode", "modeler/example"])
def test_a_shipped_process_is_clean(repository: Path, name: str) -> None:
    files = read_folder(repository / "processes" / name, repository / "forms").files
    assert [str(each) for each in check_files(files)] == []


def test_a_plain_task_has_nothing_to_tell() -> None:
    assert codes(around("<task id='t'/>")) == set()
