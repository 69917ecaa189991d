"""One transaction per request, job or command, opened at the edge; the only commit of the project is here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from engine.model.ids import IdSource
from engine.model.people import Actor
from engine.model.ports import Ports
from engine.store.catalog import Catalog, Deployments
from engine.store.connection import Connection, Database
from engine.store.crash_points import reach


def nobody_waits() -> None:
    """Wake nobody: no worker runs in this process."""


@dataclass(frozen=True, slots=True)
class Tx:
    """What an action needs: who acts, when, and the connection; functions in `after_commit` run once it is committed.

    `wake` tells the worker of this process that a job is waiting; `enqueue` puts it into `after_commit`.
    `house` is what the whole process keeps of rows that hardly change, `noted` what this transaction has read of them,
    `loaded` the rows that it has by their keys, `held` those that it has locked, `counted` the changes of counts that
    are written at its end; `asked` are the due jobs (id and name) that `carry`, where there is one, hands to workers.
    """

    connection: Connection
    actor: Actor
    now: datetime
    new_id: Callable[[], str]
    catalog: Catalog
    after_commit: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])
    ports: Ports = field(default_factory=Ports)
    wake: Callable[[], None] = nobody_waits
    house: dict[str, tuple[str, object]] = field(default_factory=dict[str, tuple[str, object]])
    noted: dict[str, str] = field(default_factory=dict[str, str])
    counted: list[tuple[str, str, int]] = field(default_factory=list[tuple[str, str, int]])
    loaded: dict[tuple[type, str], object] = field(default_factory=dict[tuple[type, str], object])
    held: set[tuple[type, str]] = field(default_factory=set[tuple[type, str]])
    before_commit: list[Callable[[], None]] = field(default_factory=list[Callable[[], None]])
    asked: list[tuple[str, str]] = field(default_factory=list[tuple[str, str]])
    carry: Callable[[Tx, list[tuple[str, str]]], None] | None = None


class Store:
    """The database: writers take turns or are kept apart by row locks; readers beside them never wait."""

    def __init__(
        self, database: Database, *, clock: Callable[[], datetime] | None = None, ports: Ports | None = None
    ) -> None:
        """Without a clock of the caller's own, the database's time is the time."""
        self.database = database
        self.clock = clock or database.clock
        self.ports = ports or Ports()
        self.deployments = Deployments()
        self.house: dict[str, tuple[str, object]] = {}
        self.wake: Callable[[], None] = nobody_waits
        self.carry: Callable[[Tx, list[tuple[str, str]]], None] | None = None
        self.stall_limit: timedelta | None = None
        self._ids = IdSource()
        self._turn = threading.Lock() if database.has_one_writer else nullcontext()
        self._local = threading.local()
        self._idle: dict[bool, list[Connection]] = {True: [], False: []}

    @contextmanager
    def begin(self, actor: Actor) -> Iterator[Tx]:
        """Open a writing transaction; it is kept when the block ends, and undone when the block raises."""
        with self._once(), self._turn, self._opened(reading=False) as connection:
            tx = self._tx(connection, actor)
            yield tx
            for last in tx.before_commit:
                last()
            if tx.carry is not None and tx.asked:
                tx.carry(tx, tx.asked)
            reach("before_commit")
            connection.end("COMMIT")
        reach("after_commit")
        for follow in tx.after_commit:
            follow()

    @contextmanager
    def read(self, actor: Actor) -> Iterator[Tx]:
        """Open a reading transaction: one moment's view, in which nothing can be written."""
        with self._once(), self._opened(reading=True) as connection:
            yield self._tx(connection, actor)

    def close(self) -> None:
        """Close all connections; open transactions must have ended."""
        with self._turn:
            for idle in self._idle.values():
                while idle:
                    idle.pop().close()

    @contextmanager
    def _opened(self, *, reading: bool) -> Iterator[Connection]:
        """A kept connection with a transaction open, which ends with the block; a broken one is not kept."""
        connection = self._begun(reading=reading)
        try:
            yield connection
        finally:
            connection.undo()
            if connection.is_whole:
                self._idle[reading].append(connection)

    def _begun(self, *, reading: bool) -> Connection:
        """Begin on a kept connection, or on a new one where none is left."""
        idle = self._idle[reading]
        try:
            connection = idle.pop()
        except IndexError:
            connection = self.database.connect(reading=reading)
        try:
            connection.begin(reading=reading)
        except BaseException:
            connection.close()
            raise
        return connection

    def _tx(self, connection: Connection, actor: Actor) -> Tx:
        now = self.clock()
        catalog = Catalog(connection, self.deployments)
        return Tx(
            connection,
            actor,
            now,
            lambda: self._ids.next(now),
            catalog,
            [],
            self.ports,
            self.wake,
            self.house,
            carry=self.carry,
        )

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
    followers, counted, asked = len(tx.after_commit), len(tx.counted), len(tx.asked)
    tx.connection.execute("SAVEPOINT step")
    try:
        yield
        tx.connection.execute("RELEASE step")
    except BaseException:
        del tx.after_commit[followers:]
        del tx.counted[counted:]
        del tx.asked[asked:]
        tx.noted.clear()
        tx.loaded.clear()
        tx.held.clear()
        if tx.connection.in_transaction:
            tx.connection.forget_waiting()
            tx.connection.execute("ROLLBACK TO step")
            tx.connection.execute("RELEASE step")
        raise
