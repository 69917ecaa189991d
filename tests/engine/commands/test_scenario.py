"""`makegood scenario` says for each story whether it ended as written, what differed, and leaves with a code for scripts."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from engine.commands.scenario import run
from engine.commands.scenario_ending import first_missing

PROCESSES = Path(__file__).parents[3] / "processes"


@pytest.fixture
def altered(tmp_path: Path) -> Path:
    """The special mode with its accepted story expecting too much."""
    source, target = PROCESSES / "special_mode", tmp_path / "special_mode"
    (target / "scenarios").mkdir(parents=True)
    for file in [*source.glob("*.bpmn"), *source.glob("*.dmn")]:
        (target / file.name).write_bytes(file.read_bytes())
    (tmp_path / "forms").symlink_to(PROCESSES.parent / "forms")
    story = (source / "scenarios" / "approved.toml").read_text("utf-8")
    story = story.replace('special_mode = "approved"', 'special_mode = "refused"').replace(
        "never = [", 'never = ["answer", '
    )
    (target / "scenarios" / "approved.toml").write_text(story, "utf-8")
    return target


def test_a_story_that_ends_otherwise_fails_and_says_each_difference(altered: Path) -> None:
    out = io.StringIO()
    assert run([altered], out) == 1
    told = out.getvalue()
    assert "special_mode: expected refused, found approved." in told
    assert "“answer” should never come, but it did." in told
    assert "0 passed, 1 failed." in told


def test_programs_read_the_report_as_json(altered: Path) -> None:
    out = io.StringIO()
    assert run([altered / "scenarios" / "approved.toml"], out, json=True) == 1
    report = json.loads(out.getvalue())
    assert (report["passed"], report["failed"]) == (0, 1)
    assert len(report["scenarios"][0]["differences"]) == 2


def test_a_folder_without_stories_says_so(tmp_path: Path) -> None:
    out = io.StringIO()
    assert run([tmp_path], out) == 2
    assert "There is no scenario here." in out.getvalue()


def test_a_broken_story_is_a_failure_with_its_reason(altered: Path) -> None:
    (altered / "scenarios" / "broken.toml").write_text("title = \n", "utf-8")
    out = io.StringIO()
    assert run([altered / "scenarios" / "broken.toml"], out) == 1
    assert "is not TOML" in out.getvalue()


def test_a_diagram_that_cannot_run_is_a_failure_with_its_reason(altered: Path) -> None:
    (altered / "special_mode.bpmn").write_text("<broken", "utf-8")
    out = io.StringIO()
    assert run([altered], out) == 1
    assert "0 passed, 1 failed." in out.getvalue()


@pytest.mark.parametrize(
    ("wanted", "missing"), [((), ""), (("a", "c"), ""), (("a", "a"), ""), (("c", "b"), "b"), (("d",), "d")]
)
def test_a_path_is_in_order_and_others_may_lie_between(wanted: tuple[str, ...], missing: str) -> None:
    assert first_missing(wanted, ["a", "b", "a", "c"]) == missing
