"""Whatever people, customers, clocks and mail servers do, in whatever order, every promise holds afterwards."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.promises.life import Life, broken_after

STEP = st.tuples(st.integers(0, 14), *[st.integers(0, 999)] * 3)
HISTORIES = settings(
    max_examples=70,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    derandomize=True,
)


@HISTORIES
@given(st.lists(STEP, min_size=20, max_size=80))
def test_every_promise_holds_after_any_history(
    furnished_database: Path, steps: list[tuple[int, int, int, int]]
) -> None:
    assert broken_after(Life, furnished_database, steps) == []
