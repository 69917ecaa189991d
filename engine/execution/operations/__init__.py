"""Operations on running instances: pure functions that give a step as `advance` does, or refuse with a sentence."""

from __future__ import annotations

from engine.execution.operations.looking import levels, places, rests_while_suspended
from engine.execution.operations.mapping import plan_faults
from engine.execution.operations.mending import cancel, retry, set_variables, skip
from engine.execution.operations.migrating import migrate
from engine.execution.operations.moving import move_token
from engine.execution.operations.records import (
    At,
    Change,
    ChangeKind,
    Kept,
    Level,
    Migrated,
    OpenTasks,
    Operated,
    Place,
    Plan,
    Standing,
    Undo,
)
from engine.execution.operations.rewinding import rewind
from engine.execution.operations.undoing import undo_migration

__all__ = [
    "At",
    "Change",
    "ChangeKind",
    "Kept",
    "Level",
    "Migrated",
    "OpenTasks",
    "Operated",
    "Place",
    "Plan",
    "Standing",
    "Undo",
    "cancel",
    "levels",
    "migrate",
    "move_token",
    "places",
    "plan_faults",
    "rests_while_suspended",
    "retry",
    "rewind",
    "set_variables",
    "skip",
    "undo_migration",
]
