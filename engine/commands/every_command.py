"""The engine's commands in the order in which help shows them."""

from engine.commands import (
    archive,
    audit,
    bench,
    checking,
    decide,
    deploy,
    import_complaints,
    make_demo,
    migrate,
    migrate_store,
    playing,
    safekeeping,
    status,
    token,
    user,
)
from engine.commands.command import Command

COMMANDS: tuple[Command, ...] = (
    migrate.COMMAND,
    migrate_store.COMMAND,
    checking.COMMAND,
    decide.COMMAND,
    playing.COMMAND,
    deploy.COMMAND,
    import_complaints.COMMAND,
    make_demo.COMMAND,
    user.COMMAND,
    token.COMMAND,
    audit.COMMAND,
    status.COMMAND,
    bench.COMMAND,
    safekeeping.BACKUP,
    safekeeping.RESTORE,
    archive.COMMAND,
)
