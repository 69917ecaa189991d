"""The key that signs form tokens and short notes is made once and lies beside the data, readable by its owner only."""

from __future__ import annotations

import secrets
from pathlib import Path

from engine.wiring import write_once

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
    write_once(file, secrets.token_bytes(48))  # of two processes at once both have the one that came first
    return file.read_bytes()
