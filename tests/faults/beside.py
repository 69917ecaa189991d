"""What operators type while the desk serves: each command is a process of its own that writes to the same database."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from uuid import UUID

from engine.model.archive import ArchivedCase
from engine.model.case import Case
from engine.model.people import SYSTEM
from engine.model.task import Task
from engine.store import rows
from engine.store.connection import utc_now
from tests.faults.desk import QUICK
from tests.faults.people import Person
from tests.faults.world import STILL, World

WATCHED = "paula"
"""Who only looks at lists: commands change what she may do, and the desk must know it with the next request."""
ROWS = 12
FUTURE = "2999-01-31"
CLERK, NOTHING = "front_office", "financial"
LATEST = 120.0


def typed(world: World, *words: str, killed_after: float = 0.0) -> bool:
    """Run a command to its end, or kill it; what it refuses is a fault, since nothing is broken meanwhile."""
    process = world.desk.command(*words)
    end = time.monotonic() + (killed_after or LATEST)
    while process.poll() is None and time.monotonic() < end:
        time.sleep(0.02)
    if process.poll() is None:
        process.kill()
    said = process.communicate()[0].decode(errors="replace").strip()
    if killed_after:
        return process.returncode == 0
    if process.returncode != 0:
        promise = "2" if "Another program is writing" in said else "8"
        world.surprises.append(f"{promise}: makegood {' '.join(words)} ended with {process.returncode}: {said[-400:]}")
    return process.returncode == 0


def people_beside(world: World) -> None:
    """Somebody may work no longer, or elsewhere; the desk that serves knows it with the next request."""
    watched = world.person(WATCHED)
    if typed(world, "user", "deactivate", WATCHED):
        expect(world, "was let in after she was deactivated", watched, lambda status, _: status == 401)
    if typed(world, "user", "activate", WATCHED):
        expect(world, "was kept out after she was activated", watched, lambda status, _: status == 200)
    if typed(world, "user", "queues", WATCHED, NOTHING):
        expect(
            world,
            "saw work of a queue that was taken from her",
            watched,
            lambda status, queues: status == 200 and CLERK not in queues,
        )
    typed(world, "user", "queues", WATCHED, CLERK)


def expect(world: World, fault: str, watched: Person, is_right: Callable[[int, set[str]], bool]) -> None:
    """What the next whole answer tells is by the new rules."""
    status, said = watched.ask("GET", "/api/tasks?limit=20")
    while not status or status >= 500:
        time.sleep(0.2)
        status, said = watched.ask("GET", "/api/tasks?limit=20")
    items = said.get("items")
    queues = {str(item["queue"]) for item in items} if isinstance(items, list) else set[str]()
    if not is_right(status, queues):
        world.surprises.append(f"8: {watched.login} {fault}: {status}, queues {queues}")


def deploy_beside(world: World) -> None:
    """A process gets a new version; who registers a case after the command gets that version."""
    place = world.desk.logs / "versions" / "quick"
    place.mkdir(parents=True, exist_ok=True)
    name = f"Look at it {world.dice.getrandbits(40):x}"
    (place / "quick.bpmn").write_bytes(QUICK.replace(b"Look at it", name.encode()))
    if not typed(world, "deploy", str(place)):
        return
    status, said = world.person(WATCHED).insist("/api/cases", {"subject": name, "country": "PL", "kind": "quick"})
    engine = world.desk.opened()
    with engine.read(SYSTEM) as tx:
        tasks = [task for case in rows.find(tx, Case, subject=name) for task in rows.find(tx, Task, case_id=case.id)]
    engine.close()
    if status != 201 or {task.name for task in tasks} != {name}:
        world.surprises.append(f"5: {said} has {tasks} after {name} was deployed")


def import_beside(world: World) -> None:
    """A file is imported, perhaps killed in the middle, and imported again: each row is one case, the impossible row none."""
    source, words = new_file(world)
    if world.dice.random() < 0.6:
        typed(world, *words, killed_after=world.dice.uniform(0.7, 2.5))
    if typed(world, *words):
        world.imported[source] = ROWS


def import_while_mail_waits(world: World) -> None:
    """A command that runs jobs takes up what the desk seems to have lost, which is only slow; both report in the end."""
    with hanging(world):
        time.sleep(STILL)
        with importing(world):
            pass


@contextmanager
def hanging(world: World) -> Iterator[None]:
    """While the block runs, letters hang that were on their way when it began."""
    world.post.delay = 0.4
    time.sleep(1.5)
    world.post.hold()
    world.post.delay = 0.0
    yield
    world.post.release()


@contextmanager
def importing(world: World) -> Iterator[None]:
    """A file is being imported while the block runs; that must end well."""
    source, words = new_file(world)
    process = world.desk.command(*words)
    yield
    said = process.communicate()[0].decode(errors="replace")
    if process.returncode == 0:
        world.imported[source] = ROWS
    else:
        world.surprises.append(f"8: makegood {' '.join(words)} ended with {process.returncode}: {said[-400:]}")


def new_file(world: World) -> tuple[str, tuple[str, ...]]:
    """A file that nobody has imported yet, by its source, and what to type."""
    source = f"file-{world.dice.getrandbits(40):x}"
    file = world.desk.logs / f"{source}.csv"
    write_rows(file)
    return source, ("import", "complaints", str(file), "--country", "PL")


def write_rows(file: Path) -> None:
    """Complaints with ids, and one in between that is received in the future, which its savepoint undoes."""
    days = ["", "", FUTURE, *[""] * (ROWS - 2)]
    with file.open("w", newline="") as out:
        writer = csv.writer(out)
        writer.writerow(("id", "text", "date_received", "email"))
        for number, day in enumerate(days):
            writer.writerow((f"row-{number}", f"The pump is broken. Again, {number}.", day, "ola@example.org"))


def archive_beside(world: World) -> None:
    """Closed cases leave in a file, perhaps by a command that is killed, and one of them comes back."""
    after_tomorrow = (utc_now() + timedelta(days=2)).date().isoformat()
    if world.dice.random() < 0.4:
        typed(world, "archive", "--before", after_tomorrow, killed_after=world.dice.uniform(0.5, 2.0))
    process = world.desk.command("archive", "--before", after_tomorrow)
    said = process.communicate()[0].decode(errors="replace")
    if process.returncode != 0 and "Somebody worked on" not in said:
        world.surprises.append(f"makegood archive ended with {process.returncode}: {said[-400:]}")
    engine = world.desk.opened()
    with engine.read(SYSTEM) as tx:
        away = [one.number for one in rows.find(tx, ArchivedCase, order_by="number")]
    engine.close()
    if away:
        typed(world, "archive", "--bring-back", world.dice.choice(away))


def look_beside(world: World) -> None:
    """The trail verifies, and a backup is whole, at any moment of work."""
    typed(world, "audit", "verify")
    target = world.desk.logs / f"{UUID(int=world.dice.getrandbits(128))}.zip"
    typed(world, "backup", str(target))
    target.unlink(missing_ok=True)


BESIDE = (people_beside, deploy_beside, import_beside, import_while_mail_waits, archive_beside, look_beside)
