"""Several transactions of one thread are kept by one commit; each can be undone by itself, and nobody is told before all are kept."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import TracebackType

from engine.model.people import Actor
from engine.store.connection import Connection
from engine.store.crash_points import reach
from engine.store.transaction import Store, Tx

LOG = logging.getLogger("makegood.store")


class OneCommit:
    """From its making to its end, what this thread begins are parts of one transaction, which the first of them opens.

    A part sees what the parts before it have changed. For databases with one writer only: the parts hold everything.
    """

    __slots__ = ("_connection", "_follow", "_is_busy", "_is_lost", "_told", "store")

    def __init__(self, store: Store, told: Callable[[bool], None]) -> None:
        """`told` is called once when it has ended: with True when all is kept, with False when nothing is."""
        self.store = store
        self._told = told
        self._connection: Connection | None = None
        self._follow: list[Callable[[], None]] = []
        self._is_busy = False
        self._is_lost = False
        store.join(self)

    def begin(self, actor: Actor) -> Part:
        """Open a part that may write."""
        return Part(self, actor)

    @contextmanager
    def read(self, actor: Actor) -> Iterator[Tx]:
        """Open a part that reads; before anything was written, it is a reading transaction like any other."""
        if self._connection is None:
            with self.store.read_alone(actor) as tx:
                yield tx
            return
        connection = self.take()
        try:
            yield self.store.tx_on(connection, actor)
        finally:
            self.put_down()

    def take(self) -> Connection:
        """Give the connection to a part; a part inside a part would be kept or undone with it: RuntimeError."""
        if self._is_busy:
            raise RuntimeError("this thread already has a transaction open; hand its tx on instead")
        if self._connection is not None and not self._connection.in_transaction:
            self.lose()  # while a part read
        if self._is_lost:
            raise RuntimeError("the database has undone this transaction")
        if self._connection is None:
            self._connection = self.store.take(reading=False)
        self._is_busy = True
        return self._connection

    def put_down(self) -> None:
        """End a part."""
        self._is_busy = False

    def follow(self, functions: list[Callable[[], None]]) -> None:
        """Call these once all is kept."""
        self._follow += [each for each in functions if each not in self._follow]

    def lose(self) -> None:
        """The database has undone more than a part, as it does when a disk is full: nothing can be kept."""
        self._is_lost = True

    def end(self) -> None:
        """Keep all parts, tell it, and let the thread's further transactions be their own."""
        self.store.join(None)
        try:
            kept = self._keep()
        except Exception as refusal:  # noqa: BLE001  # outer loop: each request is answered again by itself
            LOG.warning("nothing of several requests was kept, each is tried alone: %s", refusal)
            kept = False
        if kept:
            reach("after_commit")
        try:
            self._told(kept)
        finally:
            for each in self._follow if kept else ():
                self._do(each)

    def _do(self, follow: Callable[[], None]) -> None:
        try:
            follow()
        except Exception:  # outer loop: all is kept and told, and whoever comes next has nothing to do with it
            LOG.exception("what follows from a transaction that was kept was not done")

    def drop(self) -> None:
        """Undo all parts; nobody is told."""
        self.store.join(None)
        self.lose()
        self._keep()

    def _keep(self) -> bool:
        """Keep all; False where there was nothing to be kept any more."""
        connection, self._connection = self._connection, None
        if connection is None:
            return not self._is_lost
        is_kept = False
        try:
            if not self._is_lost:
                reach("parts_done")
                self.store.keep(connection)
                is_kept = True
        finally:
            if not is_kept and connection.known is not None:
                connection.known.forget()
            self.store.give_back(connection, reading=False)
        return is_kept


class Part:
    """A writing transaction among those that are kept together."""

    __slots__ = ("_actor", "_tx", "_whole")

    def __init__(self, whole: OneCommit, actor: Actor) -> None:
        self._whole = whole
        self._actor = actor

    def __enter__(self) -> Tx:
        connection = self._whole.take()
        try:
            connection.execute("SAVEPOINT part")
            self._tx = tx = self._whole.store.tx_on(connection, self._actor)
        except BaseException:
            self._whole.put_down()
            raise
        return tx

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        is_done = False
        try:
            if kind is None:
                self._finish()
                is_done = True
        finally:
            if not is_done:
                self._undo()
            self._whole.put_down()

    def _finish(self) -> None:
        tx = self._tx
        tx.finish()
        tx.connection.execute("RELEASE part")
        tx.known.learn(tx.loaded, tx.noted)
        self._whole.follow(tx.after_commit)
        reach("part_done")

    def _undo(self) -> None:
        connection = self._tx.connection
        connection.forget_waiting()
        if not connection.in_transaction:
            self._whole.lose()
            return
        connection.execute("ROLLBACK TO part")
        connection.execute("RELEASE part")
