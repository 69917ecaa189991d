"""Lets the public DMN kit drive `decide`; the kit loads this file by its path."""

from __future__ import annotations

from pathlib import Path

from engine.execution.decisions import decide


class MakegoodDmn:
    """One file of the kit, with those beside it, which it may import."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    def load(self, path: Path) -> None:
        paths = [Path(path), *sorted(found for found in Path(path).parent.glob("*.dmn") if found != Path(path))]
        self.files = {found.name: found.read_bytes() for found in paths}

    def decide(self, name: str, inputs: dict[str, object]) -> object:
        return decide(self.files, name, inputs).value
