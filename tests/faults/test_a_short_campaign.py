"""For a short while people work at a desk that is killed, stopped, cut off and crashed by a seed; then every promise is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.databases import programs
from tests.faults.campaign import Plan, run

pytestmark = pytest.mark.slow

SECONDS = {"sqlite": 20.0, "postgres": 28.0}
SEED = 20261122


@pytest.mark.parametrize("store", sorted(SECONDS))
def test_whatever_happens_to_the_desk_every_promise_holds(
    tmp_path: Path, store: str, record_property: Callable[[str, object], None]
) -> None:
    if store == "postgres" and programs() is None:
        pytest.skip("NO POSTGRESQL HERE: install the test packages")
    outcome = run(Plan(SEED, SECONDS[store], store), tmp_path / "data")
    seen = outcome.seen
    told = f"{len(seen.cases)} cases, {len(seen.completed)} tasks and {len(seen.comments)} comments were acknowledged"
    record_property("told", f"faults on {store}, seed {SEED}: {dict(Counter(outcome.blows))}; {told}")
    assert outcome.faults == []
    assert outcome.blows
    assert seen.cases
    assert seen.completed
