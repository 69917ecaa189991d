"""Decisions are compiled once to closures and explain what they decided; what is not understood is refused."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import lru_cache

from engine.execution.decisions.graph import DecisionSet, build_decisions, compile_decisions
from engine.execution.decisions.linking import DecisionFiles
from engine.execution.decisions.results import DecisionResult, mapped, outward
from engine.model.errors import DefinitionInvalid, Finding

SEMANTICS = "2"  # records keep what decisions meant (R23); "1" knew a part of FEEL only

__all__ = [
    "SEMANTICS",
    "DecisionFiles",
    "DecisionResult",
    "DecisionSet",
    "build_decisions",
    "check_decisions",
    "compile_decisions",
    "decide",
    "mapped",
]


def check_decisions(
    xml: DecisionFiles, file: str = "", *, beside: Mapping[str, bytes] | None = None
) -> tuple[Finding, ...]:
    """Give every finding of a decision file at once; `beside` holds the files that it may import."""
    return build_decisions(xml, file, beside=beside).findings


def decide(
    xml: DecisionFiles, decision: str, inputs: Mapping[str, object], *, now: datetime | None = None
) -> DecisionResult:
    """Evaluate one decision, service or function of a file alone, by id or name (R22): what is wrong gives null and a problem.

    Several files together see one another by their imports; the first that has the decision is asked. `now` is what
    FEEL's `now()` and `today()` give. Raises DefinitionInvalid where the file, or the decision, cannot be read, and
    ExpressionError where there is no such decision.
    """
    found = _asked(xml, decision)
    unread = found.unread(decision)
    if unread:
        raise DefinitionInvalid(unread)
    result = found.decided(decision, inputs, strict=False, now=now)
    entries = tuple({name: outward(value) for name, value in entry.items()} for entry in result.entries)
    return DecisionResult(outward(result.value), result.fired, result.problems, entries, result.inputs)


def _asked(xml: DecisionFiles, decision: str) -> DecisionSet:
    """Give the file that has the decision; files are read once for as long as they are asked often."""
    if isinstance(xml, bytes):
        found = _compiled((("", xml),))
        if not found.ids:
            raise DefinitionInvalid(found.findings)
        return found
    named = tuple(xml.items()) if isinstance(xml, Mapping) else tuple(("", data) for data in xml)
    for first in range(len(named)):
        found = _compiled((named[first], *named[:first], *named[first + 1 :]))
        if decision in found.ids:
            return found
    return _compiled(named)


@lru_cache(maxsize=32)
def _compiled(files: Sequence[tuple[str, bytes]]) -> DecisionSet:
    return build_decisions([data for _, data in files], files[0][0])
