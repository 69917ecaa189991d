"""Moving to another database refuses what would leave halves, and finds the keys of the installation that moves."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.settings import Settings
from engine.wiring import build, hold_data
from tests.engine.commands.conftest import Run


@pytest.fixture
def sealed(house: Path) -> Path:
    """A house whose audit trail has been sealed once."""
    engine = build(Settings(data_dir=house))
    engine.cast_anchor()
    engine.close()
    return house


@pytest.fixture
def elsewhere(sealed: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The command runs in another folder, and no setting names the house."""
    folder = sealed.parent / "elsewhere"
    folder.mkdir()
    monkeypatch.chdir(folder)
    monkeypatch.delenv("MAKEGOOD_DATA_DIR")
    return folder


def test_an_installation_moves_and_its_rows_and_chains_are_compared(sealed: Path, makegood: Run) -> None:
    said = makegood("migrate-store", f"sqlite:{sealed}/makegood.db", f"sqlite:{sealed}/new.db")
    assert said.code == 0
    assert "each compared" in said.out
    assert "Every audit chain and every anchor verifies there." in said.out
    assert "MAKEGOOD_DATA_DIR" not in said.out


def test_keys_beside_the_database_are_found_and_named(sealed: Path, elsewhere: Path, makegood: Run) -> None:
    said = makegood("migrate-store", f"sqlite:{sealed}/makegood.db", f"sqlite:{elsewhere}/new.db")
    assert said.code == 0
    assert f"Let MAKEGOOD_DATA_DIR be {sealed}" in said.out


@pytest.mark.usefixtures("elsewhere")
def test_a_running_installation_stays_where_it_is_whatever_the_settings_name(sealed: Path, makegood: Run) -> None:
    lock = hold_data(Settings(data_dir=sealed))
    said = makegood("migrate-store", f"sqlite:{sealed}/makegood.db", "sqlite:new.db")
    lock.release()
    assert said.code == 1
    assert f"already running on {sealed}" in said.err
    assert not Path("new.db").exists()


def test_without_the_key_nothing_moves(sealed: Path, elsewhere: Path, makegood: Run) -> None:
    (sealed / "audit.key").rename(elsewhere / "lost")
    said = makegood("migrate-store", f"sqlite:{sealed}/makegood.db", "sqlite:new.db")
    assert said.code == 1
    assert "sealed with a key that is not in" in said.err
    assert not Path("new.db").exists()
    assert not (sealed / "audit.key").exists()
    (elsewhere / "lost").rename(sealed / "audit.key")
    assert makegood("migrate-store", f"sqlite:{sealed}/makegood.db", "sqlite:new.db").code == 0
