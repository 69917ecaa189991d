"""Each finding has a diagram that brings it and one, as like as possible, that does not."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.actions.connectors_of_case import INNER
from engine.checks import check_files
from engine.checks.running.tasks import CASE_CONNECTORS
from engine.model.errors import Finding
from tests.engine.definitions.bpmn.diagrams import diagram
from tests.engine.definitions.standard.test_constraints import CODES

from . import examples, examples_soundness
from .drawing import ROOTS, around
from .examples import LETTERS, SENDING
from .examples_tables import TABLES

DIAGRAMS = {**examples.DIAGRAMS, **examples_soundness.SOUND}
ELSEWHERE = {"name_unwritten", "table_unread", "timer_past"}  # test_soundness has their examples
WHOLE = {**examples.WHOLE, **examples_soundness.SOUND_WHOLE}


def findings(inside: str, roots: str = "") -> list[Finding]:
    return list(check_files({"claim.bpmn": diagram(inside, ROOTS + roots)}))


def codes(inside: str, roots: str = "") -> set[str]:
    return {found.message.code for found in findings(inside, roots)}


@pytest.mark.parametrize("code", sorted(DIAGRAMS))
def test_the_faulty_diagram_has_the_finding_and_the_right_one_has_not(code: str) -> None:
    faulty, right = DIAGRAMS[code]
    assert code in codes(faulty)
    assert code not in codes(right)


@pytest.mark.parametrize("code", sorted(WHOLE))
def test_faults_beside_the_process_are_found_too(code: str) -> None:
    faulty, right = WHOLE[code]
    assert code in codes(*faulty)
    assert code not in codes(*right)


@pytest.mark.parametrize("code", sorted(TABLES))
def test_tables_are_read_as_tables(code: str) -> None:
    faulty, right = TABLES[code]
    assert code in {found.message.code for found in check_files({"t.dmn": faulty})}
    assert code not in {found.message.code for found in check_files({"t.dmn": right})}


@pytest.mark.parametrize("code", sorted(LETTERS))
def test_letters_are_read_as_letters(code: str) -> None:
    faulty, right = LETTERS[code]
    assert [found.message.code for found in check_files({"letters/answer.en.txt": faulty})] == [code]
    assert not check_files({"letters/answer.en.txt": right})


def test_every_finding_of_the_room_has_its_example(repository: Path) -> None:
    rooms = (repository / "engine" / "checks", repository / "engine" / "definitions" / "standard")
    sources = [source for room in rooms for source in room.rglob("*.py")]
    written = {code for source in sources for code in re.findall(r'Message\(\s*"([a-z_]+)"', source.read_text("utf-8"))}
    assert {code for code in written if not code.endswith("_remedy")} == {
        *DIAGRAMS,
        *WHOLE,
        *LETTERS,
        *SENDING,
        *TABLES,
        *ELSEWHERE,
        *CODES.values(),
    }


@pytest.mark.parametrize("code", sorted(SENDING))
def test_a_letter_is_given_what_it_reads(code: str) -> None:
    faulty, right = SENDING[code]
    letter = b"Subject: Hail\n\n{{ input.text }} {{ input.get('other') }} {{ unknown }}"
    found = [
        {
            each.message.code
            for each in check_files({"claim.bpmn": diagram(inside, ROOTS), "letters/answer.en.txt": letter})
        }
        for inside in (faulty, right)
    ]
    assert found[0] == {code, "letter_value_unknown"}
    assert found[1] == {"letter_value_unknown"}


@pytest.mark.parametrize("code", sorted(DIAGRAMS))
def test_a_finding_says_where_it_is_and_what_to_do(code: str) -> None:
    found = next(found for found in findings(DIAGRAMS[code][0]) if found.message.code == code)
    assert (found.file, bool(found.line), bool(found.element_id)) == ("claim.bpmn", True, True)
    assert str(found.message).endswith(".")
    assert str(found.remedy).endswith((".", "}", ">."))
    assert "{" not in str(found.message)


def test_a_drawing_is_spared_the_questions_of_running() -> None:
    drawing = diagram(around("<userTask id='t' mg:form='nowhere'/>")).replace(b'"true"', b'"false"')
    assert not check_files({"claim.bpmn": drawing})
    asked = {found.message.code for found in check_files({"claim.bpmn": drawing}, executable=True)}
    assert asked == {"form_unknown", "task_nobody"}


def test_an_empty_pool_is_no_fault() -> None:
    assert not findings("")


def test_one_fault_is_told_once() -> None:
    faulty = around("<task id='t' startQuantity='0'/>")
    assert [found.message.code for found in findings(faulty)] == ["quantity"]


def test_all_files_are_checked_at_once_in_order() -> None:
    files = {
        "b.bpmn": diagram("<task id='t'/>").replace(b'id="claim"', b'id="b"'),
        "a.bpmn": b"<broken",
        "forms/f.json": b"{",
        "t.dmn": b"<x/>",
    }
    found = check_files(files)
    assert [finding.file for finding in found] == sorted(finding.file for finding in found)
    assert {finding.file for finding in found} == set(files)


def test_what_the_compiler_refuses_is_among_the_findings() -> None:
    assert codes(around("<callActivity id='t' calledElement='nowhere'/>")) == {"process_unknown"}
    assert codes(around("<businessRuleTask id='t' mg:decision='nowhere'/>")) == {"decision_unknown"}
    assert codes(around("<scriptTask id='t'><script>import os</script></scriptTask>")) == {"script_not_allowed"}


def test_the_connectors_that_the_checks_know_are_those_that_there_are() -> None:
    assert set(CASE_CONNECTORS) == set(INNER)
