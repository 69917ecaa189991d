"""What Makegood keeps about people lies in a folder for its owner alone, and a file that has its name there is whole."""

from __future__ import annotations

import os
from pathlib import Path

from engine.model.errors import StorageTrouble


def make_private(folder: Path) -> None:
    """Make a folder that its owner alone looks into; one that is there keeps its rights. Raise StorageTrouble where that cannot be."""
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise unusable(folder, error) from error


def unusable(folder: Path, error: OSError) -> StorageTrouble:
    """The refusal that says why."""
    return StorageTrouble(
        "data_folder",
        "The data folder {folder} cannot be used ({reason}). Choose another with MAKEGOOD_DATA_DIR.",
        folder=str(folder),
        reason=error.strerror or str(error),
    )


def put_in_place(draft: Path, path: Path) -> None:
    """Give a written file its name, on the disk for good: whatever was there stays until the new one is whole."""
    with draft.open("r+b") as file:
        os.fsync(file.fileno())
    os.replace(draft, path)
    flush_folder(path.parent)


def flush_folder(folder: Path) -> None:
    """Let the names in a folder be on the disk for good."""
    if os.name == "posix":  # elsewhere folders cannot be flushed
        opened = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(opened)
        finally:
            os.close(opened)
