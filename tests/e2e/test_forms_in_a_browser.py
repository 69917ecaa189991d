"""Forms behave in a browser: deciding answers bring questions, the return key decides nothing, nobody is locked out."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

import pytest
from axe_playwright_python.sync_playwright import Axe
from flask import flash, redirect, render_template_string, request
from flask.typing import ResponseReturnValue
from playwright.sync_api import Browser, Page, expect

from engine.execution.form_rules import validate
from engine.model.passwords import hash_password
from engine.model.people import SYSTEM, Person, PersonRole, Role
from engine.settings import Settings
from engine.store import rows
from engine.wiring import Engine, build
from tests.engine.definitions.forms.assess import assess, form_of
from web.access import signed_in
from web.app import create_app
from web.fields import read_submission

pytestmark = pytest.mark.browser
PASSWORD = "makegood-demo"
PAGE = """{% extends "layout.html" %}{% import "macros/forms.html" as forms with context %}
{% block title %}Assess the damage{% endblock %}
{% block content %}{{ error_summary(errors, form) }}<div class="card">{% call forms.form("/assess") %}
{{ form_html(form, values, errors, refresh="/assess") }}
{{ forms.button("Accept", "_outcome", "accept", "primary") }}{% endcall %}</div>{% endblock %}"""
FORM = form_of(assess())


@signed_in
def assess_damage() -> ResponseReturnValue:
    """A page with the form, as a room writes it."""
    if request.method == "GET":
        return render_template_string(PAGE, form=FORM, values={"cause": "misuse"}, errors=())
    submission = read_submission(FORM, request.form, request.files)
    checked = validate(FORM, submission.values)
    if submission.rebuild:
        return render_template_string(PAGE, form=FORM, values=submission.values, errors=())
    if checked.errors:
        return render_template_string(PAGE, form=FORM, values=submission.values, errors=checked.errors), 422
    flash("Kept.", "done")
    return redirect("/assess", 303)


class QuietHandler(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        """Keep the test's output to what failed."""


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[str]:
    """A served desk with anna, a clerk."""
    engine = build(Settings(data_dir=tmp_path))
    furnish(engine)
    app = create_app(engine, rooms=("auth",))
    app.add_url_rule("/assess", "assess", assess_damage, methods=["GET", "POST"])
    server = WSGIServer(("127.0.0.1", 0), QuietHandler)
    server.set_app(app)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    server.server_close()
    thread.join()
    engine.close()


def furnish(engine: Engine) -> None:
    """Let anna work here."""
    with engine.begin(SYSTEM) as tx:
        kept = hash_password(PASSWORD, salt=b"salt of the tests")
        rows.insert(tx, Person(id="anna", login="anna", name="Anna", password_hash=kept, created_at=tx.now))
        rows.insert(tx, PersonRole(person_id="anna", role=Role.CLERK))


def sign_in(page: Page, desk: str, then: str = "/assess") -> None:
    """Sign in as anna and go to a page."""
    page.goto(f"{desk}/sign-in?next={then}")
    page.get_by_label("Name").fill("anna")
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url(f"**{then}")


def test_a_deciding_answer_brings_its_question_at_once(desk: str, page: Page) -> None:
    sign_in(page, desk)
    page.get_by_label("Note").fill("Hail came first")
    expect(page.get_by_label("Cost")).to_have_count(0)
    page.get_by_label("Material").check()
    expect(page.get_by_label("Cost")).to_be_visible()
    expect(page.get_by_label("Note")).to_have_value("Hail came first")
    page.get_by_label("Wrong use").check()
    expect(page.get_by_label("Cost")).to_have_count(0)


def test_the_return_key_decides_nothing(desk: str, page: Page) -> None:
    sign_in(page, desk)
    page.get_by_label("Pieces").fill("3")
    page.get_by_label("Pieces").press("Enter")
    expect(page.get_by_label("Pieces")).to_have_value("3")
    expect(page.get_by_text("Kept.")).to_have_count(0)


def test_a_faulty_form_moves_to_its_summary_and_from_there_to_the_field(desk: str, page: Page) -> None:
    sign_in(page, desk)
    page.get_by_label("E-mail").fill("anna")
    page.get_by_role("button", name="Accept").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link", name="E-mail").click()
    expect(page.get_by_label("E-mail")).to_be_focused()
    expect(page.get_by_label("E-mail")).to_have_value("anna")


def test_a_form_works_without_javascript(desk: str, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = context.new_page()
    sign_in(page, desk)
    page.get_by_label("Found on").fill("2026-03-02")
    page.get_by_label("Part, line 1").fill("Roof")
    page.get_by_role("button", name="Add a line").click()
    page.get_by_label("Part, line 2").fill("Door")
    page.get_by_label("Material").check()
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_label("Cost")).to_be_visible()
    expect(page.get_by_label("Part, line 2")).to_have_value("Door")
    page.get_by_role("button", name="Accept").click()
    expect(page.get_by_text("Kept.")).to_be_visible()
    context.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_serious(desk: str, browser: Browser, scheme: str, width: int) -> None:
    context = browser.new_context(
        color_scheme="dark" if scheme == "dark" else "light", viewport={"width": width, "height": 900}, locale="en-GB"
    )
    page = context.new_page()
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.goto(f"{desk}/sign-in")
    found = serious(page)
    sign_in(page, desk)
    found += serious(page)
    page.goto(f"{desk}/account")
    found += serious(page)
    assert not found
    assert not complaints
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    context.close()


def serious(page: Page) -> list[str]:
    """What axe finds serious or critical on the page."""
    violations = Axe().run(page).response["violations"]
    return [f"{page.url}: {each['id']}" for each in violations if each["impact"] in ("serious", "critical")]
