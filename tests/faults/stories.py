"""Short histories at which a fault of the program shows; each gives what somebody outside saw go wrong."""

from __future__ import annotations

import threading
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial

from engine.actions.answer_once import KeyedCall, answer_once
from engine.actions.complete_task import Answer, complete_task
from engine.actions.job_kinds import HANDLERS
from engine.actions.message_case import withdraw_case
from engine.actions.register_case import Registration, register_case
from engine.jobs import lease
from engine.jobs.drain import drain_outer
from engine.jobs.kinds import outer_names
from engine.jobs.lease import Lane
from engine.model.case import Case, CaseMessage
from engine.model.errors import ConnectorError, Forbidden, MakegoodError
from engine.model.people import SYSTEM
from engine.model.ports import Envelope, Evidence
from engine.store.one_commit import OneCommit
from engine.store.transaction import Store, Tx
from tests.promises.conftest import OLA, House

LEASE_AND_MORE = timedelta(minutes=6)


def registered(house: House) -> list[str]:
    """A case comes in and is confirmed."""
    house.triaged()
    return letters_arrived(house)


def whole_life(house: House) -> list[str]:
    """A case from its receipt to its cause."""
    case = house.triaged()
    house.do("ben", case, "work", findings="The pump is worn.")
    house.do("ben", case, "decide", "accept", reasons="It should last.", decided_remedy="repair")
    house.do("ben", case, "write_answer", answer_text="Sorry.", medium="email")
    return letters_arrived(house)


def days_go_by(house: House) -> list[str]:
    """Nobody works on a case: its clocks escalate."""
    house.triaged()
    for _ in range(4):
        house.wait(days=3)
    return []


def withdrawn(house: House) -> list[str]:
    """The customer takes the complaint back while tasks, timers and subscriptions wait."""
    case = house.triaged()
    with house.store.begin(house.person("anna")) as tx:
        withdraw_case(tx, case.id, reason="It works again")
    house.settle()
    return []


def by_one_alone(house: House) -> list[str]:
    """Who proposed a refusal tries to be the second person as well."""
    case = house.triaged()
    house.do("ben", case, "work", findings="Misuse.")
    house.do("ben", case, "decide", "reject", reasons="It was used in a laundry.")
    task = house.task(case, "second_person")
    with suppress(Forbidden):
        house.complete("ben", task, outcome=task.outcomes[0], data={})
    return []


def mail_is_down(house: House) -> list[str]:
    """The mail server answers after some attempts only."""
    house.post.is_down = True
    house.register()
    house.wait(seconds=30)
    house.post.is_down = False
    house.wait(hours=1)
    return letters_arrived(house)


def asked_twice(house: House) -> list[str]:
    """A program registers, hears nothing, and asks again with the same key."""
    call = KeyedCall(route="POST /api/cases", key="k-1", body=b"{}", status=201)
    for _ in range(2):
        with house.store.begin(house.person("anna")) as tx:
            answer_once(tx, call, partial(numbered, tx))
    house.settle()
    made = len(house.all(Case))
    return [f"1: one key made {made} cases"] if made != 1 else []


def numbered(tx: Tx) -> dict[str, object]:
    """The answer to who registers."""
    return {"number": register_case(tx, Registration(subject="It leaks", country="PL")).number}


def two_at_once(house: House) -> list[str]:
    """Two people complete one task at once, in two processes; the second is told that it is over."""
    task = house.task(house.triaged(), "work")
    other = Store(house.store.database, clock=lambda: house.now, ports=house.store.ports)
    ben, iga = house.person("ben"), house.person("iga")
    told: list[str] = []

    def second() -> None:
        try:
            with other.begin(iga) as tx:
                complete_task(tx, task.id, Answer(data={"findings": "Worn."}))
            told.append("done")
        except MakegoodError as refusal:
            told.append(refusal.code)

    thread = threading.Thread(target=second)
    with house.store.begin(ben) as tx:
        complete_task(tx, task.id, Answer(data={"findings": "Worn."}))
        thread.start()
        thread.join(0.5)  # by now the second waits for the lock
    thread.join()
    other.close()
    house.settle()
    return [] if told == ["task_over"] else [f"2: who came second was told {told}"]


