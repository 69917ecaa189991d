"""After a campaign: what was left runs, what was archived comes back, then every promise and every answer is asked."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from contextlib import nullcontext
from datetime import timedelta

from engine.actions.bring_back_case import archived, bring_back
from engine.model.archive import ArchivedCase
from engine.model.case import Case, CaseMessage
from engine.model.case import Comment as Remark
from engine.model.people import SYSTEM
from engine.model.running import KeptMessage, KeptMessageState
from engine.model.task import Task, TaskState
from engine.store import audit, rows
from engine.store import people as persons
from engine.store.archive_file import unpacked
from engine.wiring import Engine
from tests.faults.desk import PEOPLE, Desk
from tests.faults.mutants import MUTANTS, living
from tests.faults.outside import Mail
from tests.faults.people import Seen
from tests.faults.world import World
from tests.promises.check import broken_promises

HOURS = (0, 1, 3, 9, 20)
"""How far the clock goes ahead for what waits between attempts."""
_LEFT = """
SELECT 'job ' || name, count(*) FROM job WHERE due_at <= :late AND state = 'pending' GROUP BY name
UNION ALL SELECT '3: timer', count(*) FROM timer WHERE state = 'pending' AND due_at <= :late HAVING count(*) > 0"""


def left_undone(desk: Desk, *, patience: float) -> list[str]:
    """Whoever runs jobs must catch up by themselves once nothing breaks any more; what is due for long is named."""
    engine = desk.opened()
    end = time.monotonic() + patience
    while True:
        with engine.read(SYSTEM) as tx:
            found = rows.fetch(tx, _LEFT, {"late": tx.now - timedelta(seconds=1)})
        if not found or time.monotonic() > end:
            break
        time.sleep(0.5)
    engine.close()
    return [f"{what} is due {times} times, and nobody does it" for what, times in found]


def looked_at(world: World, mail: Mail, seen: Seen) -> tuple[list[str], dict[str, int]]:
    """The faults, and how much there is in the end."""
    desk = world.desk
    with living(MUTANTS[desk.mutant]) if desk.mutant else nullcontext():
        for hours in HOURS:
            settled(desk, timedelta(hours=hours))
    engine = desk.opened(timedelta(hours=20, minutes=1))
    come_back(engine)
    with engine.read(SYSTEM) as tx:
        faults = broken_promises(tx)
    faults += [f"7: audit: {fault.message}" for fault in engine.verify_audit()]
    faults += [*answers_hold(engine, seen), *letters_hold(engine, mail)]
    faults += [*messages_hold(engine, seen), *imports_hold(engine, world.imported)]
    figures = counted(engine)
    engine.close()
    return faults, figures


def settled(desk: Desk, ahead: timedelta) -> None:
    """Take up what a process left, and do what is due by then."""
    engine = desk.opened(ahead)
    engine.recover(all_leases=True)
    engine.settle()
    engine.close()


def come_back(engine: Engine) -> None:
    """Every archived case is put back, as it was."""
    with engine.read(SYSTEM) as tx:
        away = [one.number for one in rows.find(tx, ArchivedCase, order_by="number")]
    for number in away:
        with engine.read(SYSTEM) as tx:
            left, event = archived(tx, number)
        found, files = unpacked(engine.settings.data_dir / "archives" / event.file, event, left.id)
        with engine.begin(SYSTEM) as tx:
            bring_back(tx, left.number, found, files)


def answers_hold(engine: Engine, seen: Seen) -> Iterator[str]:
    """What was acknowledged is there, once."""
    with engine.read(SYSTEM) as tx:
        cases = Counter(case.subject for case in rows.find(tx, Case, source=None))
        numbers = {case.subject: case.number for case in rows.find(tx, Case, source=None)}
        remarks = Counter(remark.body for remark in rows.find(tx, Remark))
        tasks = {task.id: task for task in rows.find(tx, Task)}
        ids = {login: person.id for login in PEOPLE if (person := persons.by_login(tx, login))}
    yield from (f"1: {name} is there {times} times" for name, times in cases.items() if times > 1)
    for name, number in seen.cases.items():
        if numbers.get(name) != number:
            yield f"1: {name} was told {number}, but is {numbers.get(name)}"
    yield from (f"1: a comment is there {times} times" for times in remarks.values() if times > 1)
    yield from (f"1: the comment {body} is lost" for body in seen.comments if body not in remarks)
    for task_id, logins in seen.completed.items():
        task = tasks.get(task_id)
        if len(logins) > 1:
            yield f"2: {logins} were told that they completed {task_id}"
        if task is None or task.state is not TaskState.COMPLETED or task.closed_by != ids[logins[0]]:
            yield f"5: {task_id} was completed by {logins}, but is {task and task.state}"


def messages_hold(engine: Engine, seen: Seen) -> Iterator[str]:
    """Each acknowledged message was taken or is kept, once; nothing came that nobody sent."""
    told, asked = Counter(seen.messages), Counter(seen.asked_messages)
    found = Counter[str]()
    with engine.read(SYSTEM) as tx:
        for case in rows.find(tx, Case, number=tuple(asked)):
            events = audit.events_of(tx, case.id)
            found[case.number] += sum(
                event.kind == "message_received" and event.data["name"] == "customer_says" for event in events
            )
        for kept in rows.find(tx, KeptMessage):
            if kept.name == "customer_says" and kept.state is not KeptMessageState.DELIVERED:
                found[str((kept.correlation or {}).get("case"))] += 1
    for number, times in asked.items():
        if not told[number] <= found[number] <= times:
            yield f"1: {number} was sent {times} messages, {told[number]} were acknowledged, {found[number]} came"


def imports_hold(engine: Engine, imported: dict[str, int]) -> Iterator[str]:
    """Each row of an imported file is one case."""
    with engine.read(SYSTEM) as tx:
        for source, expected in imported.items():
            references = Counter(case.reference for case in rows.find(tx, Case, source=source))
            if len(references) != expected or max(references.values(), default=0) > 1:
                yield f"1: {source} has {expected} rows, but its cases are {dict(references)}"


def letters_hold(engine: Engine, mail: Mail) -> Iterator[str]:
    """Every letter that is sent has arrived, and what arrived is a letter of ours, however often."""
    with engine.read(SYSTEM) as tx:
        letters = [one for one in rows.find(tx, CaseMessage, kind="letter") if one.channel == "email"]
    known = {one.message_id for one in letters}
    for one in letters:
        if one.state == "sent" and one.message_id not in mail.taken:
            yield f"6: {one.letter} of {one.case_id} is recorded as sent, but never arrived"
    yield from (f"6: a letter {found} arrived that nobody wrote" for found in mail.taken if found not in known)


def counted(engine: Engine) -> dict[str, int]:
    """How much there is in the end."""
    tables = ("case_file", "task", "timer", "message", "audit_event", "decision", "incident", "job", "archive_event")
    with engine.read(SYSTEM) as tx:
        return {table: rows.fetch(tx, f"SELECT count(*) FROM {table}")[0][0] for table in tables}
