"""The public conformance cases drive the simulation through this adapter."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from engine.execution import Simulation
from engine.model.errors import NotFound

SHARED = Path(__file__).resolve().parents[3] / "shared" / "conformance"

if TYPE_CHECKING:

    class Adapter:
        """What the public runner calls."""

else:
    sys.path.insert(0, str(SHARED))
    try:
        from adapters import Adapter
    except ModuleNotFoundError:
        Adapter = object  # the public cases are not here; the tests that need them skip


class MakegoodAdapter(Adapter):
    """Our engine, as the public cases want to drive it."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}
        self.simulation: Simulation | None = None

    def deploy(self, files: list[tuple[str, bytes]], dialect: str) -> None:
        self.files = dict(files)
        self.simulation = Simulation.load(self.files, now=datetime(2026, 3, 2, 9, tzinfo=UTC))

    @property
    def running_simulation(self) -> Simulation:
        assert self.simulation is not None
        return self.simulation

    def start(self, process_id: str, variables: dict[str, Any]) -> None:
        self.running_simulation.start(process_id, variables)

    def tasks(self) -> list[tuple[str, str, str]]:
        return [(task.id, task.element_id, task.name) for task in self.running_simulation.tasks()]

    def complete(self, handle: str, data: dict[str, Any]) -> None:
        self.running_simulation.complete(handle, data)

    def set_variables(self, variables: dict[str, Any]) -> None:
        self.running_simulation.set_variables(variables)

    def send(self, kind: str, name: str, payload: Mapping[str, object] | None = None) -> None:
        if kind == "message":
            self.running_simulation.send_message(name, payload)
        elif not self.running_simulation.send_signal(name, payload):
            raise NotFound("signal_unheard", "Nobody waits for the signal “{name}”.", name=name)

    def advance(self, seconds: float) -> None:
        self.running_simulation.advance(timedelta(seconds=seconds))

    def trace(self) -> list[str]:
        return self.running_simulation.trace()

    def task_info(self, handle: str) -> dict[str, Any]:
        task = next(task for task in self.running_simulation.tasks() if task.id == handle)
        return {
            "lane": task.lane,
            "assignee": task.assignee,
            "candidate_groups": list(task.candidate_groups),
            "priority": task.priority,
            "due": task.due,
        }

    def variables(self) -> dict[str, object]:
        return self.running_simulation.variables()

    def running(self) -> bool:
        return self.running_simulation.running()

    def roundtrip(self) -> None:
        saved = self.running_simulation
        self.simulation = Simulation.restore(saved.save(), self.files, now=saved.now)
