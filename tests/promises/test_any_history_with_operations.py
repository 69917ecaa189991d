"""Whatever operations do to whatever runs, every promise holds afterwards, and nothing breaks off."""

from __future__ import annotations

from pathlib import Path

from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st

from tests.promises.life import broken_after
from tests.promises.operated_life import OperatedLife

STEP = st.tuples(st.integers(0, 18), *[st.integers(0, 999)] * 3)
HISTORIES = settings(
    max_examples=12,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
    phases=[Phase.explicit, Phase.reuse, Phase.generate],
    derandomize=True,
    deadline=None,
)


@HISTORIES
@given(st.lists(STEP, min_size=40, max_size=80))
def test_every_promise_holds_after_any_history_with_operations(
    furnished_database: Path, steps: list[tuple[int, int, int, int]]
) -> None:
    assert broken_after(OperatedLife, furnished_database, steps) == []
