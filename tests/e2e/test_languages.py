"""The desk speaks Polish to whoever asks for it, from the first page on."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, expect

from tests.e2e.desk import Desk, sign_in

pytestmark = pytest.mark.browser


def test_a_polish_browser_is_met_in_polish(desk: Desk, browser: Browser) -> None:
    window = browser.new_context(locale="pl-PL")
    page = window.new_page()
    page.goto(f"{desk.url}/sign-in")
    expect(page.locator("html")).to_have_attribute("lang", "pl")
    expect(page.get_by_role("button", name="Zaloguj")).to_be_visible()
    window.close()


def test_a_polish_specialist_reads_a_case_and_its_tasks_in_polish(desk: Desk, browser: Browser) -> None:
    window = browser.new_context(locale="en-GB")
    page = window.new_page()
    sign_in(page, desk, "iga")
    expect(page.locator("html")).to_have_attribute("lang", "pl")
    expect(page.get_by_role("heading", level=1)).to_have_text("Skrzynka")
    page.goto(f"{desk.url}/cases/{desk.register('The pump hums').number}")
    expect(page.get_by_role("navigation", name="Główna")).to_be_visible()
    expect(page.get_by_role("link", name="Sprawdź klasyfikację").first).to_be_visible()
    window.close()
