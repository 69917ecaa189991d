"""The second runtime: the same diagrams on SpiffWorkflow, for a declared subset of elements and with its traps guarded."""

from __future__ import annotations

from engine.execution.spiff.portability import beyond_subset, portability, refuse_beyond_subset
from engine.execution.spiff.stepping import advance

__all__ = ["advance", "beyond_subset", "portability", "refuse_beyond_subset"]
