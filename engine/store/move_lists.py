"""What operations page through: instances of a version, cases of a move with what became of each, and the moves themselves."""

from __future__ import annotations

from engine.model.lists import Listed, Place, listed
from engine.model.operations import Migration, MovedInstance, StartTimer
from engine.model.running import Instance, TimerState
from engine.model.zones import to_microseconds
from engine.store import rows
from engine.store.transaction import Tx

_COUNTS = "SELECT state, count(*) FROM moved_instance WHERE migration_id = :id GROUP BY state"


def instances(tx: Tx, deployment_id: str, place: Place | None, size: int) -> Listed[Instance]:
    """One page of the live instances of a version, the oldest first."""
    back = place is not None and place.back
    direction = "DESC" if back else "ASC"
    params: dict[str, object] = {"deployment": deployment_id, "size": size + 1}
    after = ""
    if place is not None:
        after = f"AND (started_at, id) {'<' if back else '>'} (:key, :id) "
        params |= {"key": place.key, "id": place.id}
    condition = (
        f"deployment_id = :deployment AND status IN ('running','suspended') {after}"
        f"ORDER BY started_at {direction}, id {direction} LIMIT :size"
    )
    found = rows.select(tx, Instance, condition, params)
    return listed([(each, to_microseconds(each.started_at), each.id) for each in found], place, size)


def moved(tx: Tx, migration_id: str, state: str, place: Place | None, size: int) -> Listed[MovedInstance]:
    """One page of the cases of a move, in one state or in any, in the order in which they were taken."""
    back = place is not None and place.back
    params: dict[str, object] = {"migration": migration_id, "size": size + 1, "state": state}
    chosen = "AND state = :state " if state else ""
    after = ""
    if place is not None:
        after = f"AND id {'<' if back else '>'} :id "
        params |= {"id": place.id}
    condition = f"migration_id = :migration {chosen}{after}ORDER BY id {'DESC' if back else 'ASC'} LIMIT :size"
    found = rows.select(tx, MovedInstance, condition, params)
    return listed([(each, 0, each.id) for each in found], place, size)


def counts(tx: Tx, migration_id: str) -> dict[str, int]:
    """How many cases of a move are in each state."""
    return {state: int(count) for state, count in rows.fetch(tx, _COUNTS, {"id": migration_id})}


def recent(tx: Tx, limit: int) -> list[Migration]:
    """The latest moves, the newest first."""
    return rows.find(tx, Migration, order_by="id DESC", limit=limit)


def next_start(tx: Tx, deployment_id: str, element_id: str) -> StartTimer | None:
    """The occurrence that a start timer waits for."""
    return rows.first(
        tx, StartTimer, deployment_id=deployment_id, element_id=element_id, state=TimerState.PENDING, order_by="due_at"
    )


def last_start(tx: Tx, deployment_id: str, element_id: str) -> StartTimer | None:
    """The occurrence that opened a case last."""
    return rows.first(
        tx,
        StartTimer,
        deployment_id=deployment_id,
        element_id=element_id,
        state=TimerState.FIRED,
        order_by="due_at DESC",
    )
