"""Designers try a table on sample inputs and see which rules fire and what is wrong beside the rules."""

from __future__ import annotations

import io

from flask.testing import FlaskClient
from werkzeug.test import TestResponse

from engine.model.people import SYSTEM
from engine.wiring import Engine
from tests.engine.checks.seeded_tables import GOOD
from tests.web.conftest import ClientAs
from tests.web.design.test_processes import hidden

PAGE = "/design/complaint?show=tables&table="


def fired(page: str) -> list[str]:
    return [row.split(">")[2].split("<")[0] for row in page.split('<tr class="fired"')[1:]]


def test_a_table_asks_for_the_names_that_it_reads(client_as: ClientAs) -> None:
    page = client_as("greta").get(f"{PAGE}approval_limit").text
    for name in ("decision", "amount", "special_mode", "special_mode_limit", "product_group"):
        assert f'name="in.{name}"' in page
    assert fired(page) == []


def test_the_rule_that_fires_is_highlighted_with_its_reason(client_as: ClientAs) -> None:
    page = client_as("greta").get(f"{PAGE}approval_limit&try=yes&in.decision=reject&in.amount=600,50").text
    assert fired(page) == ["1"]
    assert "Every refusal is checked by a second person." in page.split('id="try"')[1]
    assert "&#34;second_person&#34;: true" in page
    assert 'value="600,50"' in page


def test_the_rules_of_the_decisions_that_it_asks_are_told_too(client_as: ClientAs) -> None:
    page = client_as("greta").get(f"{PAGE}routing&try=yes&in.product_group=energy&in.safety_risk=true").text
    assert "table=urgency" in page.split('id="try"')[0]
    assert "table=urgency" in page.split("Because:")[1]


def test_what_is_wrong_with_an_input_is_a_problem(client_as: ClientAs) -> None:
    page = (
        client_as("greta").get("/design/special_mode?show=tables&table=special_mode_level&try=yes&in.amount=much").text
    )
    assert "Problem" in page.split('id="try"')[1]


def downloaded(client: FlaskClient, kind: str) -> bytes:
    answer = client.get(f"/design/complaint/1/tables/approval_limit.{kind}")
    assert answer.status_code == 200
    assert f"approval_limit.{kind}" in answer.headers["Content-Disposition"]
    return bytes(answer.data)


def uploaded(client: FlaskClient, content: bytes, decision: str = "approval_limit") -> TestResponse:
    data = {"sheet": (io.BytesIO(content), "table.csv")}
    return client.post(f"/design/complaint/tables/{decision}", data=data, content_type="multipart/form-data")


def test_a_table_that_was_changed_in_a_spreadsheet_becomes_a_new_version(client_as: ClientAs, engine: Engine) -> None:
    greta = client_as("greta")
    page = uploaded(greta, downloaded(greta, "csv").replace(b"> 5000", b"> 6000")).text
    assert "Rule 4, column “Amount”: &gt; 5000 becomes &gt; 6000" in page
    greta.post("/design/deploy", data={name: hidden(page, name) for name in ("key", "mark", "base")})
    with engine.read(SYSTEM) as tx:
        newest = tx.catalog.newest("complaint")
    assert newest.version == 2
    assert b"&gt; 6000" in newest.files["approval_limits.dmn"]


def test_an_unchanged_workbook_changes_nothing(client_as: ClientAs) -> None:
    greta = client_as("greta")
    assert "there is nothing to deploy" in uploaded(greta, downloaded(greta, "xlsx")).text


def test_a_fault_of_the_spreadsheet_is_found_before_it_is_deployed(client_as: ClientAs) -> None:
    greta = client_as("greta")
    answer = uploaded(greta, downloaded(greta, "csv").replace(b"FIRST", b"UNIQUE"))
    assert answer.status_code == 422
    assert "both fit" in answer.text
    assert "Hit policy: FIRST becomes UNIQUE." in answer.text


def test_what_is_no_table_is_refused_in_a_sentence(client_as: ClientAs) -> None:
    greta = client_as("greta")
    assert "no row “Decision”" in uploaded(greta, b"a,b\r\n").text
    assert "is the table of “approval_limit”" in uploaded(greta, downloaded(greta, "csv"), "routing").text
    assert uploaded(greta, b"x", "nothing").status_code == 404
    assert greta.get("/design/complaint/1/tables/approval_limit.pdf").status_code == 404
    assert client_as("eva").post("/design/complaint/tables/routing").status_code == 403


def test_gaps_and_overlaps_stand_beside_the_rules(client_as: ClientAs) -> None:
    greta = client_as("greta")
    data = {"key": "tables", "files": [(io.BytesIO(GOOD["amounts"].written(GOOD["amounts"].rules[1:])), "t.dmn")]}
    page = greta.post("/design/upload", data=data, content_type="multipart/form-data").text
    assert "No rule fits: amount" in page
    greta.post("/design/deploy", data={name: hidden(page, name) for name in ("key", "mark", "base")})
    shown = greta.get("/design/tables?show=tables&table=d").text
    assert "No rule fits: amount" in shown
