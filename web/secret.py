"""The key that signs form tokens and short notes is made once and lies beside the data, readable by its owner only."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

NAME = "web.key"


def signing_key(folder: Path) -> bytes:
    """Give the key of this installation; make it where there is none."""
    file = folder / NAME
    try:
        key = file.read_bytes()
    except FileNotFoundError:
        key = _make(file)
    return key if len(key) >= 32 else _make(file)


def _make(file: Path) -> bytes:
    file.parent.mkdir(parents=True, exist_ok=True)
    key = secrets.token_bytes(48)
    fresh = file.with_suffix(f".{os.getpid()}")
    fresh.touch(mode=0o600)
    fresh.write_bytes(key)
    fresh.replace(file)
    return key
