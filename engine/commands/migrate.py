"""`makegood migrate` brings the database up to this program's schema; SQLite is copied before."""

from __future__ import annotations

from argparse import Namespace

from engine.commands.command import Command, no_arguments
from engine.commands.terminal import Terminal
from engine.settings import Settings
from engine.store.connection import utc_now
from engine.store.opening import upgraded


def run(args: Namespace, terminal: Terminal) -> int:
    """Do it, and say from what to what."""
    del args
    settings = Settings.from_environment()
    name = settings.database_name
    done = upgraded(settings.database_url, settings.database_path, now=utc_now())
    if done.before == done.after:
        terminal.say(f"{name} is up to date (schema {done.after}).")
        return 0
    terminal.say(f"{name}: from {done.before or 'nothing'} to schema {done.after}.")
    if done.backup is not None:
        terminal.say(f"The state before is kept in {done.backup}.")
    return 0


COMMAND = Command("migrate", "bring the database up to this version's schema", no_arguments, run)
