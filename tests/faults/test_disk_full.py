"""A disk that is really full refuses in a sentence and loses nothing; once there is room, everything goes on."""

from __future__ import annotations

import os
import pwd
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest
from psycopg import sql

from engine.actions.register_case import Registration, register_case
from engine.jobs.lease import recover
from engine.model.case import Case
from engine.model.errors import StorageFull, StorageTrouble
from engine.model.people import SYSTEM
from engine.store.opening import upgraded
from engine.store.postgres import PostgresDatabase
from engine.store.sqlite import SqliteDatabase
from tests.databases import Databases, Server, connection, programs
from tests.faults.blows import come_back
from tests.faults.small_disk import fill, small_disk
from tests.faults.world import DURABLE
from tests.promises.conftest import MONDAY, OLA, TEXT, House, furnish, furnish_postgres

SIZE = 64 << 20


@pytest.fixture
def disk() -> Iterator[Path]:
    """A disk of 64 MB in memory."""
    with small_disk(SIZE) as made:
        if made is None:
            pytest.skip("NO SMALL DISK HERE: only root may mount one")
        yield made


@pytest.fixture
def cramped(dialect: str, disk: Path, furnished_database: Path, request: pytest.FixtureRequest) -> Iterator[House]:
    """A furnished house whose database lies on the small disk."""
    if dialect == "sqlite":
        house = House(SqliteDatabase(str(shutil.copy(furnished_database, disk / "makegood.db"))))
        yield house
        house.store.close()
        return
    databases: Databases = request.getfixturevalue("databases")
    place, space = disk / "space", f"small_{uuid4().hex[:8]}"
    place.mkdir()
    if os.geteuid() == 0:
        os.chown(place, pwd.getpwnam("nobody").pw_uid, -1)
    url = databases.copy("furnished", furnish_postgres)
    name = url.rsplit("/", 1)[1].partition("?")[0]
    with connection(databases.url) as server:
        server.execute(sql.SQL("CREATE TABLESPACE {} LOCATION {}").format(sql.Identifier(space), str(place)))
        move = sql.SQL("ALTER DATABASE {} SET TABLESPACE {}")
        server.execute(move.format(sql.Identifier(name), sql.Identifier(space)))
    house = House(PostgresDatabase(url))
    yield house
    house.store.close()
    databases.drop(url)
    with connection(databases.url) as server:
        server.execute(sql.SQL("DROP TABLESPACE {}").format(sql.Identifier(space)))


def test_a_full_disk_loses_nothing_and_goes_on_once_there_is_room(cramped: House, disk: Path) -> None:
    kept = cramped.register()
    filler = disk / "filler"
    fill(filler)
    acknowledged = {kept.id}
    with pytest.raises(StorageTrouble):
        register_until_refused(cramped, acknowledged)
    filler.unlink()
    cramped.settle()
    assert {case.id for case in cramped.all(Case)} == acknowledged
    register(cramped)
    cramped.settle()
    assert len(cramped.all(Case)) == len(acknowledged) + 1
    assert cramped.broken() == []


def register_until_refused(
    house: House, acknowledged: set[str], *, after_each: Callable[[], None] = lambda: None
) -> None:
    """What was there of pages may take a few more."""
    for _ in range(3000):
        acknowledged.add(register(house))
        after_each()


def register(house: House) -> str:
    """One more complaint."""
    with house.store.begin(house.person("anna")) as tx:
        return register_case(tx, Registration(subject="It leaks", description=TEXT, country="PL", customer=OLA)).id


def test_a_log_that_cannot_grow_is_a_full_disk_although_the_file_has_room(disk: Path, furnished_database: Path) -> None:
    path, filler = disk / "makegood.db", disk / "filler"
    house = House(SqliteDatabase(str(shutil.copy(furnished_database, path))))
    acknowledged = {house.register().id}
    reader = sqlite3.connect(path, isolation_level=None)
    reader.execute("BEGIN")
    reader.execute("SELECT count(*) FROM case_file").fetchall()  # who reads keeps the log from being emptied
    fill(filler)
    size = path.stat().st_size
    with pytest.raises(StorageFull):
        register_until_refused(house, acknowledged)
    assert path.stat().st_size == size
    reader.close()
    filler.unlink()
    assert {case.id for case in house.all(Case)} == acknowledged
    acknowledged.add(register(house))
    house.settle()
    assert house.broken() == []
    house.store.close()


@pytest.mark.slow
def test_a_server_without_room_for_its_log_ends_and_loses_nothing(disk: Path) -> None:
    found = programs()
    if found is None:
        pytest.skip("NO POSTGRESQL HERE: install the test packages")
    server = Server(found, options=DURABLE)
    upgraded(server.url, Path(), now=MONDAY)
    move_log(server, disk / "log")
    house = House(PostgresDatabase(server.url))
    furnish(house.store.database)
    acknowledged = {house.register().id}
    fill(disk / "filler")
    with pytest.raises(StorageTrouble):
        register_until_refused(house, acknowledged, after_each=lambda: next_file_of_log(server))
    assert "No space left on device" in (server.folder / "log").read_text()
    (disk / "filler").unlink()
    come_back(server)
    again = register(house)
    recovered(house)
    assert acknowledged | {again} <= {case.id for case in house.all(Case)}
    assert house.broken() == []
    house.store.close()
    server.remove()


def move_log(server: Server, place: Path) -> None:
    """Let the server keep its write-ahead log there."""
    server.stop()
    log = server.folder / "data" / "pg_wal"
    shutil.move(log, place)
    log.symlink_to(place)
    for path in (place, *place.rglob("*")):
        os.chown(path, pwd.getpwnam("nobody").pw_uid, -1)
    server.start()


def next_file_of_log(server: Server) -> None:
    """Let the log need another file of 16 MB, sooner than by writing so much."""
    with suppress(psycopg.OperationalError), connection(server.url) as own:
        own.execute("SELECT pg_switch_wal()")


def recovered(house: House) -> None:
    """What was at work when the server ended is taken up again."""
    with house.store.begin(SYSTEM) as tx:
        recover(tx, all_leases=True)
    house.settle()
