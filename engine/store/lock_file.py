"""Only one process works on a data folder: it holds a lock file, which the system frees when the process ends."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Protocol

from engine.model.errors import Conflict
from engine.store.data_folder import make_private, unusable

if sys.platform == "win32":
    import msvcrt

    def _lock(file: int) -> None:
        """Lock one byte behind the text, so that others can read whose lock it is."""
        os.lseek(file, 1_000_000, os.SEEK_SET)
        msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
        os.lseek(file, 0, os.SEEK_SET)
else:
    import fcntl

    def _lock(file: int) -> None:
        """Lock the file for this process."""
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)


class Held(Protocol):
    """What is held until it is given free."""

    def release(self) -> None:
        """Give it free."""


class Shared:
    """A folder that any number of processes may work on, since a PostgreSQL server keeps the data."""

    def __init__(self, folder: Path) -> None:
        """Make the folder; raise StorageTrouble where that cannot be."""
        make_private(folder)

    def release(self) -> None:
        """Nothing is held."""


class DataLock:
    """The lock of a data folder, held from making it until `release` or the end of the process."""

    def __init__(self, folder: Path) -> None:
        """Take the lock; raise Conflict with the process id of whoever holds it."""
        try:
            make_private(folder)
            self._file = os.open(folder / "makegood.lock", os.O_RDWR | os.O_CREAT, 0o644)
        except OSError as error:
            raise unusable(folder, error) from error
        if not _locked(self._file):
            holder = os.read(self._file, 20).decode(errors="replace").strip() or "?"
            os.close(self._file)
            raise Conflict(
                "already_running",
                "Makegood is already running on {folder}, as process {pid}. Use that one, or stop it first.",
                folder=str(folder),
                pid=holder,
            )
        os.ftruncate(self._file, 0)
        os.write(self._file, f"{os.getpid()}\n".encode())

    def release(self) -> None:
        """Give the folder free."""
        if self._file >= 0:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = -1


def _locked(file: int) -> bool:
    try:
        _lock(file)
    except OSError:
        return False
    return True
