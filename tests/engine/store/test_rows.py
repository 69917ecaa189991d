"""Rows come back as they were kept, whatever their fields hold."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect

from engine.model.case import Case, CaseStage
from engine.model.errors import Conflict, Duplicate, NotFound
from engine.model.people import Notice, Setting
from engine.model.task import Task, TaskState
from engine.store import rows
from engine.store.connection import Database, Dialect
from engine.store.postgres import PostgresDatabase, postgres_engine
from engine.store.shapes import TABLE_OF, shape_of
from engine.store.sqlite import SqliteDatabase, sqlite_engine
from engine.store.tables import metadata
from engine.store.transaction import Store, Tx, savepoint
from tests.engine.conftest import MONDAY, add_case, add_person


def test_every_row_type_has_exactly_the_columns_of_its_table() -> None:
    for kind, table in TABLE_OF.items():
        assert set(shape_of(kind).names) == set(table.columns.keys()), kind


def test_the_migrations_make_exactly_the_tables(store: Store) -> None:
    with migrating_engine(store.database).connect() as connection:
        context = MigrationContext.configure(connection, opts={"include_name": is_ours})
        assert compare_metadata(context, metadata) == []


def test_the_migrations_make_partial_indexes_where_the_tables_want_them(tx: Tx) -> None:
    texts = {
        Dialect.SQLITE: "SELECT name, sql FROM sqlite_master WHERE type = 'index' AND sql IS NOT NULL",
        Dialect.POSTGRES: "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'",
    }
    made = dict(rows.fetch(tx, texts[tx.connection.dialect]))
    for index in (index for table in metadata.tables.values() for index in table.indexes):
        is_partial = index.dialect_options["postgresql"]["where"] is not None
        assert (" WHERE " in made[str(index.name)]) is is_partial, index.name


def test_the_migrations_make_the_keys_that_the_tables_have(store: Store) -> None:
    with migrating_engine(store.database).connect() as connection:
        looked = inspect(connection)
        made = {name: looked.get_pk_constraint(name)["constrained_columns"] for name in metadata.tables}
    assert made == {name: list(table.primary_key.columns.keys()) for name, table in metadata.tables.items()}


@pytest.mark.only_on("sqlite")
def test_the_migrations_keep_rows_by_their_key_where_the_tables_say_so(tx: Tx) -> None:
    made = dict(rows.fetch(tx, "SELECT name, wr FROM pragma_table_list WHERE schema = 'main'"))
    for name, table in metadata.tables.items():
        assert bool(made[name]) is not table.dialect_options["sqlite"]["with_rowid"], name


@pytest.mark.only_on("postgresql")  # SQLite compares bytes anyhow
def test_bytes_decide_the_order_of_every_text(tx: Tx) -> None:
    statement = (
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' "
        "AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'"
    )
    found = [f"{table}.{column}" for table, column in rows.fetch(tx, statement) if is_ours(table, "table", None)]
    assert found == []


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    return not (kind == "table" and (name or "").startswith(("case_words", "alembic_version", "procrastinate_")))


def migrating_engine(database: Database) -> Engine:
    """What Alembic sees of a test's database."""
    if isinstance(database, PostgresDatabase):
        return postgres_engine(database.url)
    assert isinstance(database, SqliteDatabase)
    return sqlite_engine(database.path)


def test_a_case_comes_back_with_days_money_and_facts(tx: Tx) -> None:
    case = Case(
        id=tx.new_id(),
        number="C-1",
        received_on=date(2026, 2, 27),
        disputed_amount=Decimal("149.90"),
        facts={"purchased_on": date(2025, 12, 24), "price": Decimal("1.10"), "lines": [1, {"$x": None}]},
        is_demo=True,
        opened_at=tx.now,
    )
    rows.insert(tx, case)
    assert rows.get(tx, Case, case.id) == case


def test_a_missing_row_is_said_to_be_missing(tx: Tx) -> None:
    assert rows.maybe(tx, Case, "none") is None
    with pytest.raises(NotFound, match="There is no Case"):
        rows.get(tx, Case, "none")
    with pytest.raises(NotFound):
        rows.update(tx, Case, "none", subject="x")


