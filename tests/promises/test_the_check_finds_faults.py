"""What checks all promises is itself checked: each kind of damage is named by the promise that it breaks."""

from __future__ import annotations

import threading

import pytest

from engine.actions.claim_task import claim_task
from engine.model.errors import Conflict
from engine.model.people import SYSTEM
from engine.model.task import Task
from tests.promises.conftest import House

DAMAGE = {
    "1": "UPDATE audit_event SET kind = 'other' WHERE kind = 'registered'",
    "2": "UPDATE decision SET in_force = 0",
    "3": "UPDATE timer SET state = 'fired', settled_at = armed_at WHERE state = 'pending'",
    "4": "UPDATE case_file SET status = 'closed'",
    "5": "UPDATE task SET state = 'exited' WHERE closed_at IS NULL",
    "6": "UPDATE message SET state = 'queued' WHERE kind = 'letter'",
    "7": "UPDATE audit_event SET data = '{}' WHERE sequence = 3",
    "8": "UPDATE task SET excluded = json_array(closed_by) WHERE closed_by IS NOT NULL",
    "10": "UPDATE clock SET due_at = due_at + 1",
    "counter": "DELETE FROM counter_delta",
}


@pytest.mark.parametrize("promise", sorted(DAMAGE))
def test_each_damage_is_named_by_its_promise(house: House, promise: str) -> None:
    case = house.triaged()
    house.do("ben", case, "work", findings="Worn.")
    house.do("ben", case, "decide", "accept", reasons="Yes.", decided_remedy="repair")
    house.do("ben", case, "write_answer", medium="email")
    assert house.broken() == []
    with house.store.begin(SYSTEM) as tx:
        tx.connection.execute(DAMAGE[promise])
    assert [fault for fault in house.broken() if fault.startswith(promise)]


def test_of_many_who_claim_at_once_one_gets_the_task(house: House) -> None:
    task = house.task(house.triaged(), "work")
    got: list[str] = []
    lost: list[str] = []

    def claim(login: str) -> None:
        actor = house.person(login)
        try:
            with house.store.begin(actor) as tx:
                claim_task(tx, task.id)
            got.append(login)
        except Conflict:
            lost.append(login)

    threads = [threading.Thread(target=claim, args=(login,)) for login in ("ben", "iga", "luis", "quinn", "teresa")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    owner = house.all(Task, id=task.id)[0].owner_id
    assert ([house.person(login).person_id for login in got], len(lost)) == ([owner], 4)
    assert house.broken() == []
