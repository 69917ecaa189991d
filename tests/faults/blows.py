"""What happens to a desk: each blow is one fault of the world, and the desk is whole again after it."""

from __future__ import annotations

import resource
import signal
import subprocess
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from tests.databases import Server, connection, is_answering
from tests.faults.beside import BESIDE, hanging, importing
from tests.faults.people import Person
from tests.faults.small_disk import keep_full
from tests.faults.world import STILL, World

OF_COMMITS = ("before_commit", "after_commit")
POINTS = (*OF_COMMITS, "part_done", "mid_job", "after_perform", "mid_tick")
REACHED = 10.0
"""Seconds in which a process starts and comes to a point that lies on its way."""
JUMP = 5 * 3600
GRACE = 25.0
"""The longest that a polite end may take: what is at work ends, or is given back."""


def kill_all(world: World) -> None:
    """The machine loses its power."""
    for name in world.desk.names:
        world.desk.kill(name)


def kill_one(world: World) -> None:
    """A process is killed, with what it serves."""
    world.desk.kill(world.somebody())


def kill_a_child(world: World) -> None:
    """What serves is killed; its parent starts it again."""
    world.desk.kill_a_child("serve")


def crash_at_a_point(world: World) -> None:
    """A process dies at a named point, some time after its start; where nothing led it there, it is killed somewhere else."""
    name = world.somebody()
    point = world.dice.choice(OF_COMMITS if name == "serve" and world.server is not None else POINTS)
    world.desk.kill(name)
    world.desk.start(name, MAKEGOOD_CRASH_AT=f"{point}:{world.dice.randint(1, 6)}")
    if world.desk.loses_somebody(name, patience=REACHED):
        world.points[point] += 1
    world.desk.kill(name)


def die_with_answers_held(world: World) -> None:
    """Many ask at once, so that what serves answers them together; it dies when some are done, and neither kept nor told."""
    world.desk.kill("serve")
    world.desk.start("serve", MAKEGOOD_CRASH_AT=f"parts_done:{world.dice.randint(1, 9)}")
    stop = threading.Event()
    crowd = [threading.Thread(target=commenting, args=(person, stop)) for person in world.people * 2]
    for one in crowd:
        one.start()
    time.sleep(6.0)
    stop.set()
    for one in crowd:
        one.join()
    world.desk.kill("serve")


def commenting(person: Person, stop: threading.Event) -> None:
    """Say something about cases without a rest."""
    while not stop.is_set():
        person.comment(stop)
        stop.wait(0.001)


def stop_politely(world: World) -> None:
    """An operator stops a process, which ends in time."""
    name = world.somebody()
    if not world.desk.stop(name, patience=GRACE):
        world.surprises.append(f"job: {name} did not end within {GRACE} s of being asked to")


def stand_still(world: World) -> None:
    """A process stands still for longer than its leases last."""
    name = world.somebody()
    world.desk.send(name, signal.SIGSTOP)
    time.sleep(STILL)
    world.desk.send(name, signal.SIGCONT)


def jump_clock(world: World) -> None:
    """The clock of one process is hours wrong for a moment."""
    file = world.desk.clock_of(world.somebody())
    file.write_text(str(world.dice.choice((-JUMP, JUMP))))
    time.sleep(1.5)
    file.unlink()


def fill_disk(world: World) -> None:
    """There is no room for another page, of the database or of its log; then there is."""
    if world.disk is not None:
        keep_full(world.disk, 2.5)
    elif world.server is None:
        forbid_growth(world)
    if world.server is not None:
        come_back(world.server)


