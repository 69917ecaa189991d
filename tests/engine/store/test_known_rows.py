"""What a writer knows of its earlier transactions is exactly what it would read."""

from __future__ import annotations

import sqlite3
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.model.case import Case, CaseStage
from engine.model.people import SYSTEM
from engine.model.task import Task, TaskState
from engine.store import rows
from engine.store.known_rows import KINDS
from engine.store.shapes import shape_of
from engine.store.sqlite import SqliteDatabase
from engine.store.transaction import Store, savepoint
from tests.engine.conftest import MONDAY, add_case, undone

ZONES = st.sampled_from([UTC, timezone(timedelta(hours=2))])
AT = st.builds(
    lambda minutes, zone: (MONDAY + timedelta(minutes=minutes)).astimezone(zone), st.integers(0, 10**7), ZONES
)
LISTS = st.lists(st.sampled_from(["anna", "ben"])) | st.lists(st.sampled_from(["anna", "ben"])).map(tuple)


@pytest.fixture
def case_id(store: Store) -> str:
    with store.begin(SYSTEM) as tx:
        return add_case(tx).id


def subject_of(store: Store, case_id: str) -> str:
    with store.begin(SYSTEM) as tx:
        return rows.get(tx, Case, case_id).subject


@pytest.mark.only_on("sqlite")
def test_a_row_is_not_read_again_by_the_next_writer(store: Store, case_id: str) -> None:
    with store.begin(SYSTEM) as tx:
        assert rows.known(tx, Case, case_id) is not None


@pytest.mark.only_on("postgresql")
def test_nothing_is_known_where_writers_work_side_by_side(store: Store, case_id: str) -> None:
    with store.begin(SYSTEM) as tx:
        assert rows.known(tx, Case, case_id) is None


@pytest.mark.only_on("sqlite")
def test_what_another_program_writes_is_seen_at_once(store: Store, case_id: str) -> None:
    assert isinstance(store.database, SqliteDatabase)
    other = sqlite3.connect(store.database.path, isolation_level=None)
    for subject in ("A torn cable", "A torn hose"):
        subject_of(store, case_id)
        other.execute("UPDATE case_file SET subject = ?", (subject,))
        assert subject_of(store, case_id) == subject
    other.close()


def test_what_was_undone_is_not_known(store: Store, case_id: str) -> None:
    before = subject_of(store, case_id)
    with undone(store.begin(SYSTEM)) as tx:
        rows.update(tx, Case, case_id, subject="Never kept")
    assert subject_of(store, case_id) == before


def test_an_undone_savepoint_leaves_what_was_changed_before_it(store: Store, case_id: str) -> None:
    with store.begin(SYSTEM) as tx:
        rows.update(tx, Case, case_id, subject="Kept")
        with undone(savepoint(tx)):
            rows.update(tx, Case, case_id, subject="Never kept")
        assert rows.get(tx, Case, case_id).subject == "Kept"
    assert subject_of(store, case_id) == "Kept"


def test_changes_of_many_rows_and_removals_are_seen(store: Store, case_id: str) -> None:
    with store.begin(SYSTEM) as tx:
        rows.change_where(tx, Case, {"subject": "All of them"}, id=case_id)
    assert subject_of(store, case_id) == "All of them"
    with store.begin(SYSTEM) as tx:
        rows.delete(tx, Case, id=case_id)
    with store.begin(SYSTEM) as tx:
        assert rows.maybe(tx, Case, case_id) is None


def test_a_row_that_was_just_kept_has_the_types_of_one_that_is_read(store: Store, case_id: str) -> None:
    with store.begin(SYSTEM) as tx:
        rows.update(tx, Case, case_id, stage="closed", facts={"amount": [1, 2]})
        assert rows.get(tx, Case, case_id).stage is CaseStage.CLOSED


@given(
    state=st.sampled_from([*TaskState, "ready", "closed"]).filter(lambda state: state in set(TaskState)),
    lists=LISTS,
    draft=st.none() | st.dictionaries(st.text("ab$", min_size=1), st.integers() | LISTS | st.decimals(allow_nan=False)),
    at=AT,
    due=st.none() | AT,
)
def test_a_row_as_kept_equals_the_row_as_read(
    state: Any, lists: Any, draft: dict[str, object] | None, at: datetime, due: datetime | None
) -> None:
    shape = shape_of(Task)
    task = Task(
        id="t", case_id="c", instance_id="i", wait_id="w", element_id="e", state=state, candidates=lists,
        outcomes=lists, draft=draft, created_at=at, due_at=due,
    )  # fmt: skip
    kept, read = shape.as_read(task), shape.decode(shape.encode(task))
    assert kept == read
    assert [type(getattr(kept, name)) for name in shape.names] == [type(getattr(read, name)) for name in shape.names]


def test_every_kind_that_is_known_tells_its_lists_and_states_apart() -> None:
    for kind in KINDS:
        shape: Any = shape_of(kind)
        assert {name for name, codec in shape.codecs.items() if codec.read and not codec.as_read} <= {
            "is_demo", "disputed_amount", "received_on", "posted_on",
        }  # fmt: skip


def test_times_are_known_to_the_microsecond(store: Store, case_id: str) -> None:
    moment = MONDAY.replace(microsecond=123_457)
    with store.begin(SYSTEM) as tx:
        rows.update(tx, Case, case_id, closed_at=moment.astimezone(timezone(timedelta(hours=5))))
    with store.begin(SYSTEM) as tx:
        found = rows.get(tx, Case, case_id).closed_at
    assert found is not None
    assert (found, found.tzinfo) == (moment, UTC)


def test_a_row_that_was_changed_twice_has_both_changes(store: Store, case_id: str) -> None:
    with store.begin(SYSTEM) as tx:
        rows.update(tx, Case, case_id, subject="A kettle that leaks", priority=1)
        rows.update(tx, Case, case_id, priority=2)
        assert (rows.get(tx, Case, case_id).subject, rows.get(tx, Case, case_id).priority) == ("A kettle that leaks", 2)
    with store.begin(SYSTEM) as tx:
        rows.update(tx, Case, case_id, subject="A kettle that whistles")
    with store.read(SYSTEM) as tx:
        assert (rows.get(tx, Case, case_id).subject, rows.get(tx, Case, case_id).priority) == (
            "A kettle that whistles",
            2,
        )
