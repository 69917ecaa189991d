"""Every room can be read by everybody: axe finds nothing serious in light and dark, nothing runs out of a narrow window."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.e2e.desk import Desk, serious, sideways, sign_in

pytestmark = pytest.mark.browser


def a_task(desk: Desk) -> str:
    return f"/tasks/{desk.task_with('anna').id}"


def a_case(desk: Desk) -> str:
    return f"/cases/{desk.case_of(desk.task_with('anna')).number}"


# room: who looks, and where
ROOMS: dict[str, tuple[str, Callable[[Desk], str]]] = {
    "inbox": ("anna", lambda _: "/inbox"),
    "open tasks": ("anna", lambda _: "/inbox?list=open"),
    "queues": ("clara", lambda _: "/queues"),
    "task": ("anna", a_task),
    "cases": ("anna", lambda _: "/cases"),
    "case": ("anna", a_case),
    "notices": ("anna", lambda _: "/notices"),
    "account": ("eva", lambda _: "/account"),
    "register": ("anna", lambda _: "/cases/new"),
    "manage": ("eva", lambda _: "/manage"),
    "move work": ("eva", lambda _: "/manage/tasks"),
    "clocks": ("eva", lambda _: "/manage/clocks"),
    "special mode": ("eva", lambda _: "/manage/special-mode"),
    "absences": ("eva", lambda _: "/absences"),
    "processes": ("greta", lambda _: "/design"),
    "process": ("greta", lambda _: "/design/complaint"),
    "table": ("greta", lambda _: "/design/complaint?show=tables"),
    "tried table": (
        "greta",
        lambda _: "/design/complaint?show=tables&table=approval_limit&try=yes&in.decision=reject&in.amount=600",
    ),
    "operations": ("henry", lambda _: "/ops"),
    "incidents": ("henry", lambda _: "/ops/incidents"),
    "running cases": ("henry", lambda _: "/ops/running"),
    "running case": ("eva", lambda desk: f"/ops/instances/{desk.task_with('anna').instance_id}"),
    "outbox": ("henry", lambda _: "/ops/outbox"),
    "people": ("henry", lambda _: "/ops/people"),
}


def enter(page: Page, desk: Desk, room: str) -> None:
    """Come into a room; a diagram is waited for."""
    login, address = ROOMS[room]
    sign_in(page, desk, login, then=address(desk))
    expect(page.locator("h1")).to_have_count(1)
    expect(page.get_by_text("This did not work")).to_have_count(0)
    if page.locator("[data-bpmn-url]").count():
        expect(page.locator("html[data-ready]")).to_be_attached()


@pytest.mark.parametrize("room", ROOMS)
def test_axe_finds_nothing_serious_in_light_and_dark(desk: Desk, page: Page, room: str) -> None:
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    enter(page, desk, room)
    found = serious(page)
    page.emulate_media(color_scheme="dark")
    found += serious(page, "color-contrast")
    assert found == []
    assert said == []
    assert sideways(page) <= 0


def test_axe_finds_nothing_serious_where_one_signs_in(desk: Desk, page: Page) -> None:
    page.goto(f"{desk.url}/sign-in")
    found = serious(page)
    page.emulate_media(color_scheme="dark")
    assert found + serious(page, "color-contrast") == []


@pytest.mark.parametrize("room", ROOMS)
def test_a_narrow_window_holds_it_and_right_to_left_mirrors_it(desk: Desk, page: Page, room: str) -> None:
    enter(page, desk, room)
    page.evaluate("document.documentElement.dir = 'rtl'")
    navigation, content = page.locator("nav.side").bounding_box(), page.locator("main").bounding_box()
    assert navigation is not None
    assert content is not None
    assert navigation["x"] > content["x"]
    assert sideways(page) <= 0
    assert page.evaluate(
        "[...document.querySelectorAll('.diagram')].every(e => getComputedStyle(e).direction === 'ltr')"
    )
    page.set_viewport_size({"width": 390, "height": 844})
    assert sideways(page) <= 0
    page.evaluate("document.documentElement.dir = 'ltr'")
    assert sideways(page) <= 0


def test_the_rooms_above_a_short_page_of_a_narrow_window_are_one_line(desk: Desk, page: Page) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, desk, "anna", then="/cases/nobody-knows-it")
    navigation = page.locator("nav.side").bounding_box()
    assert navigation is not None
    assert navigation["height"] < 60
