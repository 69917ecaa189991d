"""A clerk with many tasks does one after the other with the keyboard, and reads what leaves while writing it."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from engine.model.people import SYSTEM, Person
from engine.model.task import OPEN_STATES, Task
from engine.store import rows
from tests.e2e.desk import Desk, serious, sideways, sign_in

pytestmark = pytest.mark.browser
STEPS_TO_A_FIELD = 8
FIELDS = ", ".join(f"#task-form {field}" for field in ("select", "textarea", "input:not([type=hidden])"))


def tab_to(page: Page, what: str) -> int:
    """Press the tab key until something has the focus; says how often."""
    for pressed in range(60):
        if page.evaluate("what => document.activeElement.matches(what)", what):
            return pressed
        page.keyboard.press("Tab")
    raise AssertionError(f"The tab key does not reach {what}.")


def finish(page: Page) -> int:
    """Fill in what is empty and press the first button, with keys alone; says how many steps the first field was away."""
    steps = tab_to(page, FIELDS)
    for field in page.locator("#task-form .field:has(.required) select:visible").all():
        if not field.input_value():
            tab_to(page, f"#{field.get_attribute('id')}")
            page.keyboard.press("ArrowDown")
    for field in page.locator("#task-form .field:has(.required) textarea:visible").all():
        tab_to(page, f"#{field.get_attribute('id')}")
        page.keyboard.type("As the customer says.")
    tab_to(page, "#task-form button.button-primary")
    page.keyboard.press("Enter")
    return steps


def test_five_tasks_in_a_row(desk: Desk, page: Page) -> None:
    desk.register("The door does not close")
    sign_in(page, desk, "anna")
    page.get_by_role("button", name="Take next").focus()
    page.keyboard.press("Enter")
    page.wait_for_url("**/tasks/*")
    page.get_by_label("Afterwards open my next task").check()
    page.locator("main").focus()
    for _ in range(5):
        expect(page.locator("#content")).to_be_focused()
        before = page.url
        assert finish(page) <= STEPS_TO_A_FIELD
        expect(page).not_to_have_url(before)
        expect(page.get_by_role("status").first).to_contain_text("is done")


def test_the_letter_follows_what_is_typed(desk: Desk, page: Page) -> None:
    with desk.engine.read(SYSTEM) as tx:
        tasks = rows.find(tx, Task, element_id="write_answer", state=tuple(sorted(OPEN_STATES)))
        task = next(each for each in tasks if each.owner_id)
        owner = rows.get(tx, Person, task.owner_id or "")
    sign_in(page, desk, owner.login, then=f"/tasks/{task.id}")
    page.locator("#f-answer_text").fill("Our driver apologises.")
    expect(page.locator("#letters mark")).to_have_text("Our driver apologises.")
    page.get_by_label("Post", exact=True).check()
    expect(page.locator("#letters")).to_contain_text("by post")
    assert serious(page) == []
    page.set_viewport_size({"width": 390, "height": 800})
    assert sideways(page) == 0


def test_the_page_of_a_letter_prints_the_letter_alone(desk: Desk, page: Page) -> None:
    case = desk.register("The hinge squeaks")
    sign_in(page, desk, "anna", then=f"/cases/{case.number}")
    page.locator("#letters summary").first.click()
    page.get_by_role("link", name="Read or print it alone").first.click()
    expect(page.get_by_role("button", name="Print")).to_be_visible()
    assert serious(page) == []
    page.emulate_media(media="print")
    expect(page.locator("nav.side")).to_be_hidden()
    expect(page.locator(".sheet")).to_contain_text(case.number)
