"""One campaign: people work, the world breaks things by a seed's plan, then everything is looked at.

python -m tests.faults.campaign --seed 7 --minutes 15 --store postgres --mutant "due timers that nobody looks for"
"""

from __future__ import annotations

import argparse
import random
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from engine.model.case import Case, CaseMessage
from engine.model.case import Comment as Remark
from engine.model.people import SYSTEM
from engine.model.task import Task, TaskState
from engine.store import people as persons
from engine.store import rows
from engine.wiring import Engine
from tests.databases import Server, programs
from tests.faults.blows import BLOWS, POSTGRES_BLOWS, World
from tests.faults.desk import PEOPLE, Desk, furnish
from tests.faults.mutants import MUTANTS
from tests.faults.outside import Cable, Mail
from tests.faults.people import Person, Seen
from tests.promises.check import broken_promises

DURABLE = ("fsync=off", "autovacuum=on", "wal_level=minimal")
"""An immediate stop ends processes, not the machine: what they wrote is there without fsync."""
BETWEEN = (0.5, 2.5)
STARTING = 60.0
"""The longest that a start may take on a machine that does other things."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is tried: the same seed does the same to the same desk, as far as processes side by side can be told."""

    seed: int
    seconds: float
    store: str = "sqlite"
    mutant: str = ""


@dataclass(slots=True)
class Outcome:
    """What was done and what is wrong afterwards."""

    blows: list[str] = field(default_factory=list[str])
    seen: Seen = field(default_factory=Seen)
    faults: list[str] = field(default_factory=list[str])
    figures: dict[str, int] = field(default_factory=dict[str, int])


def run(plan: Plan, folder: Path) -> Outcome:
    """The whole campaign."""
    outcome = Outcome()
    mail = Mail(plan.seed)
    with standing(plan, folder, mail) as world:
        tokens = furnish(world.desk)
        world.desk.mutant = plan.mutant
        stop = threading.Event()
        numbers: list[str] = []
        crowd = [
            Person(login, tokens[login], world.desk.port, random.Random(f"{plan.seed}-{login}"), outcome.seen, numbers)
            for login in PEOPLE
        ]
        threads = [threading.Thread(target=person.work, args=(stop,)) for person in crowd]
        world.desk.revive()
        for thread in threads:
            thread.start()
        try:
            break_things(world, plan, outcome)
        finally:
            stop.set()
            for thread in threads:
                thread.join()
            world.desk.end()
        mail.is_well = True
        outcome.faults = [*outcome.seen.surprises, *looked_at(world.desk, mail, outcome)]
    mail.shutdown()
    mail.server_close()
    return outcome


@contextmanager
def standing(plan: Plan, folder: Path, mail: Mail) -> Iterator[World]:
    """What the desk stands on: a folder, or a server of PostgreSQL behind a cable."""
    dice = random.Random(plan.seed)
    if plan.store == "sqlite":
        yield World(Desk(folder, "", mail.url), dice)
        return
    found = programs()
    if found is None:
        raise RuntimeError("there is no PostgreSQL here: install the test packages")
    server = Server(found, options=DURABLE)
    cable = Cable(str(server.folder / ".s.PGSQL.5432"))
    through = f"postgresql+psycopg://makegood@127.0.0.1:{cable.port}/postgres"
    try:
        yield World(Desk(folder, through, mail.url, server.url), dice, server, cable)
    finally:
        cable.close()
        server.remove()


def break_things(world: World, plan: Plan, outcome: Outcome) -> None:
    """Blow after blow, all kinds before one comes again, until the time is over."""
    end = time.monotonic() + plan.seconds
    world.desk.wait(seconds=STARTING)
    time.sleep(2.0)
    waiting: list[int] = []
    kinds = BLOWS if world.server is None else POSTGRES_BLOWS
    while time.monotonic() < end:
        if not waiting:
            waiting = world.dice.sample(range(len(kinds)), len(kinds))
        blow = kinds[waiting.pop()]
        outcome.blows.append(blow.__name__)
        blow(world)
        world.desk.wait(seconds=STARTING)
        time.sleep(world.dice.uniform(*BETWEEN))
    latest = time.monotonic() + STARTING
    while not (outcome.seen.cases and outcome.seen.completed) and time.monotonic() < latest:
        time.sleep(0.1)  # a machine that does other things gives people little time between two blows


