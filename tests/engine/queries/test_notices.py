"""The badge counts what a person has not read, and looks at nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from engine.actions.read_notices import read_notices
from engine.model.people import SYSTEM, Notice, Person
from engine.queries.notices import unread
from engine.store import people, rows
from engine.store.sqlite import SqliteConnection
from engine.store.transaction import Store, Tx
from tests.engine.conftest import add_person


def tell(tx: Tx, person: Person, count: int) -> None:
    rows.insert_many(
        tx, [Notice(id=tx.new_id(), person_id=person.id, kind="escalation_80", created_at=tx.now) for _ in range(count)]
    )


def test_only_ones_own_unread_notices_are_counted(store: Store) -> None:
    with store.begin(SYSTEM) as tx:
        anna, ben = add_person(tx, "anna"), add_person(tx, "ben")
        tell(tx, anna, 3)
        tell(tx, ben, 2)
        actor = people.actor_of(tx, anna.id)
    with store.begin(actor) as tx:
        assert unread(tx) == 3
        assert read_notices(tx) == 3
        assert (unread(tx), unread(replace(tx, actor=SYSTEM))) == (0, 0)


@pytest.mark.only_on("sqlite")  # its plans do not depend on how much there is
def test_the_badge_reads_an_index_of_what_is_unread(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, Sequence[object]]] = []
    read = SqliteConnection.row

    def watched(self: SqliteConnection, statement: str, params: Sequence[object] = ()) -> object:
        asked.append((statement, params))
        return read(self, statement, params)

    with store.begin(SYSTEM) as tx:
        actor = people.actor_of(tx, add_person(tx, "anna").id)
    with store.read(actor) as tx:
        monkeypatch.setattr(SqliteConnection, "row", watched)
        assert unread(tx) == 0
        statement, params = asked[-1]
        plan = tx.connection.rows(f"EXPLAIN QUERY PLAN {statement}", params)
    assert [step[3] for step in plan] == ["SEARCH notice USING INDEX ix_notice_unread (person_id=?)"]
