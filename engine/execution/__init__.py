"""Processes and decision tables run here; the public doors are Simulation and decide."""

from __future__ import annotations

from engine.execution.decisions import DecisionResult, decide
from engine.execution.simulation import (
    DecisionRecord,
    Incident,
    MigrationReport,
    Notice,
    SimClock,
    SimTask,
    Simulation,
    Wait,
)
from engine.model.errors import BpmnError, DefinitionInvalid

__all__ = [
    "BpmnError",
    "DecisionRecord",
    "DecisionResult",
    "DefinitionInvalid",
    "Incident",
    "MigrationReport",
    "Notice",
    "SimClock",
    "SimTask",
    "Simulation",
    "Wait",
    "decide",
]
