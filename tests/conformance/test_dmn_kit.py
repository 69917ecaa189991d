"""The public DMN kit passes as far as the simple part of FEEL goes; the figure is a floor, not a goal."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
KIT = REPOSITORY.parent / "shared" / "conformance"


@pytest.mark.skipif(not KIT.is_dir(), reason="the public kit is not beside the repository")
def test_the_simple_part_of_the_public_kit_passes() -> None:
    run = subprocess.run(
        [sys.executable, str(KIT / "run_dmn.py"), str(KIT / "cases" / "dmn"), "--adapter", "dmn_adapter:MakegoodDmn"],
        env={"PYTHONPATH": f"{REPOSITORY}:{Path(__file__).parent}"},
        capture_output=True,
        text=True,
        check=True,
    )
    passed = dict(re.findall(r"compliance-level-(\d): passed (\d+) of", run.stdout))
    assert int(passed["2"]) >= 69, run.stdout
    assert int(passed["3"]) >= 237, run.stdout
