"""A table becomes one function of a scope: its columns are evaluated once, its rules in order until none can matter."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from engine.execution.decisions.hits import STOPS_AFTER, Entry, aggregated, by_priority, is_list, settle
from engine.execution.expressions.closures import PROBLEMS, Evaluate
from engine.execution.expressions.errors import ExpressionError
from engine.model.dmn import Aggregator, Decision, DecisionTable, HitPolicy
from engine.model.values import Value

Scope = dict[str, Value]


@dataclass(frozen=True, slots=True)
class Outcome:
    """One decision's value, its rows by output name, and the rules that fired."""

    value: Value
    entries: tuple[Mapping[str, Value], ...] = ()
    fired: tuple[Mapping[str, Value], ...] = ()


Decide = Callable[[Scope], Outcome]


@dataclass(frozen=True, slots=True)
class CompiledRule:
    """Only the tests that test something, each with its column."""

    tests: tuple[tuple[int, Evaluate], ...]
    results: tuple[Evaluate, ...]
    fired: Mapping[str, Value]


@dataclass(frozen=True, slots=True)
class CompiledTable:
    """A table with all its texts compiled; `order` holds the values of outputs by priority."""

    decision: Decision
    table: DecisionTable
    columns: tuple[Evaluate, ...]
    rules: tuple[CompiledRule, ...]
    names: tuple[str, ...]
    order: Mapping[str, Sequence[Value]]
    allowed: tuple[Evaluate | None, ...]
    defaults: tuple[Evaluate | None, ...]

    def decide(self, scope: Scope) -> Outcome:
        """Evaluate the table; a violated hit policy is refused, or noted where the scope collects problems."""
        try:
            return self._settled(scope, self._hits(scope))
        except ExpressionError as refusal:
            problems = scope.get(PROBLEMS)
            problem = ExpressionError(
                "decision_problem", "“{decision}”: {why}", decision=self.decision.name, why=refusal.message
            )
            if not isinstance(problems, list):
                raise problem from None
            problems.append(problem.message)
            return Outcome(None)
        finally:
            scope.pop("?", None)

    def _hits(self, scope: Scope) -> list[int]:
        tested = [column(scope) for column in self.columns]
        enough = STOPS_AFTER.get(self.table.hit_policy, len(self.rules))
        hits: list[int] = []
        for number, rule in enumerate(self.rules):
            for column, fits in rule.tests:
                scope["?"] = tested[column]
                answer = fits(scope)
                if answer is not True:
                    if answer is not False and answer is not None:
                        raise ExpressionError(
                            "decision_test",
                            "The test in rule {rule}, column {column} gives a value, not yes or no.",
                            rule=number + 1,
                            column=column + 1,
                        )
                    break
            else:
                hits.append(number)
                if len(hits) == enough:
                    break
        return hits

    def _settled(self, scope: Scope, hits: list[int]) -> Outcome:
        if not hits:
            return self._default(scope)
        found: list[tuple[int, Entry]] = [(number, self._entry(scope, self.rules[number])) for number in hits]
        policy = self.table.hit_policy
        if policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER):
            found = by_priority(found, self.order)
        found = settle(policy, found)
        entries = tuple(entry for _, entry in found)
        fired = tuple(self.rules[number].fired for number, _ in found)
        values = [self._value(entry) for entry in entries]
        if is_list(policy, self.table.aggregator):
            return Outcome(values, entries, fired)
        if policy is HitPolicy.COLLECT:
            total = aggregated(self.table.aggregator, values)
            return Outcome(total, ({self.names[0]: total},), fired)
        return Outcome(values[0], entries, fired)

    def _entry(self, scope: Scope, rule: CompiledRule) -> dict[str, Value]:
        entry: dict[str, Value] = {}
        for name, result, allowed in zip(self.names, rule.results, self.allowed, strict=True):
            value = entry[name] = result(scope)
            if allowed is not None and value is not None and allowed({**scope, "?": value}) is not True:
                raise ExpressionError(
                    "decision_output", "The result in column “{column}” is none of its allowed values.", column=name
                )
        return entry

    def _value(self, entry: Mapping[str, Value]) -> Value:
        return dict(entry) if len(self.names) > 1 else next(iter(entry.values()), None)

    def _default(self, scope: Scope) -> Outcome:
        if self.table.aggregator is Aggregator.COUNT and self.table.hit_policy is HitPolicy.COLLECT:
            return Outcome(aggregated(Aggregator.COUNT, ()), ({self.names[0]: aggregated(Aggregator.COUNT, ())},))
        if not any(self.defaults):
            return Outcome(None)
        entry = {
            name: default(scope) if default else None for name, default in zip(self.names, self.defaults, strict=True)
        }
        return Outcome(self._value(entry), (entry,))
