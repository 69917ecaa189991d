"""Decision tables are compiled once to closures and explain what they decided; what is not understood is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from engine.execution.decisions.graph import DecisionSet, build_decisions, compile_decisions
from engine.execution.decisions.results import DecisionResult, FeelValue, mapped, outward
from engine.model.errors import DefinitionInvalid, Finding, Severity
from engine.model.values import Value

__all__ = [
    "DecisionResult",
    "DecisionSet",
    "FeelValue",
    "check_decisions",
    "compile_decisions",
    "decide",
    "mapped",
]


def check_decisions(xml: bytes, file: str = "") -> tuple[Finding, ...]:
    """Give every finding of a decision file at once."""
    return build_decisions(xml, file).findings


def decide(xml: bytes, decision: str, inputs: Mapping[str, Value], *, now: datetime | None = None) -> DecisionResult:
    """Evaluate one decision of a file alone (R22): what is wrong gives null and a problem.

    Raises DefinitionInvalid where the decision, or one that it requires, is not understood. `now` is for FEEL that asks
    for the time, which simple FEEL does not.
    """
    found = build_decisions(xml)
    blocking = [finding for finding in found.findings if finding.message.code != "dmn_unknown"]
    if blocking and not found.decisions:
        raise DefinitionInvalid(blocking)
    needed = set(found.order[found.key_of(decision)])
    faults = [
        finding
        for finding in blocking
        if finding.severity is Severity.ERROR
        and (finding.element_id in needed or finding.element_id not in found.decisions)
    ]
    if faults:
        raise DefinitionInvalid(faults)
    result = found.evaluate(decision, inputs, strict=False)
    entries = tuple({name: outward(value) for name, value in entry.items()} for entry in result.entries)
    return DecisionResult(outward(result.value), result.fired, result.problems, entries, result.inputs)
