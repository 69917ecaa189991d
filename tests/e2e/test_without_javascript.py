"""Without JavaScript nobody is locked out: a task is claimed, corrected and completed."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.desk import Desk, sign_in

pytestmark = pytest.mark.browser


def test_a_task_goes_from_claim_to_completion(desk: Desk, browser: Browser) -> None:
    task = desk.task_of(desk.register("The filter is lost"))
    window = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = window.new_page()
    sign_in(page, desk, "anna", then="/inbox?list=front_office&words=filter")
    page.get_by_role("button", name="Claim").first.click()
    page.goto(f"{desk.url}/tasks/{task.id}")
    page.get_by_label("Product group").select_option("")
    page.get_by_label("Category").select_option("delivery")
    page.get_by_role("button", name="It is a complaint").click()
    expect(page.get_by_role("alert")).to_contain_text("Product group")
    expect(page.get_by_label("Category")).to_have_value("delivery")
    page.get_by_label("Product group").select_option("appliance")
    page.get_by_role("button", name="It is a complaint").click()
    expect(page.get_by_text("“Check the classification” is done.")).to_be_visible()
    window.close()


def test_the_file_of_a_case_says_in_words_where_it_is(desk: Desk, browser: Browser) -> None:
    case = desk.register("The pump hums")
    window = browser.new_context(java_script_enabled=False, locale="en-GB")
    page = window.new_page()
    sign_in(page, desk, "anna", then=f"/cases/{case.number}")
    expect(page.locator(".steps")).to_contain_text("Check the classification")
    page.get_by_label("New comment").fill("She sends a photograph.")
    page.get_by_role("button", name="Add comment").click()
    expect(page.locator("#comments")).to_contain_text("She sends a photograph.")
    window.close()
