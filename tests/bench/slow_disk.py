"""The command line on an ordinary disk: each commit takes three milliseconds more than it does here."""

from __future__ import annotations

import sys
import time

from engine.store.sqlite import SqliteConnection
from web.cli import main

MORE = 0.003
_end = SqliteConnection.end


def end_slowly(connection: SqliteConnection, word: str) -> None:
    """Wait as for a disk, while the database is held."""
    time.sleep(MORE)
    _end(connection, word)


if __name__ == "__main__":
    SqliteConnection.end = end_slowly  # type: ignore[assignment, method-assign]  # of this process alone
    sys.exit(main())