def looked_at(desk: Desk, mail: Mail, outcome: Outcome) -> list[str]:
    """Let everything that was left run, hours ahead for what waits between attempts, then ask every check."""
    for hours in (0, 1, 3, 9, 20):
        engine = desk.opened(timedelta(hours=hours))
        engine.recover(all_leases=True)
        engine.settle()
        engine.close()
    engine = desk.opened(timedelta(hours=20, minutes=1))
    engine.settle()
    with engine.read(SYSTEM) as tx:
        faults = broken_promises(tx)
    faults += [f"audit: {fault.message}" for fault in engine.verify_audit()]
    faults += [*answers_hold(engine, outcome.seen), *letters_hold(engine, mail)]
    outcome.figures |= figures(engine)
    engine.close()
    return faults


def answers_hold(engine: Engine, seen: Seen) -> Iterator[str]:
    """What was acknowledged is there, once."""
    with engine.read(SYSTEM) as tx:
        cases = Counter(case.subject for case in rows.find(tx, Case))
        numbers = {case.subject: case.number for case in rows.find(tx, Case)}
        remarks = Counter(remark.body for remark in rows.find(tx, Remark))
        tasks = {task.id: task for task in rows.find(tx, Task)}
        ids = {login: person.id for login in PEOPLE if (person := persons.by_login(tx, login))}
    yield from (f"1: {name} is there {times} times" for name, times in cases.items() if times > 1)
    for name, number in seen.cases.items():
        if numbers.get(name) != number:
            yield f"1: {name} was told {number}, but is {numbers.get(name)}"
    yield from (f"a comment is there {times} times" for times in remarks.values() if times > 1)
    yield from (f"the comment {body} is lost" for body in seen.comments if body not in remarks)
    for task_id, logins in seen.completed.items():
        task = tasks.get(task_id)
        if len(logins) > 1:
            yield f"2: {logins} were told that they completed {task_id}"
        if task is None or task.state is not TaskState.COMPLETED or task.closed_by != ids[logins[0]]:
            yield f"5: {task_id} was completed by {logins}, but is {task and task.state}"


def letters_hold(engine: Engine, mail: Mail) -> Iterator[str]:
    """Every letter that is sent has arrived, and what arrived is a letter of ours, however often."""
    with engine.read(SYSTEM) as tx:
        letters = [one for one in rows.find(tx, CaseMessage, kind="letter") if one.channel == "email"]
    known = {one.message_id for one in letters}
    for one in letters:
        if one.state == "sent" and one.message_id not in mail.taken:
            yield f"6: {one.letter} of {one.case_id} is recorded as sent, but never arrived"
    yield from (f"6: a letter {found} arrived that nobody wrote" for found in mail.taken if found not in known)


def figures(engine: Engine) -> dict[str, int]:
    """How much there is in the end."""
    tables = ("case_file", "task", "timer", "message", "audit_event", "incident", "job")
    with engine.read(SYSTEM) as tx:
        return {table: rows.fetch(tx, f"SELECT count(*) FROM {table}")[0][0] for table in tables}


def main() -> int:
    """Run one campaign and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--store", choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--mutant", choices=("", *MUTANTS), default="", help="a fault of mutants.py in every process")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="makegood-faults-"))
    sys.stdout.write(f"seed {given.seed} on {given.store} for {given.minutes} min; data and logs in {folder}\n")
    outcome = run(Plan(given.seed, given.minutes * 60, given.store, given.mutant), folder)
    seen = outcome.seen
    sys.stdout.write(f"{dict(Counter(outcome.blows))}\n{outcome.figures}\n")
    sys.stdout.write(
        f"answers {seen.answers}, broken off {seen.broken}, cases {len(seen.cases)}, completed {len(seen.completed)}, "
        f"comments {len(seen.comments)}, messages {len(seen.messages)}\n"
    )
    sys.stdout.writelines(f"FAULT {fault}\n" for fault in outcome.faults)
    return 1 if outcome.faults else 0


if __name__ == "__main__":
    sys.exit(main())
