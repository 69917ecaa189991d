"""A secret is a file beside the database that only its owner reads; it is made once and never changes."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from pathlib import Path

from engine.model.errors import StorageTrouble
from engine.store.data_folder import flush_folder, make_private

SHORTEST = 32


def secret_of(path: Path) -> bytes:
    """Give the secret that the file holds, and make it where there is none."""
    try:
        if not path.exists():
            write_once(path, secrets.token_hex(32).encode() + b"\n")
        secret = path.read_bytes().strip()
    except OSError as error:
        raise StorageTrouble(
            "secret_file",
            "The file {path} cannot be read or written ({reason}). Check who owns it.",
            path=str(path),
            reason=error.strerror or str(error),
        ) from error
    if len(secret) < SHORTEST:
        raise StorageTrouble(
            "secret_cut", "The file {path} is empty or cut off. Put it back from a backup.", path=str(path)
        )
    return secret


def write_once(path: Path, content: bytes) -> None:
    """Write a file whole before it has its name: whoever sees it reads all of it, and of two who make it one wins."""
    make_private(path.parent)
    file, draft = tempfile.mkstemp(dir=path.parent, prefix=".secret-")
    try:
        with os.fdopen(file, "wb") as opened:
            opened.write(content)
            opened.flush()
            os.fsync(opened.fileno())
        with suppress(FileExistsError):
            os.link(draft, path)
            flush_folder(path.parent)
    finally:
        os.unlink(draft)
