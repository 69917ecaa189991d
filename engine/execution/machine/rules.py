"""A business rule task decides inside the step; what it decided is recorded, and taken over as the diagram says (R22)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.execution.decisions import mapped
from engine.execution.machine.bindings import deciding_program
from engine.execution.machine.run import Run
from engine.execution.machine.state import Token
from engine.execution.runtime import DecisionMade
from engine.model.dmn import DecisionTable

Data = dict[str, object]


def perform_rule(run: Run, token: Token) -> Data | None:
    """Evaluate the task's table strictly; give what its completion takes over."""
    call = token.node.source.decision
    if call is None:
        return None
    program = deciding_program(run, token, call.decision, call.binding)
    tables = program.decisions[call.decision]
    result = tables.evaluate(call.decision, run.view(token.scope, token.inputs), strict=True, now=run.now)
    how = call.result or ("" if call.result_variable or len(result.entries) != 1 else "singleResult")
    value = mapped(result, how, call.decision)
    run.log.append(
        DecisionMade(token.node.id, call.decision, result.inputs, value, result.fired, program.digest, run.now)
    )
    if call.result_variable:
        return {"raw": {call.result_variable: value}, "local": {call.result_variable: value, "result": value}}
    if value is None and isinstance(
        logic := tables.decisions[tables.key_of(call.decision)].decision.logic, DecisionTable
    ):
        value = {output.name: None for output in logic.outputs if output.name}  # nothing old may stand for the answer
    if isinstance(value, Mapping):
        return {"raw": dict(value), "local": {**value, "result": value}}
    return {"local": {"result": value}}
