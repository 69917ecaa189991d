"""The page of settings says what the program reads, no more and no less."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from engine.settings import VARIABLES, Settings
from tools.settings_page import PAGE, written

OF_TESTS = {"MAKEGOOD_CRASH_AT"}


def test_the_page_is_as_it_would_be_written_now() -> None:
    assert PAGE.read_text(encoding="utf-8") == written(), "run python -m tools.settings_page"


def test_every_variable_that_the_program_reads_is_told_of(repository: Path) -> None:
    sources = [path for room in ("engine", "web") for path in (repository / room).rglob("*.py")]
    read = {name for path in sources for name in re.findall(r"MAKEGOOD_[A-Z_]*[A-Z]", path.read_text(encoding="utf-8"))}
    assert read - OF_TESTS == {variable.name for variable in VARIABLES}


@pytest.mark.parametrize("variable", VARIABLES, ids=lambda variable: variable.name)
def test_every_example_is_a_value_that_fits(variable: object) -> None:
    given = {each.name: each.example for each in VARIABLES if each is variable}
    assert Settings.from_environment(given).data_dir.is_absolute()


def test_the_first_page_leads_there(repository: Path) -> None:
    assert "(docs/settings.md)" in (repository / "README.md").read_text(encoding="utf-8")
