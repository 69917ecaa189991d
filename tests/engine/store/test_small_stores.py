"""Counters, numbers, search, settings, deployments and messages keep what they are told."""

from __future__ import annotations

from datetime import timedelta

import pytest

from engine.model.case import Case
from engine.model.errors import NotFound
from engine.model.people import SYSTEM
from engine.model.running import Instance, KeptMessage, Subscription, SubscriptionState
from engine.store import counters, deployments, numbers, rows, search, settings, subscriptions
from engine.store.connection import Dialect
from engine.store.transaction import Store, Tx
from tests.engine.conftest import add_case, undone


def test_counts_are_the_same_before_and_after_folding(tx: Tx) -> None:
    counters.add(tx, "tasks_by_queue", "front_office", 2)
    counters.add(tx, "tasks_by_queue", "fraud", 1)
    counters.add(tx, "tasks_by_queue", "front_office", -1)
    before = counters.values(tx, "tasks_by_queue")
    assert counters.fold(tx) == 2  # one change a key, however often it was counted in one transaction
    assert counters.fold(tx) == 0
    counters.add(tx, "tasks_by_queue", "fraud", -1)
    assert before == {"front_office": 1, "fraud": 1}
    assert counters.values(tx, "tasks_by_queue") == {"front_office": 1}
    assert counters.value(tx, "tasks_by_queue", "fraud") == 0


def test_a_number_that_was_not_used_is_given_again(store: Store) -> None:
    with store.begin(SYSTEM) as tx:
        assert numbers.next_number(tx, "C-2026") == 1
    with undone(store.begin(SYSTEM)) as tx:
        assert numbers.next_number(tx, "C-2026") == 2
    with store.begin(SYSTEM) as tx:
        assert (numbers.next_number(tx, "C-2026"), numbers.next_number(tx, "C-2027")) == (2, 1)


@pytest.mark.parametrize("index", [True, False])
def test_a_case_is_found_by_beginnings_of_its_words(tx: Tx, index: bool) -> None:
    kettle, roof = add_case(tx, "C-1"), add_case(tx, "C-2")
    search.put(tx, kettle.id, "C-1 Müller kettle leaks")
    search.put(tx, roof.id, "C-2 Kowalski roof hail")
    search.put(tx, roof.id, "C-2 Nowak roof storm 100%")
    if not index and tx.connection.dialect is Dialect.SQLITE:
        for trigger in ("added", "removed", "changed"):
            tx.connection.execute(f"DROP TRIGGER case_search_{trigger}")
        tx.connection.execute("DROP TABLE case_words")
    assert search.matching(tx, "ket leak") == [kettle.id]
    assert search.matching(tx, "nowak") == [roof.id]
    assert search.matching(tx, "hail") == []
    assert search.matching(tx, 'c " XOR * -') == []
    assert search.matching(tx, "...") == []
    search.drop(tx, roof.id)
    assert search.matching(tx, "roof") == []


def test_the_newest_cases_with_a_common_word_are_found_without_the_others(tx: Tx) -> None:
    for number in range(6):
        search.put(tx, add_case(tx, f"C-{number}").id, f"C-{number} leaks")
    beginning = search.matching(tx, "leak", limit=3)
    assert search.matching(tx, "leaks", limit=3) == beginning
    assert [rows.get(tx, Case, found).number for found in beginning] == ["C-5", "C-4", "C-3"]


@pytest.mark.parametrize(
    "text", ["leak", "lea", "l", "leak ket", "kettle l", "müll", "C-20", "pool_le", "leaks kettle"]
)
@pytest.mark.parametrize("limit", [5, 30, 300])
def test_the_newest_with_a_beginning_are_the_same_however_many_have_it(tx: Tx, text: str, limit: int) -> None:
    kinds = ("leaks, a kettle", "LEAKY kettle of Müller", "foreleak kettle", "pool_leak kettle", "lead ketchup Mueller")
    cases: list[tuple[str, set[str]]] = []
    for number in range(120):
        content = f"C-{number} {kinds[0 if number > 60 else number % len(kinds)]}"
        case = add_case(tx, f"C-{number}")
        search.put(tx, case.id, content)
        cases.append((case.id, set(search.folded(content))))
    wanted = search.folded(text)
    having = [case for case, words in cases if all(any(word.startswith(each) for word in words) for each in wanted)]
    assert having
    assert search.matching(tx, text, limit=limit) == having[::-1][:limit]


