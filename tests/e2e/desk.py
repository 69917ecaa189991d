"""The desk of Veltra as browser tests use it: who signs in, what is registered, where the pages are."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import quote

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page

from engine.actions.find_customer import NewCustomer
from engine.actions.register_case import Registration, register_case
from engine.model.case import Case
from engine.model.people import SYSTEM, Person
from engine.model.task import OPEN_STATES, Task
from engine.store import rows
from engine.wiring import Engine

PASSWORD = "makegood-demo"


@dataclass(frozen=True, slots=True)
class Desk:
    """A served desk, the engine behind it, and the cookies of those who have signed in."""

    url: str
    engine: Engine
    cookies: dict[str, dict[str, str]] = field(default_factory=dict[str, dict[str, str]])

    def register(self, subject: str) -> Case:
        """Let somebody complain about a washing machine."""
        complaint = Registration(
            subject=subject,
            description="The washing machine leaks since the third week. Please repair it.",
            country="PL",
            received_on=self.now().date(),
            customer=NewCustomer(name="Halina Nowak", email="halina.nowak@example.org", segment="standard"),
        )
        with self.engine.begin(SYSTEM) as tx:
            case = register_case(tx, complaint)
        self.engine.settle()
        return case

    def now(self) -> datetime:
        """The desk's time."""
        with self.engine.read(SYSTEM) as tx:
            return tx.now

    def task_of(self, case: Case) -> Task:
        """The open task of a case."""
        with self.engine.read(SYSTEM) as tx:
            return next(task for task in rows.find(tx, Task, case_id=case.id) if task.state in OPEN_STATES)

    def task_with(self, login: str) -> Task:
        """An open task that is with somebody."""
        with self.engine.read(SYSTEM) as tx:
            person = rows.find(tx, Person, login=login)[0]
            return next(task for task in rows.find(tx, Task, owner_id=person.id) if task.state in OPEN_STATES)

    def case_of(self, task: Task) -> Case:
        """The case of a task."""
        with self.engine.read(SYSTEM) as tx:
            return rows.get(tx, Case, task.case_id)


def sign_in(page: Page, desk: Desk, login: str, *, then: str = "/inbox") -> None:
    """Go to a page as somebody; the first time in a run they sign in, later their cookies are brought along."""
    page.set_default_timeout(10_000)
    if login in desk.cookies:
        page.context.add_cookies(
            [{"name": name, "value": value, "url": desk.url} for name, value in desk.cookies[login].items()]
        )
        page.goto(desk.url + then)
    else:
        type_name_and_password(page, desk, login, then=then)
        desk.cookies[login] = {each.get("name", ""): each.get("value", "") for each in page.context.cookies()}
    page.wait_for_url(desk.url + then)


def type_name_and_password(page: Page, desk: Desk, login: str, *, then: str) -> None:
    """Sign in by hand."""
    page.goto(f"{desk.url}/sign-in?next={quote(then)}")
    page.locator("#login").fill(login)
    page.locator("#password").fill(PASSWORD)
    page.locator(".sign-in-card").get_by_role("button").click()
    page.wait_for_url(desk.url + then)


def serious(page: Page, *rules: str) -> list[str]:
    """What axe finds serious or critical on the page, by all its rules or by some; a drawing is left to its list in words."""
    options = {"runOnly": {"type": "rule", "values": list(rules)}} if rules else None
    found = Axe().run(page, context={"exclude": [[".djs-container"]]}, options=options).response["violations"]
    return [
        f"{each['id']}: {each['nodes'][0]['html'][:160]}" for each in found if each["impact"] in ("serious", "critical")
    ]


def sideways(page: Page) -> int:
    """How many pixels the page is wider than its window; what scrolls inside a frame of its own does not count."""
    width: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    return width
