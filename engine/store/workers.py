"""Which workers are connected to a PostgreSQL server: each names itself by its connections, so that one that ended is gone."""

from __future__ import annotations

import os
import re
import socket
from dataclasses import dataclass
from datetime import datetime

from engine.model.zones import from_microseconds
from engine.store import rows
from engine.store.connection import Dialect
from engine.store.transaction import Tx

_WORD = "makegood work"
_LONGEST_HOST = 40  # the server cuts names of connections at 63 signs
_CONNECTED = f"""
SELECT application_name, CAST(extract(epoch FROM min(backend_start)) * 1000000 AS bigint),
  CAST(extract(epoch FROM max(coalesce(state_change, backend_start))) * 1000000 AS bigint)
FROM pg_stat_activity WHERE datname = current_database() AND application_name LIKE '{_WORD} %'
GROUP BY application_name ORDER BY application_name"""


@dataclass(frozen=True, slots=True)
class ConnectedWorker:
    """A process that runs jobs: where, since when it is connected, and when it last asked for something.

    A worker asks at least every ten seconds, whatever there is to do.
    """

    host: str
    pid: int
    since: datetime
    seen: datetime


def name_of_worker() -> str:
    """What the connections of a worker in this process are called."""
    host = re.sub(r"[^\w.-]", "-", socket.gethostname(), flags=re.ASCII)[:_LONGEST_HOST]
    return f"{_WORD} {host or '-'} {os.getpid()}"


def connected_workers(tx: Tx) -> list[ConnectedWorker] | None:
    """Give the workers on PostgreSQL, by host and number; None on SQLite, where the process that serves is the worker."""
    if tx.connection.dialect is not Dialect.POSTGRES:
        return None
    found: list[ConnectedWorker] = []
    for name, since, seen in rows.fetch(tx, _CONNECTED):
        _, _, host, pid = name.split(" ")
        found.append(ConnectedWorker(host, int(pid), from_microseconds(since), from_microseconds(seen)))
    return found