def forbid_growth(world: World) -> None:
    """Where no disk may be mounted: no file of what serves may grow beyond what it is."""
    pids = world.desk.pids("serve")
    largest = max(file.stat().st_size for file in Path(world.desk.folder).glob("makegood.db*"))
    for limit in (largest // 2, resource.RLIM_INFINITY):
        for pid in pids:
            with suppress(ProcessLookupError, PermissionError):
                resource.prlimit(pid, resource.RLIMIT_FSIZE, (limit, resource.RLIM_INFINITY))
        time.sleep(2.0)


def come_back(server: Server) -> None:
    """A server that has no room for its log ends; it is started again once there is some."""
    for _ in range(20):
        if is_answering(server.url):
            return
        time.sleep(0.25)
    with suppress(subprocess.CalledProcessError):  # there is none any more
        server.stop(mode="immediate")
    server.start()


def cut_mail(world: World) -> None:
    """The way to the mail server breaks off, in the middle of letters."""
    for _ in range(8):
        world.post.cut()
        time.sleep(world.dice.uniform(0.0, 0.2))


def late_mail(world: World) -> None:
    """Nothing comes through to the mail server for longer than a lease lasts; then all of it does."""
    world.post.is_dead = True
    time.sleep(STILL)
    world.post.is_dead = False


def hang_on_letters(world: World) -> None:
    """Letters on their way hang for longer than a lease lasts, while others take them up; then the first ones report too."""
    with hanging(world):
        time.sleep(STILL + 3.0)


def dead_mail(world: World) -> None:
    """Nothing comes through to the mail server, and nobody says so; then it breaks off."""
    world.post.is_dead = True
    time.sleep(STILL)
    world.post.cut()
    world.post.is_dead = False


def kill_mid_letter(world: World) -> None:
    """The machine loses its power while letters are on their way."""
    world.post.is_dead = True
    time.sleep(1.5)
    kill_all(world)
    world.post.cut()
    world.post.is_dead = False


def kill_beside_an_import(world: World) -> None:
    """What serves is killed and starts again while a command goes on with jobs; they do not know each other."""
    with importing(world):
        time.sleep(world.dice.uniform(1.0, 3.0))
        kill_all(world)
        world.desk.revive()


def slow_mail(world: World) -> None:
    """Each word to the mail server takes its time."""
    world.post.delay = 0.3
    time.sleep(3.0)
    world.post.delay = 0.0


def crash_server(world: World) -> None:
    """PostgreSQL crashes and comes back."""
    if world.server is not None:
        world.server.stop(mode="immediate")
        time.sleep(0.5)
        world.server.start()


def end_backends(world: World) -> None:
    """An administrator ends all connections."""
    if world.server is not None:
        with connection(world.server.url) as own:
            own.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'makegood'")


def cut_cable(world: World) -> None:
    """The network breaks off."""
    if world.cable is not None:
        world.cable.cut()


def slow_cable(world: World) -> None:
    """The network is slow."""
    if world.cable is not None:
        world.cable.delay = 0.05
        time.sleep(2.0)
        world.cable.delay = 0.0


def dead_cable(world: World) -> None:
    """Nothing comes through, and nobody says so; then it breaks off."""
    if world.cable is not None:
        world.cable.is_dead = True
        time.sleep(2.0)
        world.cable.cut()
        world.cable.is_dead = False


def mute_cable(world: World) -> None:
    """What is asked comes through and is done, what is answered does not; then it breaks off, and nobody knows what was done."""
    if world.cable is not None:
        world.cable.is_mute = True
        time.sleep(2.0)
        world.cable.cut()
        world.cable.is_mute = False


BLOWS: tuple[Callable[[World], None], ...] = (
    kill_one,
    crash_at_a_point,
    kill_a_child,
    die_with_answers_held,
    stand_still,
    jump_clock,
    kill_all,
    crash_at_a_point,
    stop_politely,
    fill_disk,
    cut_mail,
    late_mail,
    hang_on_letters,
    dead_mail,
    slow_mail,
    kill_mid_letter,
    kill_beside_an_import,
    *BESIDE,
)
POSTGRES_BLOWS = (*BLOWS, crash_server, end_backends, cut_cable, slow_cable, dead_cable, mute_cable)
