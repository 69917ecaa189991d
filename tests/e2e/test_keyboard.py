"""The desk is used with the keyboard alone: a way past the navigation, an order that follows the eye, a visible focus."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.desk import PASSWORD, Desk, sign_in, type_name_and_password

pytestmark = pytest.mark.browser


def test_somebody_signs_in_and_skips_to_the_content(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/sign-in?next=/inbox")
    expect(page.locator("#login")).to_be_focused()
    page.keyboard.type("anna")
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    page.wait_for_url(f"{desk.url}/inbox")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="To the content")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("main")).to_be_focused()


def test_whatever_has_the_focus_shows_it(desk: Desk, page: Page) -> None:
    sign_in(page, desk, "anna")
    seen = []
    for _ in range(25):
        page.keyboard.press("Tab")
        where = page.evaluate(
            """() => { const at = document.activeElement; const style = getComputedStyle(at);
            const around = at.type === 'search' ? getComputedStyle(at.closest('.search')).boxShadow : 'none';
            return [at.outerHTML.slice(0, 80), style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2 || around !== 'none'] }"""
        )
        seen.append(where)
    assert [what for what, is_seen in seen if not is_seen] == []
    assert len({what for what, _ in seen}) > 15


def test_the_tab_key_goes_from_top_to_bottom_on_a_task(desk: Desk, page: Page) -> None:
    task = desk.task_of(desk.register("The lid is loose"))
    sign_in(page, desk, "anna", then=f"/tasks/{task.id}")
    page.get_by_role("button", name="Claim").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("button", name="Give back")).to_be_visible()
    page.get_by_label("Product group").focus()
    tops = []
    for _ in range(6):
        tops.append(page.evaluate("document.activeElement.getBoundingClientRect().top + scrollY"))
        page.keyboard.press("Tab")
    assert tops == sorted(tops)


def test_a_menu_opens_and_signs_out(desk: Desk, page: Page) -> None:
    type_name_and_password(page, desk, "ben", then="/inbox")
    page.locator("summary", has_text="Menu of Ben Fischer").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Your account")).to_be_focused()
    out = page.get_by_role("button", name="Sign out")
    for _ in range(3):
        page.keyboard.press("Tab")
        if out.evaluate("button => button === document.activeElement"):
            break
    expect(out).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/sign-in**")
