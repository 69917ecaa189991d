"""The public executable cases run through the simulation, straight and with saving between all steps; figures are floors."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
CASES = REPOSITORY.parent / "shared" / "conformance"


@pytest.mark.skipif(not CASES.is_dir(), reason="the public cases are not beside the repository")
@pytest.mark.parametrize("more", [(), ("--roundtrip",)], ids=["straight", "saved"])
def test_the_public_cases_run(more: tuple[str, ...]) -> None:
    run = subprocess.run(
        [sys.executable, str(CASES / "run_cases.py"), "--adapter", "case_adapter:MakegoodAdapter", *more],
        env={"PYTHONPATH": f"{REPOSITORY}:{Path(__file__).parent}"},
        capture_output=True,
        text=True,
        check=False,
    )
    passed = re.search(r"passed (\d+) of 102", run.stdout)
    assert passed is not None, run.stdout + run.stderr
    assert int(passed[1]) >= 101, run.stdout
