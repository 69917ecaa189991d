"""The public files to accept or reject are judged as far as processes run today; the figures are floors, not goals."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
CASES = REPOSITORY.parent / "shared" / "conformance"


@pytest.mark.skipif(not CASES.is_dir(), reason="the public cases are not beside the repository")
@pytest.mark.parametrize(("adapter", "floor"), [("DeploymentAdapter", 117), ("StandardAdapter", 116)])
def test_the_public_files_are_accepted_and_rejected(adapter: str, floor: int) -> None:
    run = subprocess.run(
        [sys.executable, str(CASES / "run_parse.py"), "--adapter", f"parse_adapter:{adapter}", "-v"],
        env={"PYTHONPATH": f"{REPOSITORY}:{Path(__file__).parent}"},
        capture_output=True,
        text=True,
        check=True,
    )
    passed = re.search(r"passed (\d+) of 120", run.stdout)
    assert passed is not None, run.stdout
    assert int(passed[1]) >= floor, run.stdout
    assert "crash" not in run.stdout
