"""A disk that is really full refuses in a sentence and loses nothing; once there is room, everything goes on."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import pytest
from psycopg import sql

from engine.actions.register_case import Registration, register_case
from engine.model.case import Case
from engine.model.errors import StorageTrouble
from engine.store.postgres import PostgresDatabase
from engine.store.sqlite import SqliteDatabase
from tests.databases import Databases, connection
from tests.promises.conftest import OLA, TEXT, House, furnish_postgres

SIZE = 64 << 20


@pytest.fixture
def small_disk() -> Iterator[Path]:
    """A disk of 64 MB in memory; only root may make one."""
    folder = Path(f"/tmp/makegood-disk-{uuid4().hex[:8]}")  # its path must be short for sockets and tablespaces
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={SIZE}", "tmpfs", folder], check=False, capture_output=True
    )
    if made.returncode:
        folder.rmdir()
        pytest.skip("NO SMALL DISK HERE: only root may mount one")
    yield folder
    subprocess.run(["umount", "-l", folder], check=True)
    folder.rmdir()


@pytest.fixture
def cramped(
    dialect: str, small_disk: Path, furnished_database: Path, request: pytest.FixtureRequest
) -> Iterator[House]:
    """A furnished house whose database lies on the small disk."""
    if dialect == "sqlite":
        house = House(SqliteDatabase(str(shutil.copy(furnished_database, small_disk / "makegood.db"))))
        yield house
        house.store.close()
        return
    databases: Databases = request.getfixturevalue("databases")
    place, space = small_disk / "space", f"small_{uuid4().hex[:8]}"
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


def test_a_full_disk_loses_nothing_and_goes_on_once_there_is_room(cramped: House, small_disk: Path) -> None:
    kept = cramped.register()
    filler = small_disk / "filler"
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


def register_until_refused(house: House, acknowledged: set[str]) -> None:
    """What was there of pages may take a few more."""
    for _ in range(3000):
        acknowledged.add(register(house))


def register(house: House) -> str:
    """One more complaint."""
    with house.store.begin(house.person("anna")) as tx:
        return register_case(tx, Registration(subject="It leaks", description=TEXT, country="PL", customer=OLA)).id


def fill(file: Path) -> None:
    """Leave no room at all."""
    with file.open("wb") as out:
        try:
            while True:
                os.write(out.fileno(), b"\0" * 4096)
        except OSError:
            return
