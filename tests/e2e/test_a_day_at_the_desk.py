"""A complaint goes through the hands of clerk and manager in a browser, with a mistake on the way."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.e2e.desk import Desk, sign_in

pytestmark = pytest.mark.browser


def test_a_clerk_takes_the_next_task(desk: Desk, page: Page) -> None:
    desk.register("The drum is stuck")
    sign_in(page, desk, "anna", then="/inbox?list=front_office")
    page.get_by_role("button", name="Take next").first.click()
    page.wait_for_url("**/tasks/*")
    expect(page.get_by_role("button", name="Give back")).to_be_visible()
    expect(page.get_by_text("With: you")).to_be_visible()


def test_a_faulty_answer_is_kept_and_explained_where_it_is_wrong(desk: Desk, page: Page) -> None:
    task = desk.task_of(desk.register("The door does not open"))
    sign_in(page, desk, "anna", then=f"/tasks/{task.id}")
    page.get_by_role("button", name="Claim").click()
    page.get_by_label("Note for colleagues").fill("She rang twice.")
    page.get_by_label("Product group").select_option("")
    page.get_by_role("button", name="It is a complaint").click()
    summary = page.get_by_role("alert")
    expect(summary).to_be_focused()
    summary.get_by_role("link").first.click()
    expect(page.get_by_label("Product group")).to_be_focused()
    expect(page.get_by_label("Note for colleagues")).to_have_value("She rang twice.")
    page.get_by_label("Product group").select_option("appliance")
    page.get_by_label("Category").select_option("defect")
    page.get_by_role("button", name="It is a complaint").click()
    expect(page.get_by_text("This task is over")).to_be_visible()


def test_special_mode_goes_from_the_clerk_to_the_manager_and_back(desk: Desk, page: Page, browser: Browser) -> None:
    case = desk.register("Ten years a customer, and now this")
    sign_in(page, desk, "anna", then=f"/cases/{case.number}")
    page.get_by_text("Ask for special mode").click()
    page.get_by_label("Why this case needs it").fill("Our own service missed two appointments.")
    page.get_by_label("Amount up to (EUR)").fill("250,50")
    page.get_by_role("button", name="Ask", exact=True).click()
    expect(page.get_by_text("Special mode is asked for.")).to_be_visible()
    desk.engine.settle()
    window = browser.new_context(locale="en-GB", viewport={"width": 1280, "height": 900})
    manager = window.new_page()
    sign_in(manager, desk, "eva", then=f"/cases/{case.number}")
    manager.get_by_role("link", name=re.compile("special mode", re.IGNORECASE)).first.click()
    manager.get_by_role("button", name="Claim").click()
    manager.get_by_label("Approved up to").fill("200")
    manager.get_by_label("Your reason").fill("This once.")
    manager.get_by_role("button", name="Approve").click()
    expect(manager.get_by_text("This task is over")).to_be_visible()
    window.close()
    desk.engine.settle()
    page.goto(f"{desk.url}/cases/{case.number}")
    decided = page.locator("#decisions")
    expect(decided.get_by_text("Decided by Eva Novák")).to_be_visible()
    expect(decided.get_by_text("€200.00")).to_be_visible()


def test_the_case_file_shows_where_the_case_is_as_a_picture_and_as_a_list(desk: Desk, page: Page) -> None:
    case = desk.register("The hose burst")
    sign_in(page, desk, "anna", then=f"/cases/{case.number}")
    expect(page.locator("html[data-ready]")).to_be_attached()
    expect(page.locator(".diagram svg .djs-shape").nth(20)).to_be_attached()  # the picture comes when it comes
    waits = page.locator(".steps .step-active")
    expect(waits).to_have_count(1)
    expect(waits).to_contain_text("Check the classification")


def test_a_complaint_by_telephone_is_registered_and_receipted(desk: Desk, page: Page) -> None:
    sign_in(page, desk, "rosa", then="/cases/new")
    subject = page.get_by_label(re.compile("^(Subject|Temat)"))
    subject.fill("The fridge hums all night")
    page.locator(".finish, form .buttons").last.get_by_role("button").first.click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(subject).to_have_value("The fridge hums all night")
    page.locator("[name='f.customer_name']").fill("Wanda Zając")
    page.locator("[name='f.customer_email']").fill("wanda@example.org")
    page.locator("[name='f.description']").fill("It hums from ten in the evening until six.")
    page.locator(".finish, form .buttons").last.get_by_role("button").first.click()
    expect(page.locator("main")).to_contain_text(re.compile(r"C-\d{4}-\d{6}"))


def test_what_was_typed_stays_when_a_colleague_was_faster(desk: Desk, page: Page, browser: Browser) -> None:
    task = desk.task_of(desk.register("The display flickers"))
    sign_in(page, desk, "anna", then=f"/tasks/{task.id}")
    page.get_by_role("button", name="Claim").click()
    page.get_by_label("Note for colleagues").fill("Only in the evening.")
    window = browser.new_context(locale="en-GB")
    lead = window.new_page()
    sign_in(lead, desk, "clara", then=f"/tasks/{task.id}")
    lead.get_by_role("button", name="Give back").click()
    lead.get_by_role("button", name="Claim").click()
    window.close()
    page.get_by_role("button", name="It is a complaint").click()
    expect(page.get_by_role("alert")).to_contain_text("Clara Jensen")
    expect(page.locator("main")).to_contain_text("Only in the evening.")


def test_a_manager_moves_work_with_a_reason(desk: Desk, page: Page) -> None:
    task = desk.task_of(desk.register("The handle broke off"))
    sign_in(page, desk, "eva", then="/manage/tasks?words=handle")
    page.locator(f"input[type=checkbox][value='{task.id}']").check()
    karin = page.locator("#to option", has_text="Karin Vogel").get_attribute("value")
    page.get_by_label("Give to").select_option(karin)
    page.get_by_label("Reason").fill("Anna is out until noon.")
    page.get_by_role("button", name=re.compile("^Move what is ticked")).click()
    expect(page.get_by_role("status").first).to_be_visible()
    page.goto(f"{desk.url}/manage/tasks?words=handle")
    expect(page.get_by_role("row", name=re.compile("The handle broke off"))).to_contain_text("Karin Vogel")


def test_dark_colours_are_kept_from_page_to_page(desk: Desk, page: Page) -> None:
    sign_in(page, desk, "anna")
    page.get_by_role("button", name="Dark colours").click()
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
    page.goto(f"{desk.url}/queues")
    expect(page.locator("html")).to_have_attribute("data-theme", "dark")
