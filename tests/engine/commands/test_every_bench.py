"""Every bench of the checkout runs, at a size that says nothing about speed."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from engine.commands import bench
from tests.bench.figures import Figures

SMALL: dict[str, dict[str, object]] = {
    "batch": {"CASES": 210, "STOCK": 2},
    "http": {"CASES": 14, "WARM": 2, "SLOW": 2},
    "memory": {"STEPS": 50, "KEPT": 10},
    "start": {"DEPLOYED": 1, "STARTS": 1},
    "step": {"ROUNDS": 10, "CASES": 2},
    "timers": {"PENDING": 100, "AT_ONCE": 20, "IDLE": 5},
}
ASKED: dict[str, dict[str, int]] = {
    "inbox": {"tasks": 1000, "times": 2},
    "step_on_postgres": {"steps": 20, "turns": 1, "steps_a_turn": 10},
}
WHOLE = {"decisions", "import", "machine"}
"""These have no size to be set."""


@pytest.mark.slow
@pytest.mark.parametrize("name", [*SMALL, *ASKED])
def test_a_small_run_tells_every_ratio_that_has_a_bound(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    module: Any = import_module(f"tests.bench.{name}")
    for size, value in SMALL.get(name, {}).items():
        monkeypatch.setattr(module, size, value)
    found: Figures = module.run(**ASKED.get(name, {}))
    assert set(found.must) <= set(found.ratios)
    assert all(ratio >= 0 for ratio in found.ratios.values())
    assert found.as_json()["name"] == name


def test_no_bench_is_left_out() -> None:
    assert set(bench.benches()) == {*SMALL, *ASKED, *WHOLE}
