"""What ships is named in the reader's language; what a designer added is shown as it was named."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from flask import Flask
from markupsafe import Markup

from engine.model.errors import Message
from engine.shipped import shipped_folder
from web.drawn_diagrams import in_words
from web.language import _, drawn, pgettext, sentence
from web.words import key_name, queue_title, role_name


@pytest.fixture(autouse=True)
def polish(app: Flask) -> Iterator[None]:
    """A request of somebody whose browser asks for Polish."""
    with app.test_request_context(headers={"Accept-Language": "pl"}):
        yield


def test_a_task_of_a_shipped_diagram_is_named_in_polish() -> None:
    assert drawn("Check the classification") == "Sprawdź klasyfikację"


def test_a_task_that_a_designer_drew_keeps_its_name() -> None:
    assert drawn("Weigh the parcel") == "Weigh the parcel"
    assert drawn("") == ""


def test_queues_roles_and_categories_have_words() -> None:
    assert key_name("credit_reporting") == "Raport kredytowy"
    assert role_name("lead") == "Kierownik zespołu"
    assert role_name("director") == "Dyrektor"
    assert queue_title("Energy") == "Energia"
    assert key_name("bicycle_repair") == "Bicycle repair"


def test_a_refusal_names_its_task_and_roles_in_polish() -> None:
    taken = Message("task_taken", "“{task}” is already with {owner}.", {"task": "Work the case", "owner": "Ben"})
    assert "Prowadź sprawę" in sentence(taken)
    refused = "Your role does not allow this. It is for: {roles}. Ask one of them, or an administrator for the role."
    assert "Kierownik zespołu, Menedżer" in sentence(Message("role_needed", refused, {"roles": "lead, manager"}))


def test_open_is_one_thing_on_a_button_and_another_of_a_case() -> None:
    assert pgettext("button", "Open") == "Otwórz"
    assert pgettext("case", "Open") == "Otwarta"


def test_a_diagram_is_shown_with_polish_names_and_its_own_ids() -> None:
    drawing = (shipped_folder("processes") / "complaint" / "complaint.bpmn").read_bytes()
    shown = in_words(drawing)
    assert 'id="triage" name="Sprawdź klasyfikację"'.encode() in shown
    assert b"Check the classification" not in shown


def test_a_time_in_a_sentence_stays_a_time_and_the_rest_is_escaped() -> None:
    told = _("Work <b> since {time} by {name}", time=Markup("<time>noon</time>"), name="<i>")
    assert told == "Work &lt;b&gt; since <time>noon</time> by &lt;i&gt;"
    assert isinstance(told, Markup)
