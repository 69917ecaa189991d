"""A mapping names elements, flows and processes that are there: in the old version on its left, in the new on its right."""

from __future__ import annotations

from engine.execution.compiler import ProgramCode
from engine.execution.operations.records import Plan
from engine.model.errors import Message


def plan_faults(program: ProgramCode, plan: Plan) -> tuple[Message, ...]:
    """Give a sentence for every name of the mapping that its version does not have."""
    old, new = _names(program), _names(plan.to)
    found: list[Message] = []
    for left, right in plan.mapping.items():
        if left not in old:
            found.append(
                Message(
                    "mapping_left",
                    "“{name}” is in no process of the version that the cases are on now.",
                    {"name": left},
                )
            )
        if right not in new:
            found.append(Message("mapping_right", "“{name}” is in no process of the new version.", {"name": right}))
    return tuple(found)


def _names(program: ProgramCode) -> set[str]:
    names: set[str] = set(program.processes)
    for process in program.processes.values():
        for node in process.nodes:
            names.add(node.id)
            names.update(flow.id for flow in node.outgoing)
    return names
