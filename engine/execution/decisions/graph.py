"""Decisions that require others are evaluated in order, each once, from what the caller tells and what came before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.definitions.dmn import read_decisions
from engine.execution.decisions.compiling import Compiled, FileCompiler
from engine.execution.decisions.results import DecisionResult
from engine.execution.decisions.tables import Outcome, Scope
from engine.execution.decisions.types import Read, read_input
from engine.execution.expressions import ExpressionError
from engine.execution.expressions.closures import PROBLEMS
from engine.model.dmn import DecisionFile
from engine.model.errors import DefinitionInvalid, Finding, Message, Severity
from engine.model.values import Value, normalise


@dataclass(frozen=True, slots=True)
class DecisionSet:
    """The decisions of one file, compiled; immutable and shared."""

    file: DecisionFile
    decisions: Mapping[str, Compiled]
    order: Mapping[str, tuple[str, ...]]
    findings: tuple[Finding, ...]

    @property
    def keys(self) -> tuple[str, ...]:
        """The ids of the decisions, in the order of the file."""
        return tuple(self.decisions)

    def key_of(self, name: str) -> str:
        """Give the id of a decision by id or name; raise ExpressionError where there is none."""
        if name in self.decisions:
            return name
        for key, compiled in self.decisions.items():
            if name in (compiled.decision.name, compiled.decision.variable):
                return key
        raise ExpressionError(
            "decision_unknown",
            "There is no decision “{decision}”; the file has {known}.",
            decision=name,
            known=", ".join(self.decisions) or "none",
        )

    def told(self, name: str) -> dict[str, Read]:
        """Give the names that a caller of this decision tells, with what reads them."""
        found: dict[str, Read] = {}
        for key in self.order[self.key_of(name)]:
            found |= self.decisions[key].told
        return found

    def evaluate(self, name: str, scope: Mapping[str, Value], *, strict: bool) -> DecisionResult:
        """Decide; strict raises ExpressionError for what is missing, of the wrong kind or ambiguous, else it is a problem (R22)."""
        key = self.key_of(name)
        problems: list[Message] = []
        values: Scope = {} if strict else {PROBLEMS: problems}
        inputs = self._inputs(key, scope, values)
        fired: list[Mapping[str, Value]] = []
        outcome = Outcome(None)
        for step in self.order[key]:
            compiled = self.decisions[step]
            outcome = compiled.decide(values)
            values[compiled.decision.variable] = values[compiled.decision.name] = outcome.value
            fired.extend(outcome.fired)
        return DecisionResult(outcome.value, tuple(fired), tuple(problems), outcome.entries, inputs)

    def _inputs(self, key: str, scope: Mapping[str, Value], values: Scope) -> dict[str, Value]:
        problems = values.get(PROBLEMS)
        inputs: dict[str, Value] = {}
        for name, read in self.told(key).items():
            try:
                if name not in scope:
                    raise ExpressionError(
                        "decision_input_missing",
                        "The decision “{decision}” needs “{name}”, which nothing gives.",
                        decision=key,
                        name=name,
                    )
                inputs[name] = read_input(name, read, scope[name])
            except ExpressionError as refusal:
                if not isinstance(problems, list):
                    raise
                problems.append(refusal.message)
                inputs[name] = None
        results = {self.decisions[step].decision.variable for step in self.order[key]}
        for step in self.order[key]:
            for name in self.decisions[step].reads - inputs.keys() - results:
                if name in scope:
                    inputs[name] = normalise(scope[name], name)
        values.update(inputs)
        return inputs


def _orders(decisions: Mapping[str, Compiled], compiler: FileCompiler) -> dict[str, tuple[str, ...]]:
    """Give for each decision those it needs and then itself; a circle or an unknown one is a finding."""
    orders: dict[str, tuple[str, ...]] = {}
    for key in decisions:
        done: dict[str, None] = {}
        path: list[str] = []
        stack = [(key, False)]
        while stack:
            step, finished = stack.pop()
            if finished:
                path.remove(step)
                done[step] = None
            elif step in path:
                _circle(decisions[key], compiler, step)
            elif step not in done:
                path.append(step)
                stack.append((step, True))
                stack.extend(
                    (needed, False) for needed in reversed(decisions[step].decision.requires) if needed in decisions
                )
        orders[key] = tuple(done)
    return orders


def _circle(compiled: Compiled, compiler: FileCompiler, step: str) -> None:
    compiler.current = compiled
    message = Message("dmn_circle", "The decision requires itself, by way of “{decision}”.", {"decision": step})
    compiler.fault(message, compiled.decision.line)


def _missing(decisions: Mapping[str, Compiled], compiler: FileCompiler) -> None:
    for compiled in decisions.values():
        for needed in compiled.decision.requires:
            if needed not in decisions:
                compiler.current = compiled
                message = Message(
                    "dmn_requires_unknown", "The required decision “{id}” is not in the file.", {"id": needed}
                )
                compiler.fault(message, compiled.decision.line)


def build_decisions(xml: bytes, file: str = "") -> DecisionSet:
    """Read and compile a file; faulty decisions are kept out of use by `findings`, which is complete."""
    model, findings = read_decisions(xml, file)
    compiler = FileCompiler(model)
    decisions = {decision.id: compiler.compile(decision) for decision in model.decisions}
    _missing(decisions, compiler)
    order = _orders(decisions, compiler)
    found = [*findings, *(finding for compiled in decisions.values() for finding in compiled.findings)]
    return DecisionSet(model, decisions, order, tuple(found))


def compile_decisions(xml: bytes, file: str = "") -> DecisionSet:
    """Read and compile a decision file; raise DefinitionInvalid with every fault."""
    found = build_decisions(xml, file)
    if any(finding.severity is Severity.ERROR for finding in found.findings):
        raise DefinitionInvalid(found.findings)
    return found
