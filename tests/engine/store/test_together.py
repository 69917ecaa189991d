"""What jobs that run together look up in their cases is read for all of them at once, and is what each would find alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.model.case import Case, ClockRow
from engine.model.errors import BpmnError, Conflict
from engine.model.people import SYSTEM
from engine.store import audit, rows
from engine.store.ahead import find_of_case, hold_cases, is_held_unread
from engine.store.together import NotTogether
from engine.store.transaction import Store, Tx, as_one_step, savepoint, tried
from tests.engine.conftest import add_case, undone

CASES, KEYS = 3, ("contract", "statutory")
RUNNING: dict[str, Any] = {"state": "running"}


def clock(tx: Tx, case_id: str, key: str) -> ClockRow:
    """A clock that is not kept yet; its id tells whose it is."""
    return ClockRow(id=f"{key}-{case_id}", case_id=case_id, key=key, started_at=tx.now)


def there(tx: Tx, case_id: str, key: str) -> bool:
    return rows.maybe(tx, ClockRow, f"{key}-{case_id}") is not None


def start(tx: Tx, case_id: str, key: str) -> None:
    rows.insert_unless_there(tx, clock(tx, case_id, key))


def stop(tx: Tx, case_id: str, key: str) -> None:
    if there(tx, case_id, key):
        rows.update(tx, ClockRow, f"{key}-{case_id}", state="stopped")


def stop_unseen(tx: Tx, case_id: str, key: str) -> None:
    rows.update_where(tx, ClockRow, {"state": "stopped"}, id=f"{key}-{case_id}")


def resume_all(tx: Tx, case_id: str, _key: str) -> None:
    rows.change_where(tx, ClockRow, RUNNING, case_id=case_id)


def drop(tx: Tx, case_id: str, key: str) -> None:
    rows.remove(tx, ClockRow, f"{key}-{case_id}")


def drop_all(tx: Tx, case_id: str, key: str) -> None:
    rows.delete(tx, ClockRow, case_id=case_id, key=key)


def look(tx: Tx, case_id: str, _key: str) -> None:
    found = find_of_case(tx, ClockRow, case_id, **RUNNING)
    assert sorted(found, key=str) == sorted(rows.find(tx, ClockRow, case_id=case_id, **RUNNING), key=str)


def add(tx: Tx, case_id: str, key: str) -> None:
    if not there(tx, case_id, key):
        rows.insert(tx, clock(tx, case_id, key))


def add_many(tx: Tx, case_id: str, _key: str) -> None:
    rows.insert_many(tx, [clock(tx, case_id, key) for key in KEYS if not there(tx, case_id, key)])


CHANGES: list[Callable[[Tx, str, str], None]] = [add, add_many, start, stop, stop_unseen, resume_all, drop, drop_all]


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])  # each one is undone
@given(
    st.lists(
        st.tuples(st.sampled_from(CHANGES) | st.just(look), st.integers(0, CASES - 1), st.sampled_from(KEYS)),
        max_size=25,
    )
)
def test_whatever_is_written_a_list_is_what_a_query_finds(store: Store, steps: list[Any]) -> None:
    with undone(store.begin(SYSTEM)) as tx, as_one_step(tx):
        cases = [add_case(tx, f"C-{place}").id for place in range(CASES)]
        hold_cases(tx, cases)
        for step, place, key in steps:
            look(tx, cases[0], key)
            step(tx, cases[place], key)
        for case_id in cases:
            look(tx, case_id, "")


def test_the_first_look_reads_for_all_cases(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with store.begin(SYSTEM) as tx, as_one_step(tx):
        cases = [add_case(tx, f"C-{place}").id for place in range(CASES)]
        rows.insert_many(tx, [clock(tx, case_id, "contract") for case_id in cases])
        hold_cases(tx, cases)
        assert len(find_of_case(tx, ClockRow, cases[0], **RUNNING)) == 1
        monkeypatch.setattr(type(tx.connection), "rows", None)  # nobody asks the database any more
        assert [len(find_of_case(tx, ClockRow, case_id, **RUNNING)) for case_id in cases] == [1, 1, 1]


def refused_step(tx: Tx, refusal: Exception) -> None:
    with as_one_step(tx):
        add_case(tx, "C-1")
        with tried(tx):
            raise refusal


@pytest.mark.parametrize("refusal", [BpmnError("limit"), Conflict("task_over", "It is over.")])
def test_a_refusal_inside_one_step_undoes_all_of_it(store: Store, refusal: Exception) -> None:
    with store.begin(SYSTEM) as tx:
        with pytest.raises(NotTogether):
            refused_step(tx, refusal)
        assert tx.connection.rows("SELECT id FROM case_file") == []
        add_case(tx, "C-2")
        with pytest.raises(type(refusal)), savepoint(tx), tried(tx):
            raise refusal
        assert len(tx.connection.rows("SELECT id FROM case_file")) == 1


def test_of_held_cases_only_the_ends_of_their_trails_are_read_until_somebody_looks_at_one(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    with store.begin(SYSTEM) as tx:
        cases = [add_case(tx, f"C-{place}").id for place in range(CASES)]
        for case_id in cases:
            audit.append(tx, case_id, "registered", {})
    with store.begin(SYSTEM) as tx, as_one_step(tx):
        tx.forget()
        hold_cases(tx, cases)
        audit.append(tx, cases[0], "timer_fired", {})
        rows.update(tx, Case, cases[1], subject="It leaks")
        assert all(is_held_unread(tx, case_id) for case_id in cases)
        assert rows.get(tx, Case, cases[0], lock=True).audit_sequence == 2
        monkeypatch.setattr(type(tx.connection), "rows", None)  # nobody asks the database any more
        assert [rows.get(tx, Case, case_id).subject for case_id in cases[1:]] == ["It leaks", "A kettle that leaks"]


def test_trails_hold_whether_the_case_was_looked_at_or_not(store: Store) -> None:
    with store.begin(SYSTEM) as tx:
        cases = [add_case(tx, f"C-{place}").id for place in range(CASES)]
    for looked_at in cases:
        with store.begin(SYSTEM) as tx, as_one_step(tx):
            hold_cases(tx, cases)
            for case_id in [*cases, *reversed(cases)]:
                audit.append(tx, case_id, "timer_fired", {})
                if case_id == looked_at:
                    assert rows.get(tx, Case, case_id).audit_sequence
    with store.read(SYSTEM) as tx:
        assert audit.verify(tx) == []
        assert [rows.get(tx, Case, case_id).audit_sequence for case_id in cases] == [2 * CASES] * CASES


def test_what_was_read_in_part_is_no_known_row_of_the_next_transaction(store: Store) -> None:
    with store.begin(SYSTEM) as tx:
        case_id = add_case(tx, "C-1").id
    with store.begin(SYSTEM) as tx:
        tx.forget()
        hold_cases(tx, [case_id])
        audit.append(tx, case_id, "timer_fired", {})
    with store.begin(SYSTEM) as tx:
        assert not is_held_unread(tx, case_id)
        assert rows.get(tx, Case, case_id).audit_sequence == 1
