"""Designers try a table on sample inputs and see which rules fire and what is wrong beside the rules."""

from __future__ import annotations

from tests.web.conftest import ClientAs

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
