"""For a short while people work at a desk that is killed, stopped, cut off and crashed by a seed; then every promise is asked."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.databases import programs
from tests.faults.campaign import Plan, run, store_named

pytestmark = pytest.mark.slow

QUICK = ("kill_one", "kill_all", "kill_mid_letter", "crash_at_a_point", "stand_still", "fill_disk", "people_beside")
OF_POSTGRES = ("kill_one", "crash_at_a_point", "fill_disk", "crash_server", "end_backends", "cut_cable", "mute_cable")
BLOWS = {"sqlite": QUICK, "postgres": OF_POSTGRES}
"""Each once; those that take longer are left to `make faults`."""
LONGEST = 180.0
"""Seconds after which a machine that does much else begins no further blow."""
SEED = 20261122
NOBODY_ASKS = "nobody asks who may do a task"


@pytest.mark.parametrize("store", sorted(BLOWS))
def test_whatever_happens_to_the_desk_every_promise_holds(
    tmp_path: Path, store: str, record_property: Callable[[str, object], None]
) -> None:
    skip_without(store)
    outcome = run(Plan(SEED, LONGEST, store, blows=7, only=BLOWS[store], pause=0.05), tmp_path / "data")
    seen = outcome.seen
    told = f"{len(seen.cases)} cases, {len(seen.completed)} tasks and {len(seen.comments)} comments were acknowledged"
    record_property(
        "told",
        f"faults on {store}, seed {SEED}: {dict(Counter(outcome.blows))}; died at {dict(outcome.points)}; {told}",
    )
    assert outcome.faults == []
    assert outcome.blows
    assert seen.cases
    assert seen.completed


def test_a_mutant_that_lives_in_the_processes_is_caught(tmp_path: Path) -> None:
    outcome = run(
        Plan(SEED, LONGEST, mutant=NOBODY_ASKS, blows=1, only=("kill_one",), catching_up=5.0), tmp_path / "data"
    )
    assert [fault for fault in outcome.faults if fault.startswith("8: oskar completed")]


def skip_without(store: str) -> None:
    """There may be no server here."""
    if store == "postgres" and programs() is None:
        pytest.skip("NO POSTGRESQL HERE: install the test packages")


@pytest.mark.parametrize(
    ("said", "meant"), [("sqlite", "sqlite"), ("postgres", "postgres"), ("postgresql", "postgres")]
)
def test_a_store_may_be_named_as_its_address_begins(said: str, meant: str) -> None:
    assert store_named(said) == meant
