"""The key that signs form tokens and short notes is made once and lies beside the data, readable by its owner only."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

NAME = "web.key"
SHORTEST = 32


def signing_key(folder: Path) -> bytes:
    """Give the key of this installation; make it where there is none."""
    file = folder / NAME
    key = file.read_bytes() if file.exists() else b""
    if len(key) >= SHORTEST:
        return key
    if key:  # cut off by a full disk; nothing that it signed lasts
        file.unlink(missing_ok=True)
    _make(file)
    return file.read_bytes()


def _make(file: Path) -> None:
    """Write it whole before it has its name: of two processes that make it at once one wins, and both have that one's."""
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, draft = tempfile.mkstemp(dir=file.parent, prefix=".key-")
    try:
        with os.fdopen(descriptor, "wb") as opened:
            opened.write(secrets.token_bytes(48))
        with suppress(FileExistsError):
            os.link(draft, file)
    finally:
        os.unlink(draft)
