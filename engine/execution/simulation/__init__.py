"""Simulation runs processes on a virtual clock, without database, network or people."""

from __future__ import annotations

from engine.execution.simulation.door import Simulation
from engine.execution.simulation.records import (
    DecisionRecord,
    Incident,
    MigrationReport,
    Notice,
    SimClock,
    SimTask,
    Wait,
)

__all__ = ["DecisionRecord", "Incident", "MigrationReport", "Notice", "SimClock", "SimTask", "Simulation", "Wait"]
