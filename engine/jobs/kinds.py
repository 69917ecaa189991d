"""What runs a job: an inner handler changes only the database, an outer one does its work between two transactions."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from engine.model.running import Job
from engine.store.transaction import Tx

InnerHandler = Callable[[Tx, Job], None]


@dataclass(frozen=True, slots=True)
class AheadHandler:
    """An inner handler that can read at once what many of its jobs will read one by one."""

    run: InnerHandler
    read_ahead: Callable[[Tx, Sequence[Job]], None]

    def __call__(self, tx: Tx, job: Job) -> None:
        """Run one job."""
        self.run(tx, job)


@dataclass(frozen=True, slots=True)
class OuterHandler:
    """`prepare` reads what is needed, `perform` leaves the machine without a transaction, `record` keeps the result.

    `perform` may run again with the same payload after a crash: its receiver must know the repetition by a key.
    """

    prepare: Callable[[Tx, Job], Any]
    perform: Callable[[Any], Any]
    record: Callable[[Tx, Job, Any], None]


Handlers = Mapping[str, InnerHandler | OuterHandler]


def outer_names(handlers: Handlers) -> tuple[str, ...]:
    """Give the names of jobs that leave the machine."""
    return tuple(sorted(name for name, handler in handlers.items() if isinstance(handler, OuterHandler)))
