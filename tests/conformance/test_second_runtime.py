"""The public executable cases on SpiffWorkflow: each one passes or is refused beforehand, none runs otherwise than written."""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

REPOSITORY = Path(__file__).resolve().parents[2]
CASES = REPOSITORY.parent / "shared" / "conformance"
CONTRADICTIONS = REPOSITORY / "tests" / "reference" / "contradictions.toml"
WITHIN = 94
"""How many of the 102 cases lie within the subset; a wider subset raises it."""


@pytest.mark.contract
@pytest.mark.skipif(not CASES.is_dir(), reason="the public cases are not beside the repository")
def test_a_public_case_passes_on_spiffworkflow_or_is_refused_beforehand(tmp_path: Path) -> None:
    run = subprocess.run(
        [
            sys.executable,
            str(CASES / "run_cases.py"),
            "--adapter=tests.conformance.second_runtime_adapter:SpiffRuntimeAdapter",
            "--roundtrip",
            f"--json={tmp_path / 'cases.json'}",
        ],
        env={"PYTHONPATH": str(REPOSITORY)},
        capture_output=True,
        text=True,
        check=False,
    )
    found = {row["id"]: row for row in json.loads((tmp_path / "cases.json").read_text())}
    listed = {case["name"] for case in tomllib.loads(CONTRADICTIONS.read_text())["case"]}
    other = [
        name
        for name, row in found.items()
        if row["outcome"] not in ("pass", "deploy-error") and name.rpartition("/")[0] not in listed
    ]
    assert not other, run.stdout
    assert all("DefinitionInvalid" in row["detail"] for row in found.values() if row["outcome"] == "deploy-error")
    assert sum(row["outcome"] == "pass" for row in found.values()) >= WITHIN, run.stdout
