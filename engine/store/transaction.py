"""One transaction per request, job or command, opened at the edge; the only commit of the project is here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime

from sqlalchemy import Engine

from engine.model.ids import IdSource
from engine.model.people import Actor
from engine.model.ports import Ports
from engine.store.catalog import Catalog, Deployments
from engine.store.connection import Connection, storage_errors
from engine.store.crash_points import reach


def utc_now() -> datetime:
    """Give the time of the machine's clock, in UTC."""
    return datetime.now(UTC)


def nobody_waits() -> None:
    """Wake nobody: no worker runs in this process."""


@dataclass(frozen=True, slots=True)
class Tx:
    """What an action needs: who acts, when, and the connection; functions in `after_commit` run once it is committed.

    `wake` tells the worker of this process that a job is waiting; `enqueue` puts it into `after_commit`.
    """

    connection: Connection
    actor: Actor
    now: datetime
    new_id: Callable[[], str]
    catalog: Catalog
    after_commit: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])
    ports: Ports = field(default_factory=Ports)
    wake: Callable[[], None] = nobody_waits


class Store:
    """The database: one writer at a time, readers beside it that never wait for it."""

    def __init__(self, engine: Engine, *, clock: Callable[[], datetime] = utc_now, ports: Ports | None = None) -> None:
        self.engine = engine
        self.clock = clock
        self.ports = ports or Ports()
        self.deployments = Deployments()
        self.wake: Callable[[], None] = nobody_waits
        self._ids = IdSource()
        self._lock = threading.Lock()
        self._local = threading.local()
        self._writer: Connection | None = None
        self._idle: list[Connection] = []

    @contextmanager
    def begin(self, actor: Actor) -> Iterator[Tx]:
        """Open the one writing transaction; it is kept when the block ends, and undone when the block raises."""
        with self._once(), self._lock:
            if self._writer is None:
                self._writer = Connection(self.engine)
            connection = self._writer
            connection.execute("BEGIN IMMEDIATE")
            tx = self._tx(connection, actor)
            try:
                yield tx
                reach("before_commit")
                with storage_errors():
                    connection.driver.commit()
            except BaseException:
                _undo(connection)
                raise
        reach("after_commit")
        for follow in tx.after_commit:
            follow()

    @contextmanager
    def read(self, actor: Actor) -> Iterator[Tx]:
        """Open a reading transaction: one moment's view, in which nothing can be written."""
        with self._once():
            connection = self._reader()
            try:
                connection.execute("BEGIN")
                yield self._tx(connection, actor)
            finally:
                _undo(connection)
                self._idle.append(connection)

    def close(self) -> None:
        """Close all connections; open transactions must have ended."""
        with self._lock:
            for connection in (*self._idle, *([self._writer] if self._writer else [])):
                connection.close()
            self._idle.clear()
            self._writer = None
        self.engine.dispose()

    def _reader(self) -> Connection:
        try:
            return self._idle.pop()
        except IndexError:
            connection = Connection(self.engine)
            connection.execute("PRAGMA query_only=ON")
            return connection

    def _tx(self, connection: Connection, actor: Actor) -> Tx:
        now = self.clock()
        catalog = Catalog(connection, self.deployments)
        return Tx(connection, actor, now, lambda: self._ids.next(now), catalog, [], self.ports, self.wake)

    @contextmanager
    def _once(self) -> Iterator[None]:
        """A second transaction inside the first, on the same thread, would wait for itself for ever."""
        if getattr(self._local, "busy", False):
            raise RuntimeError("this thread already has a transaction open; hand its tx on instead")
        self._local.busy = True
        try:
            yield
        finally:
            self._local.busy = False


@contextmanager
def savepoint(tx: Tx) -> Iterator[None]:
    """What the block changes is undone when it raises; the transaction around it goes on."""
    followers = len(tx.after_commit)
    tx.connection.execute("SAVEPOINT step")
    try:
        yield
    except BaseException:
        del tx.after_commit[followers:]
        if tx.connection.in_transaction:
            tx.connection.execute("ROLLBACK TO step")
            tx.connection.execute("RELEASE step")
        raise
    tx.connection.execute("RELEASE step")


def _undo(connection: Connection) -> None:
    if connection.in_transaction:
        connection.driver.rollback()
