"""The decisions of a file with those that it imports, compiled once: asked by id or name, each decided once."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Final

from engine.execution.decisions.compiled_files import CompiledFile
from engine.execution.decisions.elements import CompiledDecision
from engine.execution.decisions.faults import Faults
from engine.execution.decisions.linking import DecisionFiles, LinkedFile, link
from engine.execution.decisions.plans import ABSENT, Plan
from engine.execution.decisions.results import DecisionResult
from engine.execution.decisions.tables import Deciding
from engine.execution.decisions.told import Read, read_plain, reader_of
from engine.execution.expression_errors import ExpressionError
from engine.execution.feel import FeelFunction
from engine.execution.feel.border import to_engine
from engine.model.dmn import Decision, DecisionFile, DecisionService, KnowledgeModel
from engine.model.errors import DefinitionInvalid, Finding, Message, Severity

_ALIKE: Final = frozenset({str, bool, int, Decimal, type(None)})
"""The kinds of values that FEEL and the engine have alike."""


@dataclass(frozen=True)
class DecisionSet:
    """The decisions of one file, compiled; immutable and shared."""

    compiled: CompiledFile
    findings: tuple[Finding, ...]
    plans: dict[tuple[str, str], Plan] = field(default_factory=dict[tuple[str, str], Plan])

    @property
    def file(self) -> DecisionFile:
        """The file as it is written."""
        return self.compiled.linked.model

    @property
    def decisions(self) -> Mapping[str, CompiledDecision]:
        """The decisions by id."""
        return self.compiled.decisions

    @property
    def keys(self) -> tuple[str, ...]:
        """The ids of the decisions, in the order of the file."""
        return tuple(self.compiled.decisions)

    @cached_property
    def ids(self) -> dict[str, str]:
        """The ids of decisions, services and functions by what they may be called; ids come before names."""
        model = self.file
        elements: list[Decision | DecisionService | KnowledgeModel] = [
            *model.decisions,
            *model.services,
            *model.models,
        ]
        found = {each.id: each.id for each in reversed(elements)}
        for each in elements:
            for name in (each.name, each.variable):
                found.setdefault(name, each.id)
        return found

    def key_of(self, name: str) -> str:
        """Give the id of a decision, service or function by id or name; raise ExpressionError where there is none."""
        key = self.ids.get(name)
        if key is None:
            raise ExpressionError(
                "decision_unknown",
                "There is no decision “{decision}”; the file has {known}.",
                decision=name,
                known=", ".join(self.decisions) or "none",
            )
        return key

    def unread(self, name: str) -> tuple[Finding, ...]:
        """Give what could not be read of a decision or of what it needs, where that changes what it says."""
        if not self.file.unread:
            return ()
        key = self.key_of(name)
        needed = {key, *(slot[1] for slot in self.plan(key).slots)} if key in self.decisions else {key}
        for each in needed & self.decisions.keys():
            needed |= {need.key[1] for need in self.decisions[each].functions}
        return self.compiled.linked.reading if needed & self.file.unread else ()

    def evaluate(
        self, name: str, scope: Mapping[str, object], *, strict: bool, now: datetime | None = None
    ) -> DecisionResult:
        """Decide, for a process: values are the engine's own.

        Strict raises ExpressionError for what is missing, of the wrong kind or ambiguous, else it is a problem (R22).
        """
        found = self.decided(name, scope, strict=strict, now=now)
        return DecisionResult(
            _kept(found.value),
            found.fired,
            found.problems,
            tuple([{column: _kept(value) for column, value in entry.items()} for entry in found.entries]),
            {key: _kept(value) for key, value in found.inputs.items()},
        )

    def decided(
        self, name: str, scope: Mapping[str, object], *, strict: bool, now: datetime | None = None
    ) -> DecisionResult:
        """Decide; values are FEEL's own.

        A decision that is asked by its name, where a service puts it out, is told the service's input decisions.
        """
        key = self.key_of(name)
        evaluation = Deciding(strict=strict, now=now)
        try:
            if key in self.decisions:
                offer = None if strict or name == key else self._offer(key)
                return self._decide(key, self.plan(key, offer), scope, evaluation)
            return self._call(self.compiled.functions[key], scope, evaluation)
        except RecursionError:
            evaluation.note(ExpressionError("decision_deep", "“{decision}” is nested too deep.", decision=name))
            return DecisionResult(None, problems=tuple(evaluation.problems))

    def plan(self, key: str, offer: DecisionService | None = None) -> Plan:
        """Give what has to be decided for a decision, as a service offers it where one is named."""
        place = (key, offer.id if offer is not None else "")
        plan = self.plans.get(place)
        if plan is None:
            given = self.compiled.given_to(offer) if offer is not None else ()
            plan = self.plans[place] = self.compiled.plan([((), key)], given)
        return plan

    def _decide(self, key: str, plan: Plan, scope: Mapping[str, object], evaluation: Deciding) -> DecisionResult:
        inputs: dict[str, object] = {}
        values: list[object] = [None] * len(plan.slots)
        for each in plan.inputs:
            value = _asked(key, each.label, each.read, each.found(scope), evaluation)
            values[each.slot] = inputs[each.label] = value
        told: dict[str, object] = {}
        for name, read in plan.told.items():
            inputs[name] = told[name] = _asked(key, name, read, scope.get(name, ABSENT), evaluation)
        for name in plan.open_names:
            value = scope.get(name, ABSENT)
            if value is not ABSENT:
                inputs[name] = told[name] = read_plain(value, name)
        outcome = plan.run(values, told, evaluation)
        return DecisionResult(outcome.value, evaluation.fired_rules, evaluation.all_problems, outcome.entries, inputs)

    def _call(self, function: FeelFunction, scope: Mapping[str, object], evaluation: Deciding) -> DecisionResult:
        inputs: dict[str, object] = {}
        for parameter in function.parameters:
            read = reader_of(parameter.name, parameter.type)
            inputs[parameter.name] = _asked(
                function.name, parameter.name, read, scope.get(parameter.name, ABSENT), evaluation
            )
        value = function.call(evaluation, list(inputs.values()))
        entries = (value if isinstance(value, dict) else {function.name: value},)
        return DecisionResult(value, evaluation.fired_rules, evaluation.all_problems, entries, inputs)

    def _offer(self, key: str) -> DecisionService | None:
        """Give the service that puts a decision out and is told some of what it requires."""
        services = (each for each in self.file.services if key in each.outputs and each.input_decisions)
        return next(services, None)


def _kept(value: object) -> object:
    return value if type(value) in _ALIKE else to_engine(value)


def _asked(asker: str, name: str, read: Read, value: object, evaluation: Deciding) -> object:
    """Give what was told, as its type wants it; what is missing or does not fit is null and a problem."""
    try:
        if value is ABSENT:
            raise ExpressionError(
                "decision_input_missing",
                "The decision “{decision}” needs “{name}”, which nothing gives.",
                decision=asker,
                name=name,
            )
        return read(value)
    except ExpressionError as refusal:
        evaluation.note(refusal)
        return None


def build_decisions(xml: DecisionFiles, file: str = "", *, beside: Mapping[str, bytes] | None = None) -> DecisionSet:
    """Read and compile a file; faulty decisions are kept out of use by `findings`, which is complete."""
    return compiled_set(link(xml, file, beside))


def compile_decisions(xml: DecisionFiles, file: str = "", *, beside: Mapping[str, bytes] | None = None) -> DecisionSet:
    """Read and compile a decision file; raise DefinitionInvalid with every fault.

    `beside` holds the other files of a deployment by name: those that the file imports are read as well.
    """
    found = build_decisions(xml, file, beside=beside)
    if any(finding.severity is Severity.ERROR for finding in found.findings):
        raise DefinitionInvalid(found.findings)
    return found


def compiled_set(linked: LinkedFile) -> DecisionSet:
    """Compile what was read and linked."""
    compiled = CompiledFile(linked)
    findings = [*compiled.findings, *circles(compiled)]
    for _, other in list(linked.reached())[1:]:
        findings.extend(finding for finding in other.findings if finding not in findings)
    return DecisionSet(compiled, tuple(findings))


def circles(compiled: CompiledFile) -> Iterator[Finding]:
    """Find decisions that require themselves."""
    needs = {key: [need for path, need in compiled.needs(((), key)) if not path] for key in compiled.decisions}
    left = unsettled(needs)
    for key in needs:
        seen: set[str] = set()
        waiting = [need for need in needs[key] if need in left] if key in left else []
        while waiting and key not in seen:
            found = waiting.pop()
            if found not in seen:
                seen.add(found)
                waiting.extend(need for need in needs[found] if need in left)
        if key in seen:
            decision = compiled.decisions[key].decision
            faults = Faults(compiled.linked.model.file, key, decision.name)
            faults.add(Message("dmn_circle", "The decision requires itself."), decision.line)
            yield from faults.findings


def unsettled(needs: Mapping[str, Sequence[str]]) -> set[str]:
    """Give those that lie in a circle, or need one that does: what is left when all others are settled one by one."""
    users: dict[str, list[str]] = {key: [] for key in needs}
    open_needs = {key: len(wanted) for key, wanted in needs.items()}
    for key, wanted in needs.items():
        for need in wanted:
            users[need].append(key)
    settled = [key for key, count in open_needs.items() if not count]
    for key in settled:
        for user in users[key]:
            open_needs[user] -= 1
            if not open_needs[user]:
                settled.append(user)
    return needs.keys() - settled
