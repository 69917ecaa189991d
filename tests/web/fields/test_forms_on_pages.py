"""A form is a page that works without JavaScript: what was typed stays, faults stand beside fields, rows can be added."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from flask import Flask
from lxml import html
from werkzeug.datastructures import MultiDict

from engine.execution.form_rules import validate
from engine.model.form import Form
from tests.engine.definitions.forms.assess import assess, form_of
from web.fields import Submission, read_submission
from web.fields.rendering import error_summary, form_facts, form_html

Show = Callable[..., str]


@pytest.fixture
def show(app: Flask) -> Show:
    """Renders a form in the language given."""

    def rendered(form: Form, *args: Any, language: str = "en", **kwargs: Any) -> str:
        with app.test_request_context(headers={"Accept-Language": language}):
            return str(form_html(form, *args, **kwargs))

    return rendered


def submit(app: Flask, form: Form, pairs: list[tuple[str, str]], language: str = "en") -> Submission:
    """Read what a browser sent."""
    with app.test_request_context(headers={"Accept-Language": language}):
        return read_submission(form, MultiDict(pairs))


def test_every_field_has_a_label_that_names_it(show: Show) -> None:
    page = html.fragment_fromstring(show(form_of(assess())), create_parent=True)
    ids = {element.get("id") for element in page.iter()}
    targets = [label.get("for") for label in page.iter("label")]
    assert len(targets) > 12
    assert set(targets) <= ids


def test_texts_are_in_the_readers_language(show: Show) -> None:
    assert "Przyczyna" in show(form_of(assess()), language="pl")


def test_what_was_typed_stays(show: Show) -> None:
    page = show(
        form_of(assess()), {"note": "<b>hail</b>", "found_on": "2026-13-01", "pieces": "three", "cause": "misuse"}
    )
    assert "&lt;b&gt;hail&lt;/b&gt;" in page
    assert 'value="2026-13-01"' in page
    assert 'value="three"' in page
    assert "<b>hail" not in page


def test_typed_values_are_shown_as_people_write_them(show: Show) -> None:
    values = {"cause": "material", "cost": Decimal("120.50"), "found_on": date(2026, 3, 2)}
    assert 'value="120.5"' in show(form_of(assess()), values)
    page = show(form_of(assess()), values, language="pl")
    assert 'value="120,5"' in page
    assert 'value="2026-03-02"' in page


def test_a_fault_stands_beside_its_field_and_in_the_summary(show: Show, app: Flask) -> None:
    form = form_of(assess())
    errors = validate(form, {"mail": "anna", "lines": [{"qty": 0}]}).errors
    page = show(form, {"mail": "anna"}, errors)
    assert 'aria-describedby="f-mail-error" aria-invalid="true"' in page
    assert '<p class="error" id="f-mail-error">Write an e-mail address such as anna@example.org.</p>' in page
    with app.test_request_context():
        summary = str(error_summary(errors, form))
    assert '<a href="#f-mail">E-mail: Write an e-mail address' in summary
    assert '<a href="#f-lines-0-part">Parts, line 1, Part: Fill this in.</a>' in summary
    assert "5 things to correct" in summary


def test_a_hidden_field_is_not_on_the_page(show: Show) -> None:
    form = form_of(assess())
    assert "f.cost" in show(form, {"cause": "material"})
    assert "f.cost" not in show(form, {"cause": "misuse"})


def test_the_answer_that_decides_asks_for_the_page_again(show: Show) -> None:
    page = show(form_of(assess()), refresh="/tasks/7")
    assert page.count('hx-post="/tasks/7"') == 3


def test_a_field_that_is_only_shown_has_no_input(show: Show) -> None:
    content = assess()
    content["ui"]["fields"]["phone"]["readonly"] = True
    page = show(form_of(content), known={"phone": "+48 22 123 45 67"})
    assert "+48 22 123 45 67" in page
    assert 'name="f.phone"' not in page


def test_what_a_browser_sends_becomes_values(app: Flask) -> None:
    sent = [("f.cause", "material"), ("f.cost", "1 250,50"), ("f.pieces", " 3 "), ("f.note", ""), ("f.safe.shown", "1")]
    sent += [("f.marks.shown", "1"), ("f.marks", "rust"), ("f.lines.0.part", "Roof"), ("f.lines.0.qty", "2")]
    sent += [("f.lines.1.part", ""), ("f.lines.1.qty", "")]
    assert submit(app, form_of(assess()), sent, "pl").values == {
        "cause": "material",
        "cost": "1250.50",
        "pieces": 3,
        "note": None,
        "safe": False,
        "marks": ["rust"],
        "lines": [{"part": "Roof", "qty": 2}],
    }


@pytest.mark.parametrize(
    ("language", "typed", "read"),
    [
        ("en", "1,250.50", "1250.50"),
        ("en", "12,5", "12.5"),
        ("en", "1,250", "1250"),
        ("en", "1.299,00", "1299.00"),
        ("en", "1.299.000,5", "1299000.5"),
        ("en", "1,299,000", "1299000"),
        ("en", "1 299,00", "1299.00"),
        ("en", "1’299.00", "1299.00"),
        ("en", "-1.299,00", "-1299.00"),
        ("en", "1.25", "1.25"),
        ("en", "1.2,5", "1.2,5"),
        ("pl", "1,250.50", "1250.50"),
        ("pl", "1.299.000", "1299000"),
        ("pl", "1 299,00", "1299.00"),
        ("pl", "1.250,50", "1250.50"),
        ("pl", "12,5", "12.5"),
        ("pl", "12.5", "12.5"),
        ("pl", "a lot", "alot"),
    ],
)
def test_numbers_are_read_as_the_language_writes_them(app: Flask, language: str, typed: str, read: str) -> None:
    assert submit(app, form_of(assess()), [("f.cost", typed)], language).values == {"cost": read}


def test_a_row_is_added_and_removed_without_javascript(app: Flask, show: Show) -> None:
    form = form_of(assess())
    sent = [("f.lines.0.part", "Roof"), ("f.lines.1.part", "Door")]
    added = submit(app, form, [*sent, ("_add", "lines")])
    assert added.rebuild
    assert added.values["lines"] == [{"part": "Roof"}, {"part": "Door"}, {}]
    assert 'name="f.lines.2.part"' in show(form, added.values)
    removed = submit(app, form, [*sent, ("_remove", "lines.0")])
    assert removed.values["lines"] == [{"part": "Door"}]


def test_questions_that_appear_are_asked_before_anything_is_kept(app: Flask) -> None:
    form = form_of(assess())
    all_but_cost = " ".join(sorted(form.names - {"cost"}))
    assert submit(app, form, [("f.cause", "material"), ("_fields", all_but_cost)]).rebuild
    assert not submit(app, form, [("f.cause", "misuse"), ("_fields", all_but_cost)]).rebuild
    assert not submit(app, form, [("f.cause", "material")]).rebuild


def test_facts_are_text_and_empty_ones_are_left_out(app: Flask) -> None:
    known = {"cause": "misuse", "safe": True, "found_on": date(2026, 3, 2), "lines": [{"part": "Roof", "qty": 2}]}
    with app.test_request_context():
        text = str(form_facts(form_of(assess()).fields, known))
    assert "Wrong use" in text
    assert "Roof · 2" in text
    assert "2 Mar 2026" in text
    assert "Telephone" not in text


def test_a_page_shown_and_sent_back_unchanged_says_the_same(app: Flask, show: Show) -> None:
    form = form_of(assess())
    values = {"cause": "material", "cost": Decimal("120.5"), "found_on": date(2026, 3, 2), "pieces": 3, "safe": False}
    page = html.fragment_fromstring(show(form, values, language="pl"), create_parent=True)
    fields = [
        (str(item.get("name")), str(item.get("value")))
        for item in page.iter("input")
        if item.get("type") not in ("radio", "checkbox")
    ]
    fields.append(("f.cause", "material"))
    sent = submit(app, form, fields, "pl").values
    checked = validate(form, sent)
    assert checked.errors == ()
    assert {name: checked.values[name] for name in values} == values
