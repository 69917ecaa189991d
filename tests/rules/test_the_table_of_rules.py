"""Each rule R1 to R30 has a test file named after it, and the table of the room names it with the files that keep it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent
ROOM = HERE.parents[1] / "engine" / "execution"
TABLE = (ROOM / "README.md").read_text("utf-8").partition("## Rules")[2].partition("\n## ")[0]
ROWS = [line for line in TABLE.splitlines() if line.startswith("| R")]
RULES = range(1, 31)


@pytest.mark.parametrize("rule", RULES)
def test_a_rule_has_a_test_that_is_named_after_it(rule: int) -> None:
    (found,) = HERE.glob(f"test_r{rule:02}_*.py")
    assert re.search(r"^(def|async def|class) [tT]est", found.read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("rule", RULES)
def test_the_table_has_one_row_for_a_rule_and_names_its_test(rule: int) -> None:
    (row,) = [row for row in ROWS if rule in rules_of(row)]
    assert f"test_r{rule:02}" in row


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(rules_of(row)))
def test_the_files_of_a_row_are_there(row: str) -> None:
    places = [place.strip() for part in row.split("|")[2].split(";") for place in part.split(",")]
    missing = [place for place in places if not any(is_there(name) for name in names_in(place))]
    assert missing == []


def rules_of(row: str) -> list[int]:
    """The numbers of a row's first cell."""
    return [int(number) for number in re.findall(r"R(\d+)", row.split("|")[1])]


def names_in(place: str) -> list[str]:
    """The words of an entry that can be a file or a room."""
    return re.findall(r"[a-z_]+(?:/[a-z_]*)*", place)


def is_there(name: str) -> bool:
    """Whether a file or a room of this name is in the room, in its machine, or beside it."""
    around = (ROOM, ROOM / "machine", ROOM.parent)
    return any((place / f"{name.strip('/')}.py").is_file() or (place / name).is_dir() for place in around)
