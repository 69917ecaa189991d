"""What Makegood keeps about people lies in a folder for its owner alone."""

from __future__ import annotations

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
