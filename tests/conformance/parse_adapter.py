"""The public files to accept or reject are given to the checks that guard every deployment.

    python ../shared/conformance/run_parse.py --adapter tests.conformance.parse_adapter:DeploymentAdapter

`DeploymentAdapter` refuses what must not be deployed here; `StandardAdapter` only what BPMN itself forbids.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

CONFORMANCE = Path(__file__).resolve().parents[2].parent / "shared" / "conformance"
sys.path.append(str(CONFORMANCE))

from engine.checks import check_files, check_standard  # noqa: E402 - the path of the public cases comes first
from engine.model.errors import Severity  # noqa: E402 - as above

if TYPE_CHECKING:

    class Adapter:
        """Stands for the public cases' class, which has no types."""

    class Rejected(Exception):
        """Stands for the public cases' refusal."""
else:
    from adapters import Adapter, Rejected


class DeploymentAdapter(Adapter):
    """Everything that `makegood check` calls an error."""

    def validate(self, files: list[tuple[str, bytes]]) -> None:
        """Raise Rejected with all findings where the files must not be deployed."""
        _refuse([str(found) for found in check_files(dict(files)) if found.severity is Severity.ERROR])


class StandardAdapter(Adapter):
    """What BPMN 2.0.2 itself forbids, whether or not it would run here."""

    def validate(self, files: list[tuple[str, bytes]]) -> None:
        """Raise Rejected with all findings where a file breaks the standard."""
        found = [fault for name, data in files for fault in check_standard(name, data)]
        _refuse([str(fault) for fault in found if fault.severity is Severity.ERROR])


def _refuse(faults: list[str]) -> None:
    if faults:
        raise Rejected("\n".join(faults))
