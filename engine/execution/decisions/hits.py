"""What a table gives when several rules fit, or none (DMN 1.5, 8.2.8; R22)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from engine.execution.expression_errors import ExpressionError
from engine.execution.feel.comparing import same
from engine.model.dmn import Aggregator, HitPolicy

Entry = Mapping[str, object]

STOPS_AFTER = {HitPolicy.FIRST: 1, HitPolicy.UNIQUE: 2}
"""How many rules must fit before no further one can change the result."""

BUILT_IN_OF = {Aggregator.SUM: "sum", Aggregator.MIN: "min", Aggregator.MAX: "max"}
"""FEEL's own functions that aggregate, so that they mean the same with null and with kinds that do not mix."""


def settle(policy: HitPolicy, hits: Sequence[tuple[int, Entry]]) -> list[tuple[int, Entry]]:
    """Give the rules that count, by index from 0; raise ExpressionError where the policy is violated."""
    if policy is HitPolicy.UNIQUE and len(hits) > 1:
        raise _violation("decision_unique", "Rules {first} and {second} both fit, but only one may.", hits[0], hits[1])
    if policy is HitPolicy.ANY:
        for other in hits[1:]:
            if not all(same(value, hits[0][1][name]) for name, value in other[1].items()):
                raise _violation(
                    "decision_any", "Rules {first} and {second} both fit, but give different results.", hits[0], other
                )
    single = policy in (HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.ANY, HitPolicy.PRIORITY)
    return list(hits[:1] if single else hits)


def _violation(code: str, template: str, first: tuple[int, Entry], second: tuple[int, Entry]) -> ExpressionError:
    return ExpressionError(code, template, first=first[0] + 1, second=second[0] + 1)


def by_priority(hits: Sequence[tuple[int, Entry]], order: Mapping[str, Sequence[object]]) -> list[tuple[int, Entry]]:
    """Give the hits by the place of their values in the outputs' lists of values, leftmost output first."""

    def place(hit: tuple[int, Entry]) -> tuple[int, ...]:
        return tuple(
            next((index for index, value in enumerate(values) if same(value, hit[1][name])), len(values))
            for name, values in order.items()
        )

    return sorted(hits, key=place)


def is_list(policy: HitPolicy, aggregator: Aggregator) -> bool:
    """Say whether the table gives a list of its entries."""
    if policy is HitPolicy.COLLECT:
        return aggregator is Aggregator.LIST
    return policy in (HitPolicy.RULE_ORDER, HitPolicy.OUTPUT_ORDER)
