"""All public cases and files come out as wanted but those of tests/reference, which name the clause that they contradict."""

from __future__ import annotations

import re
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
CASES = REPOSITORY.parent / "shared" / "conformance"
LISTED: dict[str, list[dict[str, Any]]] = tomllib.loads(
    (REPOSITORY / "tests" / "reference" / "contradictions.toml").read_text("utf-8")
)


def failing(runner: str, adapter: str, *more: str) -> set[str]:
    """Names of what did not come out as wanted."""
    run = subprocess.run(
        [sys.executable, str(CASES / runner), "--adapter", adapter, *more],
        env={"PYTHONPATH": f"{REPOSITORY}:{Path(__file__).parent}"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert "passed" in run.stdout, run.stderr
    assert "crash" not in run.stdout
    return set(re.findall(r"^FAIL (\S+?)(?:/\d+)?:", run.stdout, re.MULTILINE))


def test_each_is_listed_with_a_clause_and_there_are_few() -> None:
    assert all(entry["clause"] and entry["why"] for kind in LISTED.values() for entry in kind)
    assert {kind: len(entries) <= 3 for kind, entries in LISTED.items()} == {"case": True, "file": True}


@pytest.mark.skipif(not CASES.is_dir(), reason="the public cases are not beside the repository")
@pytest.mark.parametrize("more", [(), ("--roundtrip",)], ids=["straight", "saved"])
def test_only_the_listed_cases_differ(more: tuple[str, ...]) -> None:
    found = failing("run_cases.py", "case_adapter:MakegoodAdapter", *more)
    assert found == {entry["name"] for entry in LISTED["case"]}


@pytest.mark.skipif(not CASES.is_dir(), reason="the public cases are not beside the repository")
def test_only_the_listed_files_differ() -> None:
    found = failing("run_parse.py", "parse_adapter:DeploymentAdapter", "-v")
    assert found == {entry["name"] for entry in LISTED["file"]}
