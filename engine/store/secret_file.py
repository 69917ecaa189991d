"""A secret is a file beside the database that only its owner reads; it is made once and never changes."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from engine.model.errors import StorageTrouble


def secret_of(path: Path) -> bytes:
    """Give the secret that the file holds, and make it where there is none."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            return path.read_bytes().strip()
        with os.fdopen(file, "wb") as opened:
            secret = secrets.token_hex(32).encode()
            opened.write(secret + b"\n")
            opened.flush()
            os.fsync(opened.fileno())
        return secret
    except OSError as error:
        raise StorageTrouble(
            "secret_file",
            "The file {path} cannot be read or written ({reason}). Check who owns it.",
            path=str(path),
            reason=error.strerror or str(error),
        ) from error
