"""One simulated instance: its state as saved, and the rows that a host would keep beside it."""

from __future__ import annotations

from dataclasses import dataclass, field

from engine.execution.compiler import ProgramCode
from engine.execution.runtime import (
    Completed,
    DecisionMade,
    Happening,
    IncidentCleared,
    IncidentRaised,
    InstanceEnded,
    Step,
    Wait,
)
from engine.execution.simulation.records import DecisionRecord, Incident
from engine.model.clock import Clock
from engine.model.errors import Message


@dataclass(slots=True)
class SimInstance:
    """`ended` is empty while it runs, else how it ended; `problems` are faults of deliveries, not of its state."""

    id: str
    process_id: str
    program: ProgramCode
    state: str = ""
    ended: str = ""
    suspended: bool = False
    waits: dict[str, Wait] = field(default_factory=dict[str, Wait])
    trace: list[str] = field(default_factory=list[str])
    clocks: dict[str, Clock] = field(default_factory=dict[str, Clock])
    incidents: dict[str, Incident] = field(default_factory=dict[str, Incident])
    decisions: list[DecisionRecord] = field(default_factory=list[DecisionRecord])
    performers: dict[str, str] = field(default_factory=dict[str, str])

    @property
    def is_running(self) -> bool:
        return not self.ended

    def take(self, step: Step) -> None:
        """Keep what a step gave."""
        self.state = step.state
        self.waits = {wait.id: wait for wait in step.waits}
        for happening in step.happenings:
            self._keep(happening)

    def _keep(self, happening: Happening) -> None:
        match happening:
            case Completed(element_id):
                self.trace.append(element_id)
            case DecisionMade(decision=decision, result=result, fired=fired):
                self.decisions.append(DecisionRecord(decision, result, tuple(fired), self.id))
            case IncidentRaised(incident_id, element_id, message):
                self.add_incident(incident_id, element_id, message)
            case IncidentCleared(incident_id):
                self.incidents.pop(incident_id, None)
            case InstanceEnded(how):
                self.ended = how
            case _:
                pass

    def add_incident(self, incident_id: str, element_id: str, message: Message) -> None:
        """Record an incident in the reader's words."""
        self.incidents[incident_id] = Incident(element_id, message.code, str(message), self.id, incident_id)