def test_accents_do_not_matter_to_the_index(tx: Tx) -> None:
    case = add_case(tx)
    search.put(tx, case.id, "Müller")
    assert search.matching(tx, "muller") == [case.id]


def test_the_house_has_a_name_once_it_is_chosen(tx: Tx) -> None:
    assert settings.setting(tx, "demo", "no") == "no"
    settings.put_setting(tx, "company.name", "Kettles Ltd")
    settings.put_setting(tx, "company.name", "Kettles & Co")
    assert settings.company(tx)["name"] == "Kettles & Co"
    assert settings.company(tx)["zone"] == "UTC"


def test_the_same_files_are_the_same_deployment(tx: Tx) -> None:
    first, is_new = deployments.keep(tx, "complaint", {"a.bpmn": b"1"}, process_ids=["complaint"])
    again, is_new_again = deployments.keep(tx, "complaint", {"a.bpmn": b"1"}, process_ids=["complaint"])
    second, _ = deployments.keep(tx, "complaint", {"a.bpmn": b"2"}, process_ids=["complaint"])
    assert (is_new, is_new_again, again.id) == (True, False, first.id)
    assert (second.version, tx.catalog.newest("complaint").version) == (2, 2)
    assert tx.catalog.by_id(first.id).files == {"a.bpmn": b"1"}
    assert tx.catalog.version("complaint", 1).id == first.id
    assert tx.catalog.of_process("complaint").id == second.id
    assert [found.id for found in tx.catalog.all_newest()] == [second.id]
    with pytest.raises(NotFound, match="deployed under"):
        tx.catalog.newest("warranty")


def wait_for(tx: Tx, number: str, correlation: dict[str, object] | None) -> Subscription:
    case = add_case(tx, number)
    deployed, _ = deployments.keep(tx, "p", {"p.bpmn": b""}, process_ids=["p"])
    instance = Instance(id=tx.new_id(), case_id=case.id, deployment_id=deployed.id, process_id="p", started_at=tx.now)
    rows.insert(tx, instance)
    row = Subscription(
        id=tx.new_id(),
        case_id=case.id,
        instance_id=instance.id,
        wait_id="1",
        element_id="wait",
        name="paid",
        correlation=correlation,
    )
    rows.insert(tx, row)
    return row


def test_a_message_finds_those_with_equal_keys(tx: Tx) -> None:
    by_order, by_case = wait_for(tx, "C-1", {"order": 7}), wait_for(tx, "C-2", None)
    assert subscriptions.matching(tx, "paid", {"order": 7}) == [by_order]
    assert subscriptions.matching(tx, "paid", {"order": 8}) == []
    assert subscriptions.matching(tx, "paid", None) == [by_case]
    assert subscriptions.matching(tx, "paid", None, by_order.case_id) == [by_order]
    assert subscriptions.matching(tx, "paid", {"order": 8}, by_order.case_id) == []
    rows.update(tx, Subscription, by_order.id, state=SubscriptionState.CLOSED)
    assert subscriptions.matching(tx, "paid", {"order": 7}) == []


def test_a_kept_message_is_kept_once_and_not_for_ever(tx: Tx) -> None:
    kept = subscriptions.keep_message(tx, "paid", {"sum": 1}, correlation=None, message_id="m-1")
    again = subscriptions.keep_message(tx, "paid", {"sum": 1}, correlation=None, message_id="m-1")
    assert (kept is None, again) == (False, None)
    assert subscriptions.expire_kept(tx) == 0
    found = rows.find(tx, KeptMessage)[0]
    rows.update(tx, KeptMessage, found.id, expires_at=tx.now - timedelta(seconds=1))
    assert subscriptions.expire_kept(tx) == 1
