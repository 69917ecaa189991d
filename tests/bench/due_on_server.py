"""Ten thousand timers fall due and escalate on PostgreSQL while two workers run, and once more while one of them is killed midway."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

import psycopg

from engine.model.people import SYSTEM
from engine.settings import Settings
from engine.store import rows
from engine.wiring import Engine, build
from tests.bench.figures import seconds_of
from tests.bench.pending import put_pending, register_many
from tests.bench.recurring_task import ESCALATING, house_with_recurring_task
from tests.databases import Databases, Server, connection, programs

REPOSITORY = Path(__file__).resolve().parents[2]
STALL_SECONDS = 10
PATIENCE = 180.0
_LEFT = """SELECT count(*) FROM timer WHERE state = 'pending' AND due_at IS NOT NULL
AND due_at <= (extract(epoch FROM now()) * 1000000)::bigint"""
"""Asked again and again beside the workers, so an index must hold all of it: to read a million timers takes a processor."""
ESCALATED = """SELECT
  (SELECT count(*) FROM timer WHERE element_id = 'late' AND state = 'fired'),
  (SELECT count(*) FROM path_event WHERE replace(element_id, 'told', '') <> element_id),
  (SELECT count(DISTINCT instance_id) FROM path_event WHERE replace(element_id, 'told', '') <> element_id),
  (SELECT count(*) FROM audit_event WHERE kind = 'escalated'),
  (SELECT count(DISTINCT task_id) FROM notice), (SELECT count(*) FROM notice)"""
"""Timers that fired, places passed behind them and their instances, escalations, tasks of which a lead was told, and notices."""
_NOW_DUE = "UPDATE timer SET due_at = :now WHERE element_id = 'late' AND state = 'pending'"
_WORKERS = "SELECT count(*) FROM procrastinate_workers"


@dataclass(frozen=True, slots=True)
class Found:
    """An idle tick's seconds; until all had escalated, with both workers and with one killed."""

    idle: float
    both: float
    killed: float
    once: bool


def due_on_server(folder: Path, *, due: int, pending: int, idle: int) -> Found | None:
    """Try it on a server that keeps what it says; None where PostgreSQL is not installed."""
    found = programs()
    if found is None:
        return None
    server = Server(found, options=())
    try:
        return _measured(Databases(server.url), folder, (due, pending, idle))
    finally:
        server.remove()


def _measured(databases: Databases, folder: Path, sizes: tuple[int, int, int]) -> Found:
    due, pending, idle = sizes

    def fill(url: str) -> None:
        engine = house_with_recurring_task(folder, url=url, diagram=ESCALATING)
        register_many(engine, due - 1)  # the house has one already
        put_pending(engine, pending)
        engine.close()

    quiet, killing = databases.copy("due", fill), databases.copy("due", fill)
    engine = build(Settings(data_dir=folder, database_url=quiet))
    _settled(quiet)
    tick = seconds_of([engine.tick], idle, block=20, disk=True)[0]
    both = carried_out(engine, due, kills=False)
    engine.close()
    engine = build(Settings(data_dir=folder, database_url=killing))
    _settled(killing)
    killed = carried_out(engine, due, kills=True)
    engine.close()
    once = all(_is_once(url, due) for url in (quiet, killing))
    databases.close()
    return Found(tick, both, killed, once)


def carried_out(engine: Engine, due: int, *, kills: bool) -> float:
    """Seconds from the moment at which all are due until all have escalated; one worker may be killed at a third."""
    workers = [_worker(engine.settings) for _ in range(2)]
    try:
        with connection(engine.settings.database_url) as driver:
            _wait(lambda: _one(driver, _WORKERS)[0] >= 4)  # each serves two queues
            with engine.begin(SYSTEM) as tx:
                tx.connection.execute(_NOW_DUE, rows.bound({"now": tx.now}))
            begun = time.perf_counter()
            if kills:
                _wait(lambda: _one(driver, _LEFT)[0] <= due - due // 3)
                workers[0].send_signal(signal.SIGKILL)
            _wait(lambda: _one(driver, _LEFT)[0] == 0)
            return time.perf_counter() - begun
    finally:
        for worker in workers:
            worker.send_signal(signal.SIGTERM)
            worker.wait(60)


def _worker(settings: Settings) -> subprocess.Popen[bytes]:
    environment = {
        **os.environ,
        "MAKEGOOD_DATA_DIR": str(settings.data_dir),
        "MAKEGOOD_DATABASE_URL": settings.database_url,
        "MAKEGOOD_STALL_SECONDS": str(STALL_SECONDS),
    }
    command = [sys.executable, "-m", "web.cli", "work"]
    return subprocess.Popen(
        command, env=environment, cwd=REPOSITORY, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )


def _is_once(url: str, due: int) -> bool:
    with connection(url) as driver:
        return set(_one(driver, ESCALATED)) == {due}


def _settled(url: str) -> None:
    """Let the server know what it holds, as it soon would by itself."""
    with connection(url) as driver:
        driver.execute("VACUUM ANALYZE")


def _one(driver: psycopg.Connection[tuple[object, ...]], query: LiteralString) -> tuple[int, ...]:
    row = driver.execute(query).fetchone()
    return tuple(int(str(value)) for value in row or ())


def _wait(is_so: Callable[[], bool]) -> None:
    end = time.monotonic() + PATIENCE
    while not is_so():
        if time.monotonic() > end:
            raise RuntimeError("the workers do not get on with what is due")
        time.sleep(0.02)
