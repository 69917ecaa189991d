"""One campaign: people work, the world breaks things by a seed's plan, then everything is looked at.

python -m tests.faults.campaign --seed 7 --minutes 15 --store postgres --mutant "due timers that nobody looks for"
"""

from __future__ import annotations

import argparse
import random
import shutil
import sys
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from tests.faults.afterwards import left_undone, looked_at
from tests.faults.beside import WATCHED
from tests.faults.blows import BLOWS, POSTGRES_BLOWS
from tests.faults.desk import PEOPLE, furnish
from tests.faults.mutants import MUTANTS
from tests.faults.outside import Mail
from tests.faults.people import Floor, Person, Seen
from tests.faults.world import World, standing

BETWEEN = (0.5, 2.5)
STARTING = 60.0
"""The longest that a start may take on a machine that does other things."""
SOME, AT_WORK = 5, 10.0
"""So many tasks people complete between two blows, if it takes no longer than this."""
TRESPASSER = "oskar"
MOST, LONGEST = 40, 400
"""How many faults are told, and so many letters of each."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What is tried: the same seed does the same to the same desk, as far as processes side by side can be told.

    People rest for `pause` seconds between two requests; what is left must be done after `catching_up` seconds.
    It ends after `seconds`, or after so many `blows` and `decisions`, of which there are only some kinds where `only` names them.
    """

    seed: int
    seconds: float
    store: str = "sqlite"
    mutant: str = ""
    blows: int = 1_000_000
    only: tuple[str, ...] = ()
    catching_up: float = 45.0
    pause: float = 0.02
    decisions: int = 0


@dataclass(slots=True)
class Outcome:
    """What was done and what is wrong afterwards."""

    blows: list[str] = field(default_factory=list[str])
    seen: Seen = field(default_factory=Seen)
    faults: list[str] = field(default_factory=list[str])
    figures: dict[str, int] = field(default_factory=dict[str, int])
    points: Counter[str] = field(default_factory=Counter[str])


def run(plan: Plan, folder: Path) -> Outcome:
    """The whole campaign."""
    outcome = Outcome(seen=Seen(has_one_writer=plan.store == "sqlite"))
    mail = Mail(plan.seed)
    with standing(plan.store, plan.seed, folder, mail) as world:
        tokens = furnish(world.desk)
        world.desk.mutant = plan.mutant
        world.people = crowd(world, plan, outcome.seen, tokens)
        world.desk.revive()
        lived_through(world, plan, outcome, mail)
        outcome.points = world.points
        found, outcome.figures = looked_at(world, mail, outcome.seen)
        outcome.faults = [*outcome.seen.surprises, *world.surprises, *outcome.faults, *found]
        if outcome.faults and world.desk.folder.parent != folder:
            shutil.copytree(world.desk.folder, folder / "data")
    mail.shutdown()
    mail.server_close()
    return outcome


def crowd(world: World, plan: Plan, seen: Seen, tokens: dict[str, str]) -> list[Person]:
    """Everybody, who know the same cases and tasks."""
    floor, port = Floor(), world.desk.port
    people = [
        Person(login, tokens[login], port, random.Random(f"{plan.seed}-{login}"), seen, floor, plan.pause)
        for login in PEOPLE
    ]
    floor.people = [one for one in people if one.login not in (WATCHED, TRESPASSER)]
    return people


def lived_through(world: World, plan: Plan, outcome: Outcome, mail: Mail) -> None:
    """People work while things break; then the desk has a while for what is left, and is stopped."""
    stop = threading.Event()
    threads = [
        threading.Thread(target=person.prowl if person.login == TRESPASSER else person.work, args=(stop,))
        for person in world.people
        if person.login != WATCHED
    ]
    for thread in threads:
        thread.start()
    try:
        break_things(world, plan, outcome)
        stop.set()
        mail.is_well = True
        world.desk.wait(seconds=STARTING)
        outcome.faults += left_undone(world.desk, patience=plan.catching_up)
    finally:
        stop.set()
        for thread in threads:
            thread.join()
        world.desk.end()


def break_things(world: World, plan: Plan, outcome: Outcome) -> None:
    """Blow after blow, all kinds before one comes again, until the plan is done."""
    begun = time.monotonic()
    world.desk.wait(seconds=STARTING)
    at_work(outcome.seen)
    waiting: list[int] = []
    every = BLOWS if world.server is None else POSTGRES_BLOWS
    kinds = [blow for blow in every if not plan.only or blow.__name__ in plan.only]
    while time.monotonic() - begun < plan.seconds and len(outcome.blows) < plan.blows:
        if not waiting:
            waiting = world.dice.sample(range(len(kinds)), len(kinds))
        blow = kinds[waiting.pop()]
        outcome.blows.append(blow.__name__)
        blow(world)
        world.desk.wait(seconds=STARTING)
        at_work(outcome.seen)
        time.sleep(world.dice.uniform(*BETWEEN))
    latest = time.monotonic() + STARTING
    seen = outcome.seen
    while not (seen.cases and seen.completed and seen.decided >= plan.decisions) and time.monotonic() < latest:
        time.sleep(0.1)  # a machine that does other things gives people little time between two blows


def at_work(seen: Seen) -> None:
    """A blow is for people at work: after the one before they get some tasks done, on a machine that does other things too."""
    done, latest = len(seen.completed) + SOME, time.monotonic() + AT_WORK
    while len(seen.completed) < done and time.monotonic() < latest:
        time.sleep(0.1)


def store_named(name: str) -> str:
    """A store by its name here, or as an address of a database begins."""
    return "postgres" if name == "postgresql" else name


def main() -> int:
    """Run one campaign and say what came of it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=int(time.time()))
    parser.add_argument("--minutes", type=float, default=15.0)
    parser.add_argument("--blows", type=int, default=1_000_000, help="stop after so many")
    parser.add_argument("--store", type=store_named, choices=("sqlite", "postgres"), default="sqlite")
    parser.add_argument("--mutant", choices=("", *MUTANTS), default="", help="a fault of mutants.py in every process")
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="makegood-faults-"))
    sys.stdout.write(f"seed {given.seed} on {given.store} for {given.minutes} min; data and logs in {folder}\n")
    sys.stdout.flush()
    outcome = run(Plan(given.seed, given.minutes * 60, given.store, given.mutant, given.blows), folder)
    sys.stdout.write(told(outcome))
    return 1 if outcome.faults else 0


def told(outcome: Outcome) -> str:
    """What was done, what came of it, and every fault."""
    seen = outcome.seen
    lines = [
        f"{len(outcome.blows)} blows: {dict(Counter(outcome.blows))}; died at {dict(outcome.points)}",
        f"{outcome.figures}",
        f"answers {seen.answers}, broken off {seen.broken}, contests {seen.contests}, trespasses {seen.trespasses}",
        f"cases {len(seen.cases)}, completed {len(seen.completed)}, comments {len(seen.comments)}, messages {len(seen.messages)}",
        *(f"FAULT {fault[:LONGEST]}" for fault in outcome.faults[:MOST]),
        f"{len(outcome.faults)} faults",
    ]
    return "".join(f"{line}\n" for line in lines)


if __name__ == "__main__":
    sys.exit(main())
