"""A worker on PostgreSQL: Procrastinate brings the carriers, woken by NOTIFY, and the jobs that each names are run."""

from __future__ import annotations

import asyncio
import logging
import threading
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from dataclasses import dataclass, field
from functools import partial

from procrastinate import App, PsycopgConnector

from engine.jobs.carriers import INNER, OUTER
from engine.jobs.clock import ENDING
from engine.model.errors import StorageTrouble
from engine.store.postgres import conninfo_of
from engine.store.workers import name_of_worker

BATCHES_AT_ONCE = 2
"""So many batches of inner jobs run in this process: one computes while the other waits for the server; more are in each other's way."""
SHORTEST_PAUSE, LONGEST_PAUSE = 0.5, 15.0
"""Seconds between two tries to reach a server that is away."""
_log = logging.getLogger(__name__)


@dataclass(slots=True)
class CarriedWorker:
    """Runs jobs of both queues on threads of this process, those of `concurrency` carriers of each at once.

    `give_up` hands on what is still at work when the time to end is over.
    """

    database_url: str
    run_jobs: Callable[[Sequence[str]], object]
    concurrency: int = 4
    give_up: Callable[[Sequence[str]], object] | None = None
    _thread: threading.Thread | None = None
    _loop: asyncio.AbstractEventLoop | None = None
    _working: asyncio.Task[object] | None = None
    _batches: threading.Semaphore = field(default_factory=partial(threading.Semaphore, BATCHES_AT_ONCE))
    _ready: threading.Event = field(default_factory=threading.Event)
    _at_work: set[str] = field(default_factory=set[str])
    _stopping: bool = False

    def start(self) -> None:
        """Begin to listen; give the time until the queues are watched."""
        self._thread = threading.Thread(target=self._listen, name="carried jobs", daemon=True)
        self._thread.start()
        self._ready.wait(30)

    def stop(self) -> bool:
        """End after what is at work has ended, or hand it on where that takes too long; tell whether it has ended."""
        self._stopping = True
        if self._loop is not None and self._working is not None:
            self._loop.call_soon_threadsafe(self._working.cancel)
        if self._thread is not None:
            self._thread.join(ENDING + 1)
        left = sorted(self._at_work)
        if left and self.give_up is not None:
            try:
                self.give_up(left)
            except StorageTrouble as trouble:  # their leases run out
                _log.warning("jobs at work were not handed on: %s", trouble)
        return not left

    def _listen(self) -> None:
        """Go on whatever happens to the connection: a server that was restarted is found again."""
        pause = SHORTEST_PAUSE
        while not self._stopping:
            begun = time.monotonic()
            try:
                asyncio.run(self._work())
            except Exception as error:  # noqa: BLE001  # outer loop: the worker goes on whatever happens
                if time.monotonic() - begun > LONGEST_PAUSE:  # it was well until now
                    pause = SHORTEST_PAUSE
                reason = " ".join(str(error.__cause__ or error).split())
                _log.warning("the queue is not reached (%s); trying again in %.1f s", reason, pause)
            if not self._stopping:
                threading.Event().wait(pause)
                pause = min(pause * 2, LONGEST_PAUSE)

    def run_waiting(self) -> None:
        """Run what is carried now, one after the other, and come back; for commands and tests."""
        with ThreadPoolExecutor(1) as alone:  # whoever calls may have a loop of its own
            alone.submit(lambda: asyncio.run(self._run_waiting())).result()

    async def _run_waiting(self) -> None:
        app = self._app()
        async with app.open_async():
            for queue in (INNER, OUTER):
                await self._serve(app, queue, wait=False)

    def _app(self) -> App:
        size = 2 * self.concurrency + 4
        conninfo = conninfo_of(self.database_url)
        named = {"application_name": name_of_worker()}  # so that operators see which workers there are
        app = App(connector=PsycopgConnector(conninfo=conninfo, min_size=2, max_size=size, kwargs=named))
        for queue in (INNER, OUTER):
            app.task(name=queue, queue=queue)(self._carried)
        return app

    async def _work(self) -> None:
        self._loop = asyncio.get_running_loop()
        app = self._app()
        async with app.open_async():
            serving = [asyncio.ensure_future(self._serve(app, queue)) for queue in (INNER, OUTER)]
            self._working = asyncio.gather(*serving)  # type: ignore[assignment]  # a future is cancelled like a task
            self._ready.set()
            try:
                await self._working  # type: ignore[misc]  # set one line before
            except asyncio.CancelledError:
                if not self._stopping:
                    raise
                await asyncio.gather(*serving, return_exceptions=True)  # the first that has ended ends the one above

    async def _serve(self, app: App, queue: str, *, wait: bool = True) -> None:
        await app.run_worker_async(
            queues=[queue],
            wait=wait,
            concurrency=self.concurrency if wait else 1,
            fetch_job_polling_interval=5.0,
            shutdown_graceful_timeout=ENDING,
            delete_jobs="always",
            install_signal_handlers=False,
            update_heartbeat_interval=10.0,
            stalled_worker_timeout=60.0,
        )

    def _carried(self, job_ids: list[str]) -> None:
        with self._batches if len(job_ids) > 1 else nullcontext():
            self._at_work.update(job_ids)
            try:
                self.run_jobs(job_ids)
            finally:
                self._at_work.difference_update(job_ids)
