"""The public cases on the second runtime, as far as they lie within its subset."""

from __future__ import annotations

from datetime import UTC, datetime

from engine.execution import Simulation
from tests.conformance.case_adapter import MakegoodAdapter


class SpiffRuntimeAdapter(MakegoodAdapter):
    """Our engine on SpiffWorkflow; what lies beyond the subset is refused on deployment."""

    def deploy(self, files: list[tuple[str, bytes]], dialect: str) -> None:
        self.files = dict(files)
        self.simulation = Simulation.load(self.files, now=datetime(2026, 3, 2, 9, tzinfo=UTC), runtime="spiff")
