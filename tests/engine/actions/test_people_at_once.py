"""Two people, or two programs, do the same thing at the same time: one does it, the other is told or gets something else."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

from engine.actions.claim_task import claim_task
from engine.actions.complete_task import Answer, complete_task
from engine.actions.deliver_message import deliver_message
from engine.actions.take_next_task import take_next_task
from engine.model.audit import AuditEvent
from engine.model.errors import Conflict, MakegoodError
from engine.model.running import KeptMessage
from engine.model.task import Task
from engine.store import audit
from engine.store.transaction import Tx
from tests.engine.actions.conftest import Desk


def at_once(desk: Desk, *acts: tuple[str, Callable[[Tx], object]]) -> list[object]:
    """Everybody acts at the same time, each in a transaction of their own; a refusal is a result too."""
    actors = [desk.person(login) for login, _ in acts]

    def act(place: int) -> object:
        try:
            with desk.store.begin(actors[place]) as tx:
                return acts[place][1](tx)
        except MakegoodError as refusal:
            return refusal

    with ThreadPoolExecutor(len(acts)) as people:
        return list(people.map(act, range(len(acts))))


def test_of_two_who_claim_a_task_one_reads_who_has_it(desk: Desk) -> None:
    case = desk.register()
    task = desk.open_tasks(case)[0]
    results = at_once(desk, *[(login, lambda tx: claim_task(tx, task.id)) for login in ("anna", "ben", "clara")])
    assert sorted(type(result).__name__ for result in results) == ["Conflict", "Conflict", "Task"]
    owner = desk.open_tasks(case)[0].owner_id
    assert owner is not None
    assert len(desk.all(AuditEvent, case_id=case.id, kind="task_claimed")) == 1


def test_a_double_click_completes_a_task_once(desk: Desk) -> None:
    case = desk.register()
    task = desk.claim("anna", desk.open_tasks(case)[0])
    answer = Answer(data={}, outcome=task.outcomes[0] if task.outcomes else None)
    results = at_once(desk, *[("anna", lambda tx: complete_task(tx, task.id, answer))] * 3)
    assert sum(isinstance(result, list) for result in results) == 1, results
    assert sum(isinstance(result, Conflict) for result in results) == 2, results
    with desk.store.read(desk.person("eva")) as tx:
        assert audit.verify(tx, case.id) == []


def test_everybody_who_takes_the_next_task_gets_another_one(desk: Desk) -> None:
    for _ in range(3):
        desk.register()
    results = at_once(desk, *[(login, take_next_task) for login in ("anna", "ben", "clara")])
    taken = [result.id for result in results if isinstance(result, Task)]
    assert len(set(taken)) == 3, results


def test_a_message_that_comes_twice_at_once_is_kept_once(desk: Desk) -> None:
    def send(tx: Tx) -> object:
        return deliver_message(tx, "parcel_found", correlation={}, payload={}, message_id="m-1")

    results = at_once(desk, *[("anna", send)] * 3)
    assert not [result for result in results if isinstance(result, MakegoodError)], results
    assert len(desk.all(KeptMessage, message_id="m-1")) == 1
