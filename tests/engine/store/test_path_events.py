"""A step's path is one row, which names its elements in their order."""

from __future__ import annotations

from engine.model.people import SYSTEM
from engine.model.running import Deployment, Instance, PathEvent
from engine.store import path_events, rows
from engine.store.transaction import Store, Tx
from tests.engine.conftest import add_case


def started(tx: Tx, number: str = "C-1") -> str:
    deployment = Deployment(id=tx.new_id(), key=number, digest="d", deployed_at=tx.now)
    instance = Instance(
        id=tx.new_id(),
        case_id=add_case(tx, number).id,
        deployment_id=deployment.id,
        process_id="rounds",
        started_at=tx.now,
    )
    rows.insert_many(tx, [deployment, instance])
    return instance.id


def path_of(tx: Tx, instance: str) -> list[list[str]]:
    return [passed.elements for passed in rows.find(tx, PathEvent, instance_id=instance, order_by="id")]


def test_a_step_leaves_one_row_and_one_without_elements_none(store: Store) -> None:
    with store.begin(SYSTEM) as tx:
        instance = started(tx)
        for elements in (["begin", "again"], [], ["assess", "more", "again"]):
            path_events.append(tx, instance, elements)
    with store.read(SYSTEM) as tx:
        assert path_of(tx, instance) == [["begin", "again"], ["assess", "more", "again"]]


def test_renamed_elements_are_renamed_wherever_they_stand_and_nowhere_else(store: Store) -> None:
    with store.begin(SYSTEM) as tx:
        instance, other = started(tx), started(tx, "C-2")
        for each in (instance, other):
            path_events.append(tx, each, ["assess", "assess_again", "assess"])
            path_events.append(tx, each, ["end"])
        path_events.rename(tx, instance, {"assess": "examine", "end": "closed"})
    with store.read(SYSTEM) as tx:
        assert path_of(tx, instance) == [["examine", "assess_again", "examine"], ["closed"]]
        assert path_of(tx, other) == [["assess", "assess_again", "assess"], ["end"]]
