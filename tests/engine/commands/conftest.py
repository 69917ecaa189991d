"""Commands run as operators run them: an empty but furnished data folder, and what they said."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.commands.demo.making import begin_empty
from engine.settings import Settings
from web.cli import main


@dataclass(frozen=True)
class Said:
    """What a command gave back."""

    code: int
    out: str
    err: str


Run = Callable[..., Said]


@pytest.fixture(scope="session")
def empty_house(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder with the shipped processes, queues and segments, made once."""
    folder = tmp_path_factory.mktemp("house")
    begin_empty(Settings(data_dir=folder))
    return folder


@pytest.fixture
def house(empty_house: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder for this test alone, which all commands of the test use."""
    folder = tmp_path / "data"
    shutil.copytree(empty_house, folder)
    monkeypatch.setenv("MAKEGOOD_DATA_DIR", str(folder))
    return folder


@pytest.fixture
def makegood(capsys: pytest.CaptureFixture[str]) -> Run:
    """Run a command; gives its exit code and what it said."""

    def run(*arguments: str | Path) -> Said:
        capsys.readouterr()
        try:
            code = main([str(each) for each in arguments])
        except SystemExit as left:  # argparse leaves that way
            code = left.code if isinstance(left.code, int) else 1
        said = capsys.readouterr()
        return Said(code, said.out, said.err)

    return run
