"""One Engine is built from the settings; here rooms that must not know each other are put together."""

from __future__ import annotations

import gc
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from importlib import import_module
from types import ModuleType
from typing import Any, Protocol

from engine import channels as channel_folders
from engine import connectors as connector_folders
from engine.actions.job_kinds import HANDLERS
from engine.jobs import Handlers, drain, drain_inner, drain_outer, run_named, tick
from engine.jobs.clock import Beat, Worker
from engine.jobs.kinds import outer_names
from engine.jobs.lease import give_up, recover
from engine.model.people import SYSTEM, Actor
from engine.model.ports import Ports
from engine.settings import Settings
from engine.store import anchors, archive_trail, audit, counters
from engine.store import settings as house
from engine.store.anchors import AnchorFault
from engine.store.audit import ChainFault
from engine.store.connection import utc_now
from engine.store.lock_file import DataLock, Held, Shared
from engine.store.one_commit import OneCommit
from engine.store.opening import opened
from engine.store.secret_file import write_once
from engine.store.tidying import tidy
from engine.store.transaction import Store, Tx

__all__ = [
    "Engine",
    "OneCommit",
    "Tx",
    "build",
    "found_ports",
    "hold_data",
    "settle_down",
    "start_worker",
    "write_once",
]

ANCHORS = "anchors.txt"
OBJECTS_LOOKED_THROUGH = (20_000, 20, 50)
NO_ZONE = "UTC"
"""What the settings say where the environment names no zone; then the house keeps what it chose."""


class Carriers(Protocol):
    """Hands due jobs to workers; engine.jobs.carriers has it."""

    def send(self, tx: Tx, jobs: list[tuple[str, str]]) -> None: ...

    def is_asked(self, tx: Tx) -> bool: ...

    def carry_due(self, tx: Tx) -> int: ...


class Stopping(Protocol):
    """What can be stopped; `stop` tells whether all that was at work has ended."""

    def stop(self) -> bool: ...


@dataclass(frozen=True, slots=True)
class CarryingWorker:
    """A clock, and the jobs that are brought here."""

    clock: Stopping
    carried: Stopping

    def stop(self) -> bool:
        """End after what is at work has ended, or was handed on."""
        ended = self.clock.stop()
        return self.carried.stop() and ended


@dataclass(frozen=True, slots=True)
class Engine:
    """Everything that a process of Makegood needs: the store, what runs jobs, and the ways out."""

    settings: Settings
    store: Store
    handlers: Handlers
    ports: Ports
    carriers: Carriers | None = None

    def begin(self, actor: Actor) -> AbstractContextManager[Tx]:
        """Open a writing transaction for an actor."""
        return self.store.begin(actor)

    def read(self, actor: Actor) -> AbstractContextManager[Tx]:
        """Open a reading transaction for an actor."""
        return self.store.read(actor)

    def tick(self) -> int:
        """Turn due timers into jobs; give how many there were."""
        return tick(self.store)

    def drain(self, *, limit: int = 1_000_000) -> int:
        """Run due jobs; give how many have run."""
        return drain(self.store, self.handlers, limit=limit)

    def drain_inner(self) -> int:
        """Run due jobs that change only the database."""
        return drain_inner(self.store, self.handlers)

    def drain_outer(self) -> int:
        """Run due jobs that leave the machine."""
        return drain_outer(self.store, self.handlers)

    def run_named(self, job_ids: Sequence[str]) -> int:
        """Run those of the jobs that are still waiting and due; give how many have run."""
        return run_named(self.store, self.handlers, job_ids)

    def carry_due(self, carriers: Carriers) -> int:
        """Send carriers for due jobs that have none; give for how many jobs. Where nothing is due, it was only looked."""
        with self.read(SYSTEM) as tx:
            if not carriers.is_asked(tx):
                return 0
        with self.begin(SYSTEM) as tx:
            return carriers.carry_due(tx)

    def settle(self, *, rounds: int = 100) -> int:
        """Fire what is due and run all jobs until nothing is left to do; for commands, the demo and tests."""
        total = 0
        for _ in range(rounds):
            done = self.tick() + self.drain()
            total += done
            if not done:
                break
        return total

    def recover(self, *, all_leases: bool = False) -> int:
        """Take up jobs whose worker is gone, and hand them to others; all leased ones only where nobody else works on the data."""
        with self.begin(SYSTEM) as tx:
            found = recover(tx, all_leases=all_leases)
        if found and self.carriers is not None:
            self.carry_due(self.carriers)
        return found

    def cast_anchor(self) -> None:
        """Seal today's heads of the audit chains, once a day."""
        with self.begin(SYSTEM) as tx:
            tx.connection.hold("anchor")
            line = anchors.cast(tx, anchors.key_in(tx, self.settings.data_dir))
            if line is not None:
                tx.after_commit.append(lambda: anchors.note(self.settings.data_dir / ANCHORS, line))

    def verify_audit(self, case_id: str | None = None) -> list[ChainFault | AnchorFault]:
        """Recompute one chain, or all chains and anchors; an empty list says that they are whole."""
        with self.read(SYSTEM) as tx:
            faults: list[ChainFault | AnchorFault] = list(audit.verify(tx, case_id))
            if case_id is None:
                key = anchors.key_in(tx, self.settings.data_dir)
                faults += anchors.verify(tx, key, anchors.noted_in(self.settings.data_dir / ANCHORS))
                faults += archive_trail.verify(tx)
        return faults

    def tidy(self) -> None:
        """Fold counters, and remove what is past its time."""
        with self.begin(SYSTEM) as tx:
            tx.connection.hold("tidy")
            counters.fold(tx)
            tidy(tx)

    def close(self) -> None:
        """Close the database."""
        self.store.close()


