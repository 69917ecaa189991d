"""Promise 8: nobody gets round a role, an approval level or an exclusion by way of a colleague, an absence or another route."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from engine.actions.claim_task import claim_task
from engine.actions.deliver_message import deliver_message
from engine.actions.press_action import press_action
from engine.actions.reassign_task import delegate_task, reassign_task
from engine.actions.set_absence import Away, set_absence
from engine.model.decision import SpecialMode
from engine.model.errors import Conflict, Forbidden, Invalid, MakegoodError
from engine.store.transaction import Tx
from tests.promises.conftest import House


def this_week(substitute: str) -> Away:
    return Away(first_day=date(2026, 3, 2), last_day=date(2026, 3, 6), substitute=substitute)


def test_a_directors_task_is_not_given_to_somebody_below(house: House) -> None:
    case = house.triaged()
    house.ask_special_mode("anna", case, 9_000)
    task = house.task(case, "decide_special_mode")
    assert task.role == "director"
    for given in ("ben", "eva"):
        with pytest.raises(Conflict), house.store.begin(house.person("filip")) as tx:
            reassign_task(tx, task.id, to=given, reason="You know the customer")
    with house.store.begin(house.person("eva")) as tx:
        assert reassign_task(tx, task.id, to="stefan", reason="You know the customer").owner_id
    assert house.broken() == []


def test_the_second_person_stays_a_lead_whoever_moves_the_task(house: House) -> None:
    case = house.triaged()
    house.do("ben", case, "work", findings="Misuse.")
    house.do("ben", case, "decide", "reject", reasons="It was used in a laundry.")
    task = house.task(case, "second_person")
    with pytest.raises(Conflict), house.store.begin(house.person("david")) as tx:
        reassign_task(tx, task.id, to="iga", reason="Please look at it")


def test_work_goes_to_a_colleague_of_another_queue_when_the_lead_says_so(house: House) -> None:
    task = house.task(house.triaged(), "work")
    with house.store.begin(house.person("david")) as tx:
        assert reassign_task(tx, task.id, to="maja", reason="Our hands are full").owner_id


def test_nobody_names_themselves_as_the_substitute_of_somebody_else(house: House) -> None:
    for actor, absent in (("clara", "filip"), ("eva", "filip"), ("henry", "filip")):
        with pytest.raises(MakegoodError), house.store.begin(house.person(actor)) as tx:
            set_absence(tx, absent, this_week(actor))


def test_a_lead_does_not_put_anybody_in_a_managers_place(house: House) -> None:
    with pytest.raises(Forbidden), house.store.begin(house.person("clara")) as tx:
        set_absence(tx, "filip", this_week("anna"))
    with house.store.begin(house.person("clara")) as tx:
        assert set_absence(tx, "jan", Away(first_day=date(2026, 5, 4), last_day=date(2026, 5, 8), substitute="anna")).id


def test_who_decides_meanwhile_is_excluded_from_the_special_mode_that_waits(house: House) -> None:
    case = house.triaged()
    house.ask_special_mode("anna", case)
    house.give("eva", house.task(case, "work"), to="eva")
    house.do("eva", case, "work", findings="Worn.")
    house.give("eva", house.task(case, "decide"), to="eva")
    house.do("eva", case, "decide", "partly", reasons="Half of it.", amount="10")
    with pytest.raises(Forbidden):
        house.claim("eva", house.task(case, "decide_special_mode"))
    assert house.broken() == []


def test_who_holds_the_special_mode_and_then_decides_loses_it(house: House) -> None:
    case = house.triaged()
    house.ask_special_mode("anna", case)
    house.claim("eva", house.task(case, "decide_special_mode"))
    house.do("ben", case, "work", findings="Worn.")
    house.give("eva", house.task(case, "decide"), to="eva")
    house.do("eva", case, "decide", "partly", reasons="Half of it.", amount="10")
    with pytest.raises(Forbidden):
        house.do("eva", case, "decide_special_mode", "approve", approved_amount="800", decision_reason="Yes.")
    assert house.task(case, "decide_special_mode").owner_id is None
    assert house.broken() == []


def test_nobody_approves_more_than_their_level_allows(house: House) -> None:
    case = house.triaged()
    house.ask_special_mode("anna", case, 800)
    with pytest.raises(MakegoodError) as refusal:
        house.do("eva", case, "decide_special_mode", "approve", approved_amount="900000", decision_reason="Yes.")
    assert isinstance(refusal.value, Forbidden | Invalid)
    house.do("eva", case, "decide_special_mode", "approve", approved_amount="2000", decision_reason="Yes.")
    assert [mode.amount for mode in house.all(SpecialMode)] == [Decimal(2000)]


def test_the_asker_gets_it_by_no_route(house: House) -> None:
    case = house.triaged()
    house.ask_special_mode("filip", case, 9_000)
    task = house.task(case, "decide_special_mode")
    routes: tuple[Callable[[Tx], object], ...] = (
        lambda tx: claim_task(tx, task.id),
        lambda tx: reassign_task(tx, task.id, to="filip", reason="Quicker"),
        lambda tx: delegate_task(tx, task.id, to="filip"),
    )
    for act in routes:
        with pytest.raises(MakegoodError), house.store.begin(house.person("filip")) as tx:
            act(tx)
    with house.store.begin(house.person("stefan")) as tx:
        set_absence(tx, "stefan", this_week("filip"))
    with pytest.raises(Forbidden):
        house.claim("filip", house.task(case, "decide_special_mode"))


def test_a_button_of_a_task_is_not_pressed_from_outside(house: House) -> None:
    case = house.triaged()
    with pytest.raises(Forbidden), house.store.begin(house.person("karin")) as tx:
        deliver_message(tx, "ask_expert", correlation={"case": case.number}, payload={})
    assert [task.element_id for task in house.open_tasks(case)] == ["work"]
    assert house.broken() == []


def test_a_message_does_not_change_what_was_decided(house: House) -> None:
    case = house.triaged()
    work = house.claim("ben", house.task(case, "work"))
    with house.store.begin(house.person("ben")) as tx:
        press_action(tx, work.id, element="ask_customer", payload={})
    house.do("ben", case, "write_question", question_text="How many washes a week?")
    house.do("ben", case, "work", findings="Worn.")
    house.do("ben", case, "decide", "reject", reasons="Misuse.")
    for name in ("amount", "outcome", "second_person", "reasons", "queue", "special_mode"):
        with pytest.raises(Invalid), house.store.begin(house.person("karin")) as tx:
            deliver_message(tx, "customer_replied", correlation={"case": case.number}, payload={name: "90000"})
    with house.store.begin(house.person("karin")) as tx:
        assert (
            deliver_message(tx, "customer_replied", correlation={"case": case.number}, payload={"text": "Three"}) == 1
        )
    house.settle()
    assert house.broken() == []
