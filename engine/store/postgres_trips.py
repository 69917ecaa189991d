"""Statements that go to the server together leave in one write and their answers are read together; what recurs is prepared once a connection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import psycopg
from psycopg.abc import Buffer, PQGen
from psycopg.adapt import PyFormat, Transformer
from psycopg.errors import error_from_result
from psycopg.generators import fetch_many, send
from psycopg.pq import ConnStatus, ExecStatus, Format, TransactionStatus
from psycopg.pq.abc import PGresult

Sent = tuple[bytes, Sequence[object]]

_PREPARED_FROM = 3
"""A statement is prepared when it is sent for this time."""
_KEPT = 500
_REFUSED = {ExecStatus.FATAL_ERROR, ExecStatus.BAD_RESPONSE}
_Key = tuple[bytes, tuple[int, ...]]
_Dumped = tuple[bytes, tuple[int, ...], Sequence[Buffer | None], Sequence[Format] | None]


@dataclass(slots=True)
class Answer:
    """What a statement left behind; rows are there at once."""

    rowcount: int
    rows: list[Any]
    _read: int = 0

    def fetchone(self) -> Any:
        """Give the next row, or None."""
        if self._read == len(self.rows):
            return None
        self._read += 1
        return self.rows[self._read - 1]

    def fetchall(self) -> list[Any]:
        """Give the rows that nobody has read."""
        unread = self.rows[self._read :]
        self._read = len(self.rows)
        return unread


class Trips:
    """Runs statements on a driver connection that prepares nothing by itself, whatever its transaction is.

    The driver's own pipeline writes, waits and reads once a statement; here that happens once a trip, and what is
    prepared outlives a rollback, after which the driver would drop it.
    """

    def __init__(self, driver: psycopg.Connection[Any]) -> None:
        self._driver = driver
        self._libpq = driver.pgconn
        self._adapt = Transformer(driver)
        self._named: dict[_Key, bytes] = {}
        self._seen: dict[_Key, int] = {}
        self._count = 0

    def go(self, statements: Sequence[Sent]) -> list[Answer]:
        """Run the statements in their order and give the answer of each; raise psycopg.Error for the first that is refused."""
        if len(self._named) >= _KEPT and self._libpq.transaction_status == TransactionStatus.IDLE:
            self._named.clear()
            self._seen.clear()
            self._run([(b"DEALLOCATE ALL", ())])
        return self._run(statements)

    def _run(self, statements: Sequence[Sent]) -> list[Answer]:
        dumped = [self._dumped(statement) for statement in statements]  # what cannot be said is refused before all else
        self._libpq.enter_pipeline_mode()
        is_read = False
        try:
            coming: list[_Key | None] = []
            for statement in dumped:
                self._put(statement, coming)
            self._libpq.pipeline_sync()
            results = self._driver.wait(_answers(self._libpq, len(coming)))
            is_read = True
        finally:
            if is_read:
                self._libpq.exit_pipeline_mode()
            elif self._libpq.status != ConnStatus.BAD:  # nobody knows what is still to be read
                self._driver.close()
        return self._judged(coming, results)

    def _dumped(self, statement: Sent) -> _Dumped:
        text, params = statement
        values = self._adapt.dump_sequence(params, [PyFormat.AUTO] * len(params))
        return text, self._adapt.types or (), values, self._adapt.formats

    def _put(self, statement: _Dumped, coming: list[_Key | None]) -> None:
        """Put a statement into the driver's buffer; `coming` are its answers: a key where a statement is prepared."""
        text, types, values, formats = statement
        key = text, types
        name = self._named.get(key)
        if name is None:
            seen = self._seen[key] = self._seen.get(key, 0) + 1
            if seen < _PREPARED_FROM:
                self._libpq.send_query_params(text, values, types, formats)
                coming.append(None)
                return
            self._count += 1
            name = self._named[key] = f"kept_{self._count}".encode()
            self._libpq.send_prepare(name, text, types)
            coming.append(key)
        self._libpq.send_query_prepared(name, values, formats)
        coming.append(None)

    def _judged(self, coming: Sequence[_Key | None], results: Sequence[PGresult]) -> list[Answer]:
        """Give the answers; raise the first refusal, behind which nothing was run and nothing prepared."""
        refused = next((place for place, result in enumerate(results) if result.status in _REFUSED), None)
        if refused is None:
            return [self._answer(result) for key, result in zip(coming, results, strict=True) if key is None]
        for key in coming[refused:]:
            if key is not None:
                self._named.pop(key, None)
        raise error_from_result(results[refused], encoding="utf-8")

    def _answer(self, result: PGresult) -> Answer:
        rowcount = result.command_tuples
        rows: list[Any] = []
        if result.ntuples:
            self._adapt.set_pgresult(result)
            rows = self._adapt.load_rows(0, result.ntuples, tuple)
        return Answer(-1 if rowcount is None else rowcount, rows)


def _answers(libpq: psycopg.pq.abc.PGconn, count: int) -> PQGen[list[PGresult]]:
    """Write what is in the buffer, and read the last result of each statement, and the one that says that all are there."""
    yield from send(libpq)
    results: list[PGresult] = []
    for _ in range(count):
        found = yield from fetch_many(libpq)
        if not found:
            raise psycopg.OperationalError("the connection broke off between two answers")
        results.append(found[-1])
    yield from fetch_many(libpq)
    return results
