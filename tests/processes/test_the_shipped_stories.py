"""Every way through the shipped processes is told as a story, and every story ends as written."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.commands.scenario import deployment_files, play_file

PROCESSES = Path(__file__).parents[2] / "processes"
STORIES = sorted(PROCESSES.glob("*/scenarios/*.toml"))
TOLD = {
    "complaint": {
        "accepted",
        "rejected_by_post",
        "partly_above_limit",
        "withdrawn",
        "lapsed",
        "escalated",
        "absent_owner",
        "reopened",
        "duplicate",
        "not_ours",
    },
    "special_mode": {"approved", "refused", "sent_back", "next_level", "nobody_eligible"},
}


@pytest.mark.parametrize("story", STORIES, ids=lambda path: f"{path.parts[-3]}/{path.stem}")
def test_a_shipped_story_ends_as_written(story: Path) -> None:
    folder = story.parent.parent
    result = play_file(story.read_bytes(), story.name, deployment_files(folder))
    assert result.differences == ()


@pytest.mark.parametrize("process", sorted(TOLD))
def test_the_ways_that_people_ask_for_are_told(process: str) -> None:
    told = {story.stem for story in STORIES if story.parts[-3] == process}
    assert told >= TOLD[process]