def test_rows_are_found_by_values_lists_and_absence(tx: Tx) -> None:
    cases = [add_case(tx, f"C-{number}") for number in range(4)]
    rows.update(tx, Case, cases[1].id, stage=CaseStage.ASSESSED, reference="R1", received_on=date(2026, 1, 1))
    assert [c.number for c in rows.find(tx, Case, number=["C-3", "C-0"], order_by="number DESC")] == ["C-3", "C-0"]
    assert [c.number for c in rows.find(tx, Case, reference=None, order_by="number", limit=2)] == ["C-0", "C-2"]
    assert rows.count(tx, Case, received_on=None) == 3
    assert rows.find(tx, Case, number=[]) == []
    assert [c.number for c in rows.select(tx, Case, "stage = :stage", {"stage": CaseStage.ASSESSED})] == ["C-1"]


def test_order_and_fields_that_no_table_has_are_refused(tx: Tx) -> None:
    with pytest.raises(TypeError):
        rows.find(tx, Case, order_by="number; DROP TABLE case_file")
    with pytest.raises(TypeError):
        rows.find(tx, Case, nothing=1)


def test_a_taken_key_and_a_dangling_reference_are_conflicts(tx: Tx) -> None:
    case = add_case(tx)
    with pytest.raises(Duplicate, match=r"case_file.number"), savepoint(tx):
        add_case(tx, case.number)
    with pytest.raises(Conflict), savepoint(tx):
        rows.insert(tx, Notice(id=tx.new_id(), person_id="nobody", kind="told", created_at=tx.now))


def test_the_same_rows_are_inserted_together_or_one_by_one(tx: Tx) -> None:
    anna, case = add_person(tx, "anna"), add_case(tx)
    notices = [
        Notice(id=tx.new_id(), person_id=anna.id, case_id=case.id, kind="told", params={"n": n}, created_at=tx.now)
        for n in range(3)
    ]
    rows.insert_many(tx, notices)
    assert rows.find(tx, Notice, person_id=anna.id, order_by="id") == notices
    assert rows.delete(tx, Notice, case_id=case.id, kind="told") == 3


def test_rows_by_the_hundred_keep_their_order_and_the_last_of_them_is_not_forgotten(tx: Tx) -> None:
    many = [("kettles", f"of {number}", number) for number in range(1, 128)]
    tx.connection.executemany("INSERT INTO counter_delta (name, key, delta) VALUES (?, ?, ?)", many)
    assert tx.connection.rows("SELECT name, key, delta FROM counter_delta WHERE name = 'kettles' ORDER BY id") == many


def test_one_taken_key_among_a_hundred_is_a_conflict(tx: Tx) -> None:
    settings = [Setting(key=f"kettle {number}", value="on") for number in range(99)]
    with pytest.raises(Conflict), savepoint(tx):
        rows.insert_many(tx, [*settings, Setting(key="kettle 7", value="off"), Setting(key="kettle", value="on")])
    assert rows.find(tx, Setting, key="kettle 7") == []


def test_a_task_knows_whether_it_is_open() -> None:
    assert TaskState.READY in {state for state in TaskState if _task(state).is_open}
    assert not _task(TaskState.COMPLETED).is_open


def _task(state: TaskState) -> Task:
    return Task(
        id="t",
        case_id="c",
        instance_id="i",
        wait_id="1",
        element_id="work",
        state=state,
        created_at=MONDAY + timedelta(1),
    )


def test_a_row_whose_key_is_taken_is_left_as_it_is(tx: Tx) -> None:
    anna = add_person(tx, "anna")
    for kind in ("escalation_80", "escalation_100"):
        row = Notice(
            id=tx.new_id(), person_id=anna.id, case_id=None, task_id=None, kind=kind, params={}, created_at=tx.now,
            read_at=None, dedupe_key="once",
        )  # fmt: skip
        rows.insert_unless_there(tx, row)
    assert [notice.kind for notice in rows.find(tx, Notice, person_id=anna.id)] == ["escalation_80"]
