"""One transaction per request, job or command, opened at the edge; the only commit of the project is here."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from types import TracebackType

from engine.model.errors import BpmnError, MakegoodError, StorageTrouble
from engine.model.ids import IdSource
from engine.model.people import Actor
from engine.model.ports import Ports
from engine.model.zones import to_microseconds
from engine.store.catalog import Catalog, Deployments
from engine.store.connection import Connection, Database
from engine.store.crash_points import reach
from engine.store.joined import Here, Joined
from engine.store.known_rows import KnownRows
from engine.store.together import NotTogether, Together

_NOTHING = KnownRows()  # of a database whose writers work side by side


def nobody_waits() -> None:
    """Wake nobody: no worker runs in this process."""


@dataclass(slots=True)  # not frozen: one is made for each transaction, and freezing costs as much as its BEGIN
class Tx:
    """What an action needs: who acts, when, and the connection; functions in `after_commit` run once it is committed.

    `wake` tells the worker of this process that a job is waiting; `enqueue` puts it into `after_commit`.
    `house` is what the whole process keeps of rows that hardly change, `noted` what this transaction has read of them,
    `loaded` the rows that it has by their keys, `held` those that it has locked, `counted` the changes of counts that
    are written at its end; `asked` are the due jobs (id and name) that `carry`, where there is one, hands to workers.
    `together` is there while jobs run as one step.
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
    known: KnownRows = field(default_factory=KnownRows)
    together: Together | None = None
    _at: int | None = None

    @property
    def at(self) -> int:
        """The time as columns hold it."""
        if self._at is None:
            self._at = to_microseconds(self.now)
        return self._at

    def finish(self) -> None:
        """Do what is to be done at the end, before it is kept."""
        for last in self.before_commit:
            last()
        if self.carry is not None and self.asked:
            self.carry(self, self.asked)

    def forget(self) -> None:
        """Every row is read again, because something changed that was not changed row by row."""
        self.loaded.clear()
        self.known.forget()
        self.catalog.forget()


class Writing:
    """A writing transaction: it is kept when the block ends, and undone when the block raises."""

    __slots__ = ("_actor", "_connection", "_store", "_tx")

    def __init__(self, store: Store, actor: Actor) -> None:
        self._store = store
        self._actor = actor

    def __enter__(self) -> Tx:
        self._connection = self._store.take(reading=False)
        try:
            self._tx = tx = self._store.tx_on(self._connection, self._actor)
        except BaseException:
            self._store.give_back(self._connection, reading=False)
            raise
        return tx

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        try:
            if kind is None:
                self._keep()
        finally:
            self._store.give_back(self._connection, reading=False)
        if kind is None:
            reach("after_commit")
            for follow in self._tx.after_commit:
                follow()

    def _keep(self) -> None:
        tx = self._tx
        tx.finish()
        reach("before_commit")
        self._connection.end("COMMIT")
        if self._connection.known is not None:
            tx.known.learn(tx.loaded, tx.noted)


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
        self._local = Here()
        self._idle: dict[bool, list[Connection]] = {True: [], False: []}

    def begin(self, actor: Actor) -> AbstractContextManager[Tx]:
        """Open a writing transaction; it is kept when the block ends, and undone when the block raises."""
        joined = self._local.joined
        return Writing(self, actor) if joined is None else joined.begin(actor)

    def read(self, actor: Actor) -> AbstractContextManager[Tx]:
        """Open a reading transaction: one moment's view, in which nothing can be written."""
        joined = self._local.joined
        return self.read_alone(actor) if joined is None else joined.read(actor)

    def join(self, joined: Joined | None) -> None:
        """Let this thread's further transactions be parts of one, or of none."""
        self._local.joined = joined

    def end_joined(self) -> None:
        """Keep what this thread's transactions have changed, where they are parts of one."""
        joined = self._local.joined
        if joined is not None:
            joined.end()

    def keep(self, connection: Connection) -> None:
        """Commit what several parts have changed."""
        connection.end("COMMIT")

    @contextmanager
    def read_alone(self, actor: Actor) -> Iterator[Tx]:
        """Open it as no part of anything."""
        connection = self.take(reading=True)
        try:
            yield self.tx_on(connection, actor)
        finally:
            self.give_back(connection, reading=True)

    def close(self) -> None:
        """Close all connections; open transactions must have ended."""
        with self._turn:
            for idle in self._idle.values():
                while idle:
                    idle.pop().close()

    def take(self, *, reading: bool) -> Connection:
        """Give a connection with a transaction open, once it is this writer's turn.

        A second transaction inside the first, on the same thread, would wait for itself for ever: RuntimeError.
        """
        if self._local.busy:
            raise RuntimeError("this thread already has a transaction open; hand its tx on instead")
        if not reading:
            self._turn.__enter__()
        try:
            connection = self._begun(reading=reading)
        except BaseException:
            if not reading:
                self._turn.__exit__(None, None, None)
            raise
        self._local.busy = True
        return connection

    def give_back(self, connection: Connection, *, reading: bool) -> None:
        """Undo what is not committed on a connection, and keep it unless it is broken."""
        try:
            connection.undo()
            if connection.is_whole:
                self._idle[reading].append(connection)
        finally:
            self._local.busy = False
            if not reading:
                self._turn.__exit__(None, None, None)

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

    def tx_on(self, connection: Connection, actor: Actor) -> Tx:
        """What an action needs, on a connection with a transaction open."""
        now, known = self.clock(), connection.known
        catalog = Catalog(connection, self.deployments)
        return Tx(
            connection,
            actor,
            now,
            partial(self._ids.next, now),
            catalog,
            [],
            self.ports,
            self.wake,
            self.house,
            noted={} if known is None else known.noted.copy(),
            counted=[],  # empty ones are given, because a default of a stated type is made five times as slowly
            loaded={},
            held=set(),
            before_commit=[],
            asked=[],
            carry=self.carry,
            known=known or _NOTHING,
        )


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
        tx.forget()
        tx.held.clear()
        if tx.connection.in_transaction:
            tx.connection.forget_waiting()
            tx.connection.execute("ROLLBACK TO step")
            tx.connection.execute("RELEASE step")
        raise


@contextmanager
def as_one_step(tx: Tx) -> Iterator[None]:
    """What the block writes is gathered; it is undone whole when anything in it is refused, at once or at the end."""
    with savepoint(tx), tx.connection.gathering():
        tx.together = Together()
        try:
            yield
        finally:
            tx.together = None


@contextmanager
def tried(tx: Tx) -> Iterator[None]:
    """What the block changes is undone when it raises; inside one step by ending that step, which raises NotTogether."""
    if tx.together is None:
        with savepoint(tx):
            yield
        return
    try:
        yield
    except StorageTrouble:
        raise
    except (BpmnError, MakegoodError) as refusal:
        raise NotTogether from refusal
