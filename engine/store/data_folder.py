"""What Makegood keeps about people lies in a folder for its owner alone."""

from __future__ import annotations

from pathlib import Path


def make_private(folder: Path) -> None:
    """Make a folder that its owner alone looks into; one that is there keeps its rights."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
