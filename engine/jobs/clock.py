"""APScheduler is only the clock: it beats, in memory, and what it beats looks into the database for what is due."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from apscheduler.executors.pool import ThreadPoolExecutor
from apscheduler.jobstores.base import JobLookupError
from apscheduler.schedulers.background import BackgroundScheduler

from engine.model.errors import StorageTrouble

ENDING = 20.0
"""Seconds that jobs under way have to end; what does not is given back, and done again."""
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Beat:
    """Work that is done every so many seconds, never twice at once; `woken` is also done at once when a job arrives."""

    name: str
    seconds: float
    work: Callable[[], object]
    woken: bool = False


class Worker:
    """Runs the beats on threads of this process; start it after a fork, not before."""

    def __init__(self, beats: Sequence[Beat]) -> None:
        self._woken = [beat.name for beat in beats if beat.woken]
        logging.getLogger("apscheduler").setLevel(logging.ERROR)  # a beat that is still at work is no news
        self._scheduler = BackgroundScheduler(
            timezone=UTC,
            executors={"default": ThreadPoolExecutor(len(beats))},
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None},
        )
        for beat in beats:
            self._scheduler.add_job(
                _guarded, "interval", [beat], seconds=beat.seconds, id=beat.name, next_run_time=datetime.now(UTC)
            )

    def start(self) -> None:
        """Begin; every beat is done once at once."""
        self._scheduler.start()

    def wake(self) -> None:
        """Do the woken beats now; one that is at work takes the new job along or comes back within its period."""
        for name in self._woken:
            try:
                self._scheduler.modify_job(name, next_run_time=datetime.now(UTC))
            except JobLookupError:
                return  # stopped meanwhile

    def stop(self) -> bool:
        """End after what is at work has ended, or takes too long; tell whether it has ended."""
        ending = threading.Thread(target=self._scheduler.shutdown, name="ending", daemon=True)
        ending.start()
        ending.join(ENDING)
        return not ending.is_alive()


def _guarded(beat: Beat) -> None:
    """One failure must not end the clock: it is logged, and the next beat tries again."""
    try:
        beat.work()
    except StorageTrouble as trouble:
        _log.warning("%s: %s", beat.name, trouble)
    except Exception:  # noqa: BLE001  # outer loop: the worker goes on whatever happens
        _log.exception("%s failed", beat.name)
