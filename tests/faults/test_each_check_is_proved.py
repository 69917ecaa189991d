"""A fault put into the program on purpose is named by the check of the promise that it breaks; without it nothing is."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from engine.model.errors import MakegoodError
from tests.faults.mutants import MUTANTS, living
from tests.faults.stories import STORIES
from tests.promises.conftest import House


@pytest.mark.parametrize("story", sorted(STORIES))
def test_without_a_mutant_every_story_keeps_every_promise(house: House, story: str) -> None:
    assert [*STORIES[story](house), *house.broken()] == []


@pytest.mark.parametrize("name", sorted(MUTANTS))
def test_each_mutant_is_caught(
    house: House, dialect: str, name: str, record_property: Callable[[str, object], None]
) -> None:
    mutant = MUTANTS[name]
    if name.startswith("SQLite" if dialect == "postgresql" else "PostgreSQL"):
        pytest.skip("about the other database")
    with living(mutant):
        seen = told(house, mutant.story)
    faults = [fault for fault in [*seen, *house.broken()] if fault.startswith(mutant.promise)]
    record_property("told", f"mutant caught on {dialect}: {name} → {faults[0][:90] if faults else 'LIVES'}")
    assert faults


def told(house: House, story: str) -> list[str]:
    """What the story's people saw; a refusal that stops them is no proof, for the check itself must find the fault."""
    try:
        return STORIES[story](house)
    except (MakegoodError, StopIteration):
        return []