def build(
    settings: Settings,
    *,
    handlers: Handlers | None = None,
    clock: Callable[[], datetime] | None = None,
    ports: Ports | None = None,
    durable: bool = True,
) -> Engine:
    """Open the database and put everything together; not `durable`: see SqliteDatabase."""
    ways_out = ports or found_ports(settings)
    now = (clock or utc_now)()
    database = opened(settings.database_url, settings.database_path, now=now, durable=durable)
    store = Store(database, clock=clock, ports=ways_out)
    store.stall_limit = settings.stall_limit
    keep_zone(store, settings)
    chosen = HANDLERS if handlers is None else handlers
    carriers = carriers_of(chosen) if settings.is_postgres else None
    store.carry = carriers.send if carriers is not None else None
    return Engine(settings, store, chosen, ways_out, carriers)


def carriers_of(handlers: Handlers) -> Carriers:
    """What hands jobs to workers on PostgreSQL; its packages are there only with the extra."""
    found: Carriers = import_module("engine.jobs.carriers").Carriers(frozenset(outer_names(handlers)))
    return found


def keep_zone(store: Store, settings: Settings) -> None:
    """Let a zone that the environment names be the house's: for its days, and for processes without `mg:zone` (R12)."""
    if settings.zone == NO_ZONE:
        return
    with store.read(SYSTEM) as tx:
        known = house.setting(tx, "company.zone")
    if known != settings.zone:
        with store.begin(SYSTEM) as tx:
            house.put_setting(tx, "company.zone", settings.zone)


def hold_data(settings: Settings) -> Held:
    """Take the data folder for this process alone, before `build`; raise Conflict where another one works on it.

    On PostgreSQL any number of processes work, and nothing is held.
    """
    return Shared(settings.data_dir) if settings.is_postgres else DataLock(settings.data_dir)


def start_worker(engine: Engine, *, concurrency: int = 4) -> Stopping:
    """Take up what an earlier process left, and begin to run timers, jobs and sweeps on threads of this process.

    Call it after a fork, on SQLite with the data folder held; stop the worker before closing the engine.
    `concurrency` is how many jobs of each kind run at once on PostgreSQL.
    """
    if engine.carriers is not None:
        return _carrying_worker(engine, engine.carriers, concurrency)
    engine.recover(all_leases=True)
    worker = Worker(
        [
            Beat("timers and inner jobs", 0.5, lambda: engine.tick() + engine.drain_inner(), woken=True),
            Beat("outer jobs", 1.0, engine.drain_outer, woken=True),
            Beat("lost jobs", between_recoveries(engine), engine.recover),
            Beat("tidying", 60.0, engine.tidy),
            Beat("anchor", 600.0, engine.cast_anchor),
        ]
    )
    engine.store.wake = worker.wake
    worker.start()
    return worker


def between_recoveries(engine: Engine) -> float:
    """Seconds between two looks for lost jobs: a twentieth of the time after which they are believed lost, 15 at most."""
    limit = engine.store.stall_limit
    return min(15.0, max(0.5, limit.total_seconds() / 20)) if limit is not None else 15.0


def _carrying_worker(engine: Engine, carriers: Carriers, concurrency: int) -> CarryingWorker:
    """On PostgreSQL: Procrastinate brings jobs, and the clock sends carriers for what came due or lost its worker."""
    module = import_module("engine.jobs.carried")
    url, giving_up = engine.settings.database_url, partial(give_up, engine.store)
    carried = module.CarriedWorker(url, engine.run_named, concurrency, giving_up)
    clock = Worker(
        [
            Beat("timers and due jobs", 0.5, lambda: engine.tick() + engine.carry_due(carriers)),
            Beat("lost jobs", between_recoveries(engine), engine.recover),
            Beat("tidying", 60.0, engine.tidy),
            Beat("anchor", 600.0, engine.cast_anchor),
        ]
    )
    carried.start()
    clock.start()
    return CarryingWorker(clock, carried)


def found_ports(settings: Settings) -> Ports:
    """Find every connector and channel: a folder with a `CONNECTOR` or `CHANNEL`, made ready by `configured` if it has that."""
    return Ports(
        connectors=_found(connector_folders, "CONNECTOR", settings),
        channels=_found(channel_folders, "CHANNEL", settings),
    )


def _found(folders: ModuleType, name: str, settings: Settings) -> Mapping[str, Any]:
    found: dict[str, Any] = {}
    for module in pkgutil.iter_modules(folders.__path__, f"{folders.__name__}."):
        port = getattr(import_module(module.name), name, None)
        if port is None:
            continue
        configured = getattr(port, "configured", None)
        ready = configured(smtp_url=settings.smtp_url, data_dir=settings.data_dir) if configured else port
        found[ready.key] = ready
    return found


def settle_down() -> None:
    """Look through what this process has built no more for garbage, and through the rest less often; call it once.

    A step makes some thousand objects, hardly one of them in a circle: by default they are looked through after each 700.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*OBJECTS_LOOKED_THROUGH)
