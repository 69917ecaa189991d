"""Each row of law is chosen for the cases that it is about, gives the due that it says, and names its sources (R25)."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from engine.model.clock import ClockKind, ClockState
from engine.model.clock_rows import clock_from_plain, clock_to_plain
from engine.model.duration import CalendarDays, CalendarUnit, WorkingDays, parse_length
from engine.model.errors import Conflict, Invalid, NotFound
from engine.model.statutory import (
    Receipt,
    calendar_of,
    extended_due,
    rule_for,
    rule_named,
    rules_for,
    statutory_clock,
)
from engine.model.statutory_data import LapseEffect, Purpose, StatutoryRule, read_law, shipped_law

MARCH = date(2026, 3, 2)


def chosen(receipt: Receipt) -> StatutoryRule:
    rule = rule_for(receipt)
    assert rule is not None
    return rule


def due_day(receipt: Receipt) -> date:
    return statutory_clock(chosen(receipt), receipt).due.day


ROWS = [
    (Receipt(MARCH, "PL"), "pl_consumer", 2, date(2026, 3, 16), "accepted_by_law"),
    (Receipt(date(2022, 12, 31), "PL"), "pl_consumer", 1, date(2023, 1, 30), "accepted_by_law"),
    (
        Receipt(MARCH, "PL", subject="real_estate", remedy="repair"),
        "pl_civil_code",
        1,
        date(2026, 3, 16),
        "accepted_by_law",
    ),
    (Receipt(MARCH, "PL", "energy", "business", "settlement"), "pl_energy_settlement", 1, date(2026, 3, 16), ""),
    (
        Receipt(MARCH, "PL", "energy", subject="disconnection"),
        "pl_energy_disconnection",
        1,
        date(2026, 3, 16),
        "accepted_by_law",
    ),
    (Receipt(MARCH, "PL", "financial"), "pl_financial", 1, date(2026, 4, 1), "accepted_by_law"),
    (Receipt(MARCH, "PL", "payment"), "pl_payment", 1, date(2026, 3, 23), "accepted_by_law"),
    (Receipt(MARCH, "DE", "payment", "business"), "eu_payment", 1, date(2026, 3, 23), ""),
    (Receipt(MARCH, "GB", "financial"), "uk_financial", 1, date(2026, 4, 27), ""),
    (Receipt(MARCH, "UK", "payment"), "uk_payment", 1, date(2026, 3, 23), ""),
    (Receipt(MARCH, "US", "financial"), "us_cfpb", 1, date(2026, 3, 17), ""),
    (Receipt(MARCH, "ES"), "es_customer_service", 1, date(2026, 3, 23), ""),
    (Receipt(date(2025, 12, 27), "ES"), "es_consumer", 1, date(2026, 1, 27), ""),
]


@pytest.mark.parametrize(("receipt", "rule", "version", "due", "decision"), ROWS, ids=[f"{r[1]}-{r[2]}" for r in ROWS])
def test_each_row_is_chosen_and_gives_its_due(
    receipt: Receipt, rule: str, version: int, due: date, decision: str
) -> None:
    found = chosen(receipt)
    assert (found.id, found.version, found.lapse.decision) == (rule, version, decision)
    assert due_day(receipt) == due


def test_every_row_that_sets_an_answer_period_is_tested_above() -> None:
    answers = {(rule.id, rule.version) for rule in shipped_law().rules if rule.purpose is Purpose.ANSWER}
    assert answers == {(row[1], row[2]) for row in ROWS}


def test_every_row_names_its_sources_and_its_texts_in_english_and_polish() -> None:
    law = shipped_law()
    for texts in [*law.duties.values(), *(rule.title for rule in law.rules)]:
        assert set(texts) == {"en", "pl"}
    assert all(rule.sources for rule in law.rules)


@pytest.mark.parametrize(
    ("country", "sector", "purpose", "length"),
    [
        ("GB", "financial", Purpose.EARLY_RESOLUTION, WorkingDays(3)),
        ("US", "general", Purpose.DISPUTE_MECHANISM, CalendarDays(40)),
        ("IR", "automotive", Purpose.GUARANTEE, CalendarDays(1, CalendarUnit.YEAR)),
    ],
)
def test_rows_of_other_purposes_are_known_but_start_no_clock(
    country: str, sector: str, purpose: Purpose, length: object
) -> None:
    receipt = Receipt(MARCH, country, sector)
    (rule,) = rules_for(receipt, purpose)
    assert rule.length == length
    with pytest.raises(Conflict, match="sets no period for an answer"):
        statutory_clock(rule, receipt)


def test_the_iranian_guarantee_ends_by_time_or_usage() -> None:
    (rule,) = rules_for(Receipt(MARCH, "IR", "automotive"), Purpose.GUARANTEE)
    assert (rule.usage_limit, rule.duties) == ("30000 km", ("repair_statement",))


def test_the_rule_of_the_day_of_receipt_counts_not_that_of_registration() -> None:
    old = Receipt(date(2022, 12, 31), "PL")
    clock = statutory_clock(chosen(old), old, armed=datetime(2023, 1, 9, 9, tzinfo=UTC))
    assert (clock.basis.rule, clock.basis.rule_version, clock.due.day) == ("pl_consumer", 1, date(2023, 1, 30))
    assert clock.started == datetime(2022, 12, 30, 23, tzinfo=UTC)
    assert rule_for(Receipt(date(2017, 1, 9), "PL")) is None


def test_a_sectoral_rule_beats_the_general_one_and_a_country_beats_the_union() -> None:
    assert chosen(Receipt(MARCH, "PL", "financial")).id == "pl_financial"
    assert chosen(Receipt(MARCH, "PL", "payment")).jurisdiction == "PL"
    assert chosen(Receipt(MARCH, "ES", "payment")).id == "eu_payment"


@pytest.mark.parametrize(
    ("subject", "rule"),
    [
        ("They cut the power: complaint against disconnection", "pl_energy_disconnection"),
        ("Reklamacja wstrzymania dostaw energii", "pl_energy_disconnection"),
        ("Faktura za styczeń jest za wysoka", "pl_energy_settlement"),
        ("My bill doubled, now you threaten to disconnect me", "pl_energy_disconnection"),
        ("The fitter was rude", "pl_consumer"),
        ("energy disconnection: no light since Monday", "pl_energy_disconnection"),
        ("A billboard fell on my meter", "pl_consumer"),
    ],
)
def test_the_matter_is_found_in_the_subject_s_words(subject: str, rule: str) -> None:
    assert chosen(Receipt(MARCH, "PL", "energy", subject=subject)).id == rule


def test_where_no_row_fits_there_is_no_statutory_clock() -> None:
    assert rule_for(Receipt(MARCH, "DE")) is None
    assert rule_for(Receipt(MARCH, "PL", party="business")) is None
    assert rule_for(Receipt(MARCH, "XX", "payment")) is None
    assert rule_for(Receipt(MARCH, "PL", subject="real_estate")) == chosen(Receipt(MARCH, "PL"))


def test_an_end_on_a_day_off_moves_where_the_row_says_so() -> None:
    poland = Receipt(date(2026, 4, 17), "pl")
    clock = statutory_clock(chosen(poland), poland)
    assert (clock.due.day, clock.due.moved_from) == (date(2026, 5, 4), date(2026, 5, 1))
    america = Receipt(date(2026, 3, 6), "US", "financial")
    assert statutory_clock(chosen(america), america).due.day == date(2026, 3, 21)


def test_a_contract_may_say_otherwise_only_where_the_row_lets_it() -> None:
    settlement = Receipt(MARCH, "PL", "energy", subject="billing")
    general = Receipt(MARCH, "PL")
    week = parse_length("7 days")
    assert statutory_clock(chosen(settlement), settlement, contract_length=week).due.day == date(2026, 3, 9)
    assert statutory_clock(chosen(general), general, contract_length=week).due.day == date(2026, 3, 16)


def test_an_extension_has_its_own_due_and_its_own_contents() -> None:
    loan = Receipt(MARCH, "PL", "financial")
    due = extended_due(chosen(loan), loan)
    assert due is not None
    assert due.day == date(2026, 5, 4)
    assert due.moved_from == date(2026, 5, 1)
    assert chosen(loan).extension is not None
    assert extended_due(chosen(Receipt(MARCH, "PL")), Receipt(MARCH, "PL")) is None


def test_what_follows_a_lapse_is_data() -> None:
    effects = {rule.id: rule.lapse.effect for rule in shipped_law().rules}
    assert effects["pl_energy_settlement"] is LapseEffect.DISCOUNT
    assert effects["uk_financial"] is LapseEffect.OMBUDSMAN
    assert effects["us_cfpb"] is LapseEffect.PAST_DUE


def test_what_was_not_seen_in_a_text_is_marked() -> None:
    assert "lapse" in chosen(Receipt(MARCH, "PL", "financial")).unverified
    assert rule_named("us_magnuson_moss", 1).unverified >= {"length"}
    assert rule_named("us_cfpb", 1).unverified == frozenset()


def test_a_clock_names_its_row_and_reads_back_as_it_was_written() -> None:
    receipt = Receipt(MARCH, "PL", "energy", subject="disconnection")
    clock = clock_from_plain(clock_to_plain(statutory_clock(chosen(receipt), receipt)))
    assert (clock.kind, clock.state, clock.key) == (ClockKind.STATUTORY, ClockState.RUNNING, "statutory")
    assert rule_named(clock.basis.rule, clock.basis.rule_version).lapse.decision == "accepted_by_law"
    with pytest.raises(NotFound, match="“pl_consumer”, version 9"):
        rule_named("pl_consumer", 9)


def test_every_country_of_the_data_has_a_calendar() -> None:
    for country in shipped_law().places:
        assert calendar_of(country).country == country
    assert calendar_of("", "Europe/Warsaw").zone == "Europe/Warsaw"


@pytest.mark.parametrize(
    ("change", "fault"),
    [
        (("length = ", "lenght = "), "nobody knows lenght"),
        (('"14 days"', '"soon"'), "“soon” is not a length of time"),
        (('effect = "none"', 'effect = "fine"'), "is not a valid LapseEffect"),
        (('jurisdiction = "ES"', 'jurisdiction = "EX"'), "neither a country nor an area"),
        (("[[rule]]\nid", "[[rule]\nid"), "cannot be read"),
    ],
)
def test_a_wrong_row_is_refused_with_its_fault(change: tuple[str, str], fault: str) -> None:
    text = """
        [countries]
        ES = { zone = "Europe/Madrid" }
        [[rule]]\nid = "es"
        version = 1
        title = { en = "Law" }
        jurisdiction = "ES"
        length = "14 days"
        lapse = { decision = "", effect = "none" }
        sources = ["a text"]
    """
    assert len(read_law(text).rules) == 1
    with pytest.raises(Invalid, match=fault):
        read_law(text.replace(*change))
    with pytest.raises(Invalid, match="twice"):
        read_law(text + text.partition("ES = ")[2].partition("\n")[2])
