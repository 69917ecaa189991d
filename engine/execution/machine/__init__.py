"""The default runtime: a pure function from state and event to state, waits and happenings."""

from __future__ import annotations

from engine.execution.machine.stepping import MOVES_A_STEP, MOVES_WITHOUT_EVENT, advance, variables, visible

__all__ = ["MOVES_A_STEP", "MOVES_WITHOUT_EVENT", "advance", "variables", "visible"]
