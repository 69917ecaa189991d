"""The desk and everything that it stands on, as blows find it, and what they saw go wrong."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.databases import Server, programs
from tests.faults.desk import Desk
from tests.faults.outside import Cable, Mail
from tests.faults.people import Person
from tests.faults.process import SHORT_LEASE
from tests.faults.small_disk import small_disk

DURABLE = ("fsync=off", "autovacuum=on", "wal_level=minimal", "max_wal_size=64MB", "min_wal_size=32MB")
"""An immediate stop ends processes, not the machine: what they wrote is there without fsync."""
STILL = SHORT_LEASE.total_seconds() + 1.5
"""Seconds after which a lease is over, and somebody has noticed."""
ROOM = 768 << 20
"""What the data may take of the small disk."""


@dataclass(slots=True)
class World:
    """The desk and what it stands on; server and cable are PostgreSQL's, `post` leads to the mail server.

    `disk` is the small one that the data lie on, or None where nobody may mount one; `points` are the named ones where
    somebody died.
    """

    desk: Desk
    dice: random.Random
    post: Cable
    server: Server | None = None
    cable: Cable | None = None
    disk: Path | None = None
    people: list[Person] = field(default_factory=list[Person])
    surprises: list[str] = field(default_factory=list[str])
    points: Counter[str] = field(default_factory=Counter[str])
    imported: dict[str, int] = field(default_factory=dict[str, int])

    def somebody(self) -> str:
        """One of the processes."""
        return self.dice.choice(self.desk.names)

    def person(self, login: str) -> Person:
        """One of the people."""
        return next(person for person in self.people if person.login == login)


@contextmanager
def standing(store: str, seed: int, folder: Path, mail: Mail) -> Iterator[World]:
    """What the desk stands on: a small disk, a cable to the mail server, and perhaps a server of PostgreSQL behind one."""
    dice, post = random.Random(seed), Cable(("127.0.0.1", mail.port))
    folder.mkdir(parents=True, exist_ok=True)
    with small_disk(ROOM) as disk:
        try:
            if store == "sqlite":
                desk = Desk((disk or folder) / "data", "", Mail.url_of(post.port), logs=folder)
                yield World(desk, dice, post, disk=disk)
            else:
                with served(disk) as (server, cable):
                    url = f"postgresql+psycopg://makegood@127.0.0.1:{cable.port}/postgres"
                    desk = Desk(folder / "data", url, Mail.url_of(post.port), server.url, logs=folder)
                    yield World(desk, dice, post, server, cable, disk)
        finally:
            post.close()


@contextmanager
def served(disk: Path | None) -> Iterator[tuple[Server, Cable]]:
    """A server of its own, on the small disk where there is one, and the cable to it."""
    found = programs()
    if found is None:
        raise RuntimeError("there is no PostgreSQL here: install the test packages")
    server = Server(found, options=DURABLE, place=str(disk or "/tmp"))
    cable = Cable(str(server.folder / ".s.PGSQL.5432"))
    try:
        yield server, cable
    finally:
        cable.close()
        server.remove()
