"""A proof by examples: as many as the profile says, from a seed that is told and can be given again."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from secrets import randbits

import pytest
from hypothesis import seed, settings

from tests.conftest import SAME_EXAMPLES

FEWEST = 200


@dataclass(frozen=True, slots=True)
class Proof:
    """Runs a property; `tell` writes a line below the results."""

    seed: int
    tell: Callable[[str], None]

    def of(self, examine: Callable[[], None]) -> int:
        """Examine 200 examples, or 2,000 with --hypothesis-profile=long; give their number."""
        profile = settings.get_profile(settings.get_current_profile_name())
        examples = max(FEWEST, profile.max_examples)
        again = f"pytest {__package__ or 'tests/differential'} --hypothesis-seed={self.seed}"
        try:
            seed(self.seed)(settings(max_examples=examples, database=None)(examine))()
        except BaseException as failure:
            failure.add_note(f"The same examples again: {again}")
            raise
        return examples


@pytest.fixture
def proof(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Proof:
    """A seed of its own for each run, where a change is judged always the same one, or that of --hypothesis-seed."""
    given = request.config.getoption("--hypothesis-seed")
    fresh = 1 if SAME_EXAMPLES else randbits(32)
    number = int(given) if given not in (None, "random") else fresh
    return Proof(number, lambda line: record_property("told", f"differential: {line} (seed {number})"))
