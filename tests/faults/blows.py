"""What happens to a desk: each blow is one fault of the world, and the desk is whole again after it."""

from __future__ import annotations

import random
import signal
import time
from collections.abc import Callable
from dataclasses import dataclass

from tests.databases import Server, connection
from tests.faults.desk import Desk
from tests.faults.outside import Cable
from tests.faults.process import SHORT_LEASE

POINTS = ("before_commit", "after_commit", "mid_job", "after_perform", "mid_tick")
JUMP = 5 * 3600
STILL = SHORT_LEASE.total_seconds() + 1.5


@dataclass(slots=True)
class World:
    """The desk and what it stands on; server and cable are PostgreSQL's."""

    desk: Desk
    dice: random.Random
    server: Server | None = None
    cable: Cable | None = None

    def somebody(self) -> str:
        """One of the processes."""
        return self.dice.choice(self.desk.names)


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
    """A process dies at a named point, some time after its start."""
    name = world.somebody()
    world.desk.kill(name)
    world.desk.start(name, MAKEGOOD_CRASH_AT=f"{world.dice.choice(POINTS)}:{world.dice.randint(1, 6)}")
    time.sleep(4.0)
    world.desk.kill(name)


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


BLOWS: tuple[Callable[[World], None], ...] = (
    kill_one,
    crash_at_a_point,
    kill_a_child,
    stand_still,
    jump_clock,
    kill_all,
    crash_at_a_point,
)
POSTGRES_BLOWS = (*BLOWS, crash_server, end_backends, cut_cable, slow_cable, dead_cable)
