"""The demonstration is made in a folder of its own and moved into place when it is whole; broken off, it leaves nothing."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from engine.actions.deploy_process import deploy_process
from engine.channels.email import EmailChannel
from engine.channels.post import PostChannel
from engine.commands.demo.clockwork import Clockwork
from engine.commands.demo.people import hire
from engine.commands.demo.story import tell_story
from engine.commands.deploy import shipped
from engine.commands.house import furnish
from engine.commands.terminal import Terminal
from engine.model.errors import Conflict
from engine.model.people import SYSTEM, Notice
from engine.model.ports import Ports
from engine.queries.shell_facts import is_demonstration
from engine.settings import Settings
from engine.store import rows, settings
from engine.store.connection import utc_now
from engine.store.snapshots import put_snapshot
from engine.store.transaction import Tx
from engine.wiring import Engine, build

WORKSHOP = ".demonstration"
SUFFIXES = ("", "-wal", "-shm")


def make_demo(chosen: Settings, terminal: Terminal) -> None:
    """Let Veltra's last thirty days happen, then put them in the place of the database."""
    workshop = chosen.data_dir / WORKSHOP
    shutil.rmtree(workshop, ignore_errors=True)
    terminal.tell("Making the demonstration: thirty days of the company Veltra. This takes less than a minute.")
    clock = Clockwork(utc_now() - timedelta(days=31))
    private = replace(chosen, data_dir=workshop, database_url="", smtp_url="")
    engine = build(private, clock=clock, ports=paper_only(workshop, clock), durable=False)
    try:
        prepare_house(engine)
        hire(engine.store)
        tell_story(engine, clock, terminal)
        with engine.begin(SYSTEM) as tx:
            read_old_notices(tx)
            settings.put_setting(tx, "demo", "1")
    finally:
        engine.close()
    refuse_real_data(chosen, replaces=True)  # somebody may have begun to work meanwhile
    move_into_place(private, chosen)
    shutil.rmtree(workshop, ignore_errors=True)
    terminal.clear()


def read_old_notices(tx: Tx) -> None:
    """Let Veltra's people have read what they were told more than two days ago."""
    for notice in rows.find(tx, Notice, read_at=None):
        if notice.created_at < tx.now - timedelta(days=2):
            rows.update(tx, Notice, notice.id, read_at=notice.created_at + timedelta(hours=1))


def paper_only(folder: Path, clock: Clockwork) -> Ports:
    """Ways out that reach nobody: letters become files, dated by the story's clock."""
    outbox = folder / "outbox"
    email, post = EmailChannel(outbox=outbox, clock=clock), PostChannel(outbox=outbox / "post", clock=clock)
    return Ports(channels={email.key: email, post.key: post})


def begin_empty(chosen: Settings) -> None:
    """Make an empty database with the shipped processes, queues, levels and segments."""
    workshop = chosen.data_dir / WORKSHOP
    shutil.rmtree(workshop, ignore_errors=True)
    private = replace(chosen, data_dir=workshop, database_url="")
    engine = build(private)
    try:
        prepare_house(engine)
        with engine.begin(SYSTEM) as tx:
            furnish(tx)
            settings.put_setting(tx, "demo", "none")
    finally:
        engine.close()
    move_into_place(private, chosen)
    shutil.rmtree(workshop, ignore_errors=True)


def prepare_house(engine: Engine) -> None:
    """Deploy what ships."""
    for folder in shipped():
        with engine.begin(SYSTEM) as tx:
            deploy_process(tx, folder.key, folder.files)


def move_into_place(made: Settings, chosen: Settings) -> None:
    """Put the made database and its outbox in the place of what was there."""
    outbox, new_outbox = chosen.data_dir / "outbox", made.data_dir / "outbox"
    for suffix in () if chosen.is_postgres else SUFFIXES:
        beside(chosen.database_path, suffix).unlink(missing_ok=True)
    shutil.rmtree(outbox, ignore_errors=True)
    (chosen.data_dir / "anchors.txt").unlink(missing_ok=True)
    if new_outbox.is_dir():
        os.replace(new_outbox, outbox)
    with made.database_path.open("rb") as database:
        os.fsync(database.fileno())
    put_snapshot(chosen.database_url, chosen.database_path, made.database_path, now=utc_now())


def beside(database: Path, suffix: str) -> Path:
    """The database's file, or one of SQLite's beside it."""
    return database.with_name(database.name + suffix)


def refuse_real_data(chosen: Settings, *, replaces: bool) -> None:
    """Raise Conflict where the database holds real data, or a demonstration that nobody asked to replace."""
    if not chosen.is_postgres and not chosen.database_path.exists():
        return
    engine = build(chosen)
    try:
        with engine.read(SYSTEM) as tx:
            is_demo, is_used = is_demonstration(tx), in_use(tx)
    finally:
        engine.close()
    if is_used and not is_demo and chosen.is_postgres:
        raise Conflict(
            "database_real",
            "The data in {database} are no demonstration and stay as they are. Name another database with MAKEGOOD_DATABASE_URL.",
            database=chosen.database_name,
        )
    if is_used and not is_demo:
        raise Conflict(
            "data_real",
            "The data in {folder} are no demonstration and stay as they are. Choose another folder with MAKEGOOD_DATA_DIR.",
            folder=str(chosen.data_dir),
        )
    if is_demo and not replaces:
        raise Conflict(
            "demo_there",
            "The demonstration is there already. makegood demo --reset makes it anew, makegood demo --none begins empty.",
        )


def in_use(tx: Tx) -> bool:
    """Whether anybody works here or any case was registered."""
    return bool(rows.fetch(tx, "SELECT 1 FROM person LIMIT 1") or rows.fetch(tx, "SELECT 1 FROM case_file LIMIT 1"))