def two_in_turn(house: House) -> list[str]:
    """A program that knows a task sees that another one has done it meanwhile."""
    task = house.claim("ben", house.task(house.triaged(), "work"))
    other = Store(house.store.database, clock=lambda: house.now, ports=house.store.ports)
    with other.begin(house.person("ben")) as tx:
        complete_task(tx, task.id, Answer(data={"findings": "Worn."}))
    other.close()
    told = "done"
    try:
        with house.store.begin(house.person("ben")) as tx:
            complete_task(tx, task.id, Answer(data={"findings": "Worn."}))
    except MakegoodError as refusal:
        told = refusal.code
    house.settle()
    return [] if told == "task_over" else [f"2: who came second was told {told}"]


def kept_together(house: House) -> list[str]:
    """Two programs are answered after one commit, which the disk refuses; whoever was told of a case before it has none."""
    told: list[bool] = []
    if not house.store.database.has_one_writer:
        return []
    together = OneCommit(house.store, told.append)
    made: list[object] = []
    for _ in range(2):
        with house.store.begin(house.person("anna")) as tx:
            made.append(numbered(tx)["number"])
            tx.before_commit.append(partial(refuse_to_commit, tx))
    together.end()
    lost = {*made} - {case.number for case in house.all(Case)}
    return [f"1: {sorted(map(str, lost))} were acknowledged and are not there"] if lost and told[0] else []


def refuse_to_commit(tx: Tx) -> None:
    """From now on the disk is full: a deferred reference to nothing is found at the commit, as a full disk is."""
    tx.connection.execute("PRAGMA defer_foreign_keys=ON")
    tx.connection.execute("UPDATE case_file SET customer_id = 'nobody'")


def a_worker_stalls(house: House) -> list[str]:
    """A worker stands still while it hands a letter over, longer than its lease; another one does its work."""
    send: Callable[..., Evidence] = house.post.send

    def slowly(envelope: Envelope, *, message_id: str) -> Evidence:
        house.post.send = send  # type: ignore[method-assign]  # only the first one is slow
        house.now += LEASE_AND_MORE
        a_sweep(house)
        drain_outer(house.store, HANDLERS)
        return send(envelope, message_id=message_id)

    house.post.send = slowly  # type: ignore[method-assign]  # a mail server that takes six minutes
    with suppress(ConnectorError):
        house.register()
    return letters_arrived(house)


def a_worker_dies(house: House) -> list[str]:
    """A worker takes a job and is never seen again."""
    with house.store.begin(house.person("anna")) as tx:
        register_case(tx, Registration(subject="It leaks", country="PL", language="en", customer=OLA))
    while lease.lease(house.store, Lane(outer_names(HANDLERS), takes_named=True, at_once=9)):
        pass
    house.now += LEASE_AND_MORE
    a_sweep(house)
    house.settle()
    return []


def a_sweep(house: House) -> None:
    """The sweep of lost jobs, as a worker does it now and then."""
    with house.store.begin(SYSTEM) as tx:
        lease.recover(tx)


def letters_arrived(house: House) -> list[str]:
    """Each letter that is recorded as sent was handed over under its own Message-ID, and no other one was."""
    sent = {letter.message_id for letter in house.all(CaseMessage, kind="letter", state="sent")}
    arrived = set(house.post.sent)
    return [f"6: recorded as sent are {len(sent)} letters, but other {len(arrived)} arrived"] if sent != arrived else []


STORIES: dict[str, Callable[[House], list[str]]] = {
    story.__name__: story
    for story in (
        registered,
        whole_life,
        days_go_by,
        withdrawn,
        by_one_alone,
        mail_is_down,
        asked_twice,
        two_at_once,
        two_in_turn,
        kept_together,
        a_worker_stalls,
        a_worker_dies,
    )
}
