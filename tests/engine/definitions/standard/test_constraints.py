"""Every constraint of BPMN 2.0.2 that a file can break: what it forbids is refused, what it allows is taken."""

from __future__ import annotations

import pytest

from engine.checks import check_files
from engine.model.errors import Finding, Severity
from tests.engine.checks.drawing import ROOTS
from tests.engine.definitions.bpmn.diagrams import diagram

from .constraints import ALLOWED, FORBIDDEN

# The codes of rules that have their examples here alone.
CODES = {
    "two event subprocesses for one error": "event_subprocess_twice",
    "a receive task that begins the process and has a way in": "instantiate_incoming",
    "a gateway that begins the process and has a way in": "instantiate_incoming",
    "a conversation in a global one": "conversation_inside",
    "two sources that nothing joins": "association_sources",
    "a source of another type": "data_type",
    "a list of another activity": "loop_foreign_data",
    "a loop through a single value": "loop_single_data",
}


def errors(inside: str, roots: str) -> list[Finding]:
    files = {"claim.bpmn": diagram(inside, ROOTS + roots), "letters/x.en.txt": b"Subject: x\n\nx"}
    return [found for found in check_files(files) if found.severity is Severity.ERROR]


@pytest.mark.parametrize("name", sorted(ALLOWED))
def test_what_the_standard_allows_is_taken(name: str) -> None:
    assert errors(*ALLOWED[name]) == []


@pytest.mark.parametrize("name", sorted(FORBIDDEN))
def test_what_the_standard_forbids_is_refused(name: str) -> None:
    assert errors(*FORBIDDEN[name])


@pytest.mark.parametrize("name", sorted(CODES))
def test_a_refusal_says_which_rule_was_broken(name: str) -> None:
    assert [found.message.code for found in errors(*FORBIDDEN[name])] == [CODES[name]]
