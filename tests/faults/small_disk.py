"""A disk of a few megabytes in memory, which can be filled to its last byte; only root may mount one."""

from __future__ import annotations

import os
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

FILLER = "filler"


@contextmanager
def small_disk(size: int) -> Iterator[Path | None]:
    """A disk of so many bytes until the block ends; None where this system lets nobody mount one."""
    folder = Path(f"/tmp/makegood-disk-{uuid4().hex[:8]}")  # its path must be short for sockets and tablespaces
    folder.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", folder], check=False, capture_output=True
    )
    try:
        yield folder if made.returncode == 0 else None
    finally:
        if made.returncode == 0:
            subprocess.run(["umount", "-l", folder], check=True)
        folder.rmdir()


def fill(file: Path) -> None:
    """Leave no room at all."""
    with file.open("ab") as out:
        for step in (1 << 20, 4096):
            try:
                while True:
                    os.write(out.fileno(), b"\0" * step)
            except OSError:
                continue


def keep_full(disk: Path, seconds: float) -> None:
    """For so long nobody finds room, whatever is given free meanwhile; then there is room again."""
    filler = disk / FILLER
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        fill(filler)
        time.sleep(0.05)
    filler.unlink()
