"""People keep the filters of their lists under names; leads share them with their queues."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from flask import Flask

from engine.model.people import SYSTEM
from engine.model.saved_filter import LONGEST_NAME, MOST, KeptList, SavedFilter
from engine.store import rows
from engine.wiring import Engine
from tests.web.conftest import ClientAs, person_id
from web.app import create_app


@pytest.fixture
def app(engine: Engine) -> Flask:
    """The application with the rooms whose lists keep filters."""
    return create_app(engine, testing=True, rooms=("auth", "worklist", "cases", "intake", "manage"))


def kept(engine: Engine) -> list[SavedFilter]:
    """All that is saved."""
    with engine.read(SYSTEM) as tx:
        return rows.find(tx, SavedFilter, order_by="id")


def filled(name: str, present: str, *, of: str = "cases", queue: str = "") -> dict[str, str]:
    """The form that saves a filter."""
    return {"kept_list": of, "name": name, "present": present, "queue": queue}


@pytest.mark.parametrize(
    ("login", "of", "page", "query"),
    [
        ("anna", "inbox", "/inbox", "colour=late&list=front_office"),
        ("anna", "cases", "/cases", "overdue=yes&q=kettle+%26+lid"),
        ("clara", "tasks", "/manage/tasks", "category=damage&size=100"),
    ],
)
def test_a_filter_leads_back_to_what_it_showed(client_as: ClientAs, login: str, of: str, page: str, query: str) -> None:
    client = client_as(login)
    assert "Save this filter" in client.get(f"{page}?{query}").text
    answer = client.post("/filters", data=filled("Mine", query, of=of))
    assert (answer.status_code, answer.location) == (303, f"{page}?{query}")
    assert f'href="{page}?{query.replace("&", "&amp;")}">Mine' in client.get(page).text
    assert "Save this filter" not in client.get(f"{page}?{query}").text


def test_a_list_that_hides_nothing_offers_no_saving(client_as: ClientAs, engine: Engine) -> None:
    anna = client_as("anna")
    assert "Save this filter" not in anna.get("/inbox?list=mine&sort=-due&words=").text
    assert (
        "Nothing is filtered yet"
        in anna.post("/filters", data=filled("All", "sort=-opened"), follow_redirects=True).text
    )
    assert kept(engine) == []


def test_only_what_the_list_asks_is_kept(client_as: ClientAs, engine: Engine) -> None:
    present = "q=hail&at=a1.x&next=https%3A%2F%2Fevil.example&_external=1&_scheme=javascript&_anchor=x"
    answer = client_as("anna").post("/filters", data=filled("Hail", present))
    assert answer.location == "/cases?q=hail"
    assert kept(engine)[0].answers == {"q": "hail"}


@pytest.mark.parametrize("of", ["", "ops", "https://evil.example"])
def test_a_list_that_keeps_no_filters_is_not_found(client_as: ClientAs, of: str) -> None:
    assert client_as("anna").post("/filters", data=filled("X", "q=hail", of=of)).status_code == 404


@pytest.mark.parametrize(
    ("name", "sentence"),
    [("  ", "Give the filter a name"), ("x" * (LONGEST_NAME + 1), "60 characters at most"), ("Hail", "already")],
)
def test_a_name_that_does_not_fit_is_refused_in_a_sentence(
    client_as: ClientAs, engine: Engine, name: str, sentence: str
) -> None:
    anna = client_as("anna")
    anna.post("/filters", data=filled("Hail", "q=hail"))
    assert sentence in anna.post("/filters", data=filled(name, "q=storm"), follow_redirects=True).text
    assert [each.name for each in kept(engine)] == ["Hail"]


def test_nobody_keeps_more_than_fifty(client_as: ClientAs, engine: Engine) -> None:
    anna = client_as("anna")
    with engine.begin(SYSTEM) as tx:
        for number in range(MOST):
            row = SavedFilter(
                id=tx.new_id(),
                person_id=person_id("anna"),
                kept_list=KeptList.CASES,
                name=f"Filter {number}",
                created_at=tx.now,
            )
            rows.insert(tx, row)
    assert anna.post("/filters", data=filled("One more", "q=hail")).status_code == 409
    assert len(kept(engine)) == MOST


def test_a_filter_is_seen_and_removed_by_its_owner_alone(client_as: ClientAs, engine: Engine) -> None:
    client_as("anna").post("/filters", data=filled("Hail of anna", "q=hail"))
    address = f"/filters/{kept(engine)[0].id}/remove"
    for other in ("ben", "clara", "eva"):
        assert "Hail of anna" not in client_as(other).get("/cases").text
        assert client_as(other).post(address).status_code == 404
    answer = client_as("anna").post(address, data={"present": "q=storm"})
    assert (urlsplit(answer.location).path, parse_qs(urlsplit(answer.location).query)) == ("/cases", {"q": ["storm"]})
    assert kept(engine) == []


def test_a_lead_shares_a_filter_with_the_people_of_the_queue(client_as: ClientAs, engine: Engine) -> None:
    client_as("clara").post("/filters", data=filled("Hail", "q=hail", queue="front_office"))
    assert ">Hail " in client_as("anna").get("/cases").text
    assert ">Hail " not in client_as("ben").get("/cases").text
    address = f"/filters/{kept(engine)[0].id}/remove"
    assert [client_as(login).post(address).status_code for login in ("anna", "david", "eva")] == [404, 404, 303]


@pytest.mark.parametrize(("login", "queue"), [("anna", "front_office"), ("clara", "technical"), ("eva", "nowhere")])
def test_nobody_shares_with_a_queue_that_they_do_not_lead(
    client_as: ClientAs, engine: Engine, login: str, queue: str
) -> None:
    assert client_as(login).post("/filters", data=filled("Hail", "q=hail", queue=queue)).status_code == 403
    assert kept(engine) == []


def test_a_clerk_keeps_no_filter_of_the_list_for_leads(client_as: ClientAs, engine: Engine) -> None:
    assert client_as("anna").post("/filters", data=filled("Late", "colour=late", of="tasks")).status_code == 403
    assert kept(engine) == []
