"""What a hit policy forbids or leaves open: overlaps, gaps and rules that never decide, each with an example."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from engine.checks.tables.axes import UNKNOWN, Axis, TooLarge, axes_of
from engine.checks.tables.covering import Covering, Place
from engine.checks.tables.reading import ReadTable
from engine.execution.decisions.hits import by_priority
from engine.execution.feel.comparing import same
from engine.execution.feel.plain_tests import constant, is_constant
from engine.execution.feel.showing import text_of
from engine.execution.feel.tree import Literal
from engine.model.dmn import Aggregator, HitPolicy
from engine.model.errors import Finding, Message, Severity

MOST: Final = 8
"""How many findings of one kind a table gets; the rest shows when these are corrected."""
_SINGLE = (HitPolicy.UNIQUE, HitPolicy.FIRST, HitPolicy.ANY, HitPolicy.PRIORITY)


def hit_findings(read: ReadTable, decisions: Sequence[str]) -> Iterator[Finding]:
    """Give what is wrong with a table's rules together."""
    table = read.table
    if not table.rules or any(len(tests) != len(read.columns) for tests in read.tests):
        return
    try:
        axes = axes_of(read, decisions)
        yield from _Hits(read, axes).findings()
    except TooLarge:
        yield read.finding(
            Severity.INFORMATION,
            Message("table_too_large", "The table is too large to look for every gap and overlap."),
            Message("table_too_large_remedy", "Split it into decisions that ask one another, to have it checked."),
        )


class _Hits:
    def __init__(self, read: ReadTable, axes: Sequence[Axis]) -> None:
        self.read, self.table, self.axes = read, read.table, axes
        self.count = len(self.table.rules)
        self.every = (1 << self.count) - 1
        self.covering = Covering([axis.surely for axis in axes])
        self.is_free = all(axis.is_free for axis in axes)

    def findings(self) -> Iterator[Finding]:
        policy = self.table.hit_policy
        dead = self.impossible()
        for rule in dead:
            yield self.never(rule)
        twins = dict(self.twins())
        for rule, first in list(twins.items())[:MOST]:
            yield self.twin(rule, first)
        if policy is HitPolicy.UNIQUE or policy is HitPolicy.ANY:
            yield from self.overlaps(set(twins))
        if policy in (HitPolicy.FIRST, HitPolicy.PRIORITY):
            yield from self.hidden({*dead, *twins})
        if policy in _SINGLE and not all(output.default and output.default.text for output in self.read.outputs):
            yield from self.gaps()

    # ---- rules that never fit

    def impossible(self) -> list[int]:
        """Give rules with a column none of whose values they accept."""
        found: list[int] = []
        for rule in range(self.count):
            bit = 1 << rule
            if any(axis.values != (UNKNOWN,) and not any(place & bit for place in axis.maybe) for axis in self.axes):
                found.append(rule)
        return found

    def never(self, rule: int) -> Finding:
        bit = 1 << rule
        label = next(
            axis.label for axis in self.axes if axis.values != (UNKNOWN,) and not any(each & bit for each in axis.maybe)
        )
        params = {"rule": rule + 1, "column": label}
        return self.read.finding(
            Severity.WARNING,
            Message("table_never", "Rule {rule} never fits: no value passes its cell in column “{column}”.", params),
            Message("table_never_remedy", "Look whether the ends of a range are swapped, or a value is misspelt."),
            rule + 1,
        )

    def twins(self) -> Iterator[tuple[int, int]]:
        """Give rules whose tests and results are written as in an earlier one."""
        seen: dict[tuple[str, ...], int] = {}
        for number, rule in enumerate(self.table.rules):
            key = (*(_written(cell.text) for cell in rule.tests), *(cell.text.strip() for cell in rule.results))
            if key in seen:
                yield number, seen[key]
            seen.setdefault(key, number)

    def twin(self, rule: int, first: int) -> Finding:
        params = {"rule": rule + 1, "other": first + 1}
        is_wrong = self.table.hit_policy is HitPolicy.UNIQUE
        return self.read.finding(
            Severity.ERROR if is_wrong else Severity.WARNING,
            Message("table_twin", "Rule {rule} is the same as rule {other}.", params),
            Message("table_twin_remedy", "Remove one of them, or correct what was copied and not changed."),
            rule + 1,
        )

    # ---- overlaps

    def overlaps(self, left_out: set[int]) -> Iterator[Finding]:
        told = 0
        for rule in range(self.count):
            others = self.meeting(rule) & ((1 << rule) - 1)
            while others and told < MOST:
                bit = others & -others
                others ^= bit
                first = bit.bit_length() - 1
                if rule in left_out or (self.table.hit_policy is HitPolicy.ANY and not self.differ(first, rule)):
                    continue
                told += 1
                yield self.overlap(first, rule)

    def meeting(self, rule: int) -> int:
        """Give the rules that surely fit somewhere where this one surely does."""
        bit, found = 1 << rule, self.every
        for axis in self.axes:
            here = 0
            for accepted in axis.surely:
                here |= accepted if accepted & bit else 0
            found &= here
        return found & ~bit

    def differ(self, first: int, second: int) -> bool:
        """Say whether two rules surely give different results."""
        for one, other in zip(self.read.results[first], self.read.results[second], strict=False):
            if one is None or other is None or not is_constant(one.tree) or not is_constant(other.tree):
                continue
            if not same(constant(one.tree), constant(other.tree)):
                return True
        return False

    def overlap(self, first: int, second: int) -> Finding:
        both = (1 << first) | (1 << second)
        place = tuple(
            next(index for index, accepted in enumerate(axis.surely) if accepted & both == both) for axis in self.axes
        )
        params = {"rule": second + 1, "other": first + 1, "example": self.example(place, both)}
        if self.table.hit_policy is HitPolicy.ANY:
            message = Message(
                "table_any_overlap", "Rules {other} and {rule} both fit and differ in their results: {example}.", params
            )
        else:
            message = Message("table_overlap", "Rules {other} and {rule} both fit: {example}.", params)
        remedy = Message(
            "table_overlap_remedy",
            "Narrow one of them, or choose a hit policy that says which one counts, as FIRST does.",
        )
        return self.read.finding(Severity.ERROR if self.is_free else Severity.WARNING, message, remedy, second + 1)

    # ---- rules that others hide

    def hidden(self, left_out: set[int]) -> Iterator[Finding]:
        told = 0
        for rule in range(self.count):
            if rule in left_out or told >= MOST:
                continue
            before = self.before(rule)
            by = next((other for other in _bits(before) if self.within(rule, other)), None)
            if by is None and not self.is_covered(rule, before):
                continue
            told += 1
            yield self.in_vain(rule, by)

    def before(self, rule: int) -> int:
        """Give the rules that count before this one."""
        if self.table.hit_policy is HitPolicy.FIRST:
            return (1 << rule) - 1
        order = {}
        for index, output in enumerate(self.read.outputs):
            plain = output.allowed.tree if output.allowed is not None else None
            tests = getattr(plain, "tests", ())
            if tests and all(is_constant(node) for node in tests):
                order[str(index)] = [constant(node) for node in tests]
        rows: list[tuple[int, dict[str, object]]] = []
        for number, results in enumerate(self.read.results):
            if any(result is None or not is_constant(result.tree) for result in results):
                return 0
            rows.append((number, {str(i): constant(each.tree) for i, each in enumerate(results) if each is not None}))
        found = 0
        for number, _ in by_priority(rows, order) if order else ():
            if number == rule:
                return found
            found |= 1 << number
        return 0

    def within(self, rule: int, other: int) -> bool:
        """Say whether whatever fits a rule fits another: its cells accept more, or are written alike."""
        bit, wide = 1 << rule, 1 << other
        by_text = {" ".join(column.text.split()): index for index, column in enumerate(self.read.columns)}
        for axis, index in zip(self.axes, by_text.values(), strict=True):
            mine, theirs = self.table.rules[rule].tests[index].text, self.table.rules[other].tests[index].text
            if _written(mine) == _written(theirs) and len(by_text) == len(self.read.columns):
                continue
            if any(may & bit and not sure & wide for may, sure in zip(axis.maybe, axis.surely, strict=True)):
                return False
        return True

    def is_covered(self, rule: int, before: int) -> bool:
        bit = 1 << rule
        inside = [[place for place, accepted in enumerate(axis.maybe) if accepted & bit] for axis in self.axes]
        return next(self.covering.holes(before, inside), None) is None

    def in_vain(self, rule: int, by: int | None) -> Finding:
        params = {"rule": rule + 1, "other": (by or 0) + 1}
        remedy = Message("table_hidden_remedy", "Move it up, narrow the rules that count before it, or remove it.")
        if by is None:
            message = Message(
                "table_hidden_by_several", "Rule {rule} never counts: others before it take all it fits.", params
            )
        else:
            message = Message("table_hidden", "Rule {rule} never counts: rule {other} takes all that it fits.", params)
        return self.read.finding(Severity.WARNING, message, remedy, rule + 1)

    # ---- gaps

    def gaps(self) -> Iterator[Finding]:
        covering = Covering([axis.here for axis in self.axes])
        for told, place in enumerate(covering.holes(self.every)):
            if told >= MOST:
                break
            if any(self.axes[column].values == (UNKNOWN,) for column in range(len(place))):
                continue
            is_free = all(self.axes[column].is_free for column in range(len(place)))
            yield self.read.finding(
                Severity.WARNING if is_free else Severity.INFORMATION,
                Message("table_gap", "No rule fits: {example}.", {"example": self.example(place, 0)}),
                Message(
                    "table_gap_remedy", "Add a rule for it, a last rule of “-” cells, or a default for each output."
                ),
            )

    def example(self, place: Place, both: int) -> str:
        """Write out the values of a place, without the columns in which everything is accepted."""
        parts: list[str] = []
        for axis, piece in zip(self.axes, place, strict=False):
            if both and all(accepted & both == both for accepted in axis.surely):
                continue
            value = axis.values[piece]
            text = text_of(value)
            parts.append(f"{axis.label} = {f'“{text}”' if isinstance(value, str) else text or 'null'}")
        return ", ".join(parts) or "–"


def _bits(mask: int) -> Iterator[int]:
    while mask:
        bit = mask & -mask
        mask ^= bit
        yield bit.bit_length() - 1


def _written(text: str) -> str:
    return "-" if text.strip() in ("", "-") else " ".join(text.split())


def aggregate_findings(read: ReadTable) -> Iterator[Finding]:
    """Give what a hit policy needs and the table has not: numbers to add up, an order of priorities."""
    table = read.table
    is_ordered = any(output.allowed is not None for output in read.outputs)
    if table.hit_policy in (HitPolicy.PRIORITY, HitPolicy.OUTPUT_ORDER) and not is_ordered:
        yield read.finding(
            Severity.WARNING,
            Message("table_no_order", "No output lists its values, so that no rule has priority over another."),
            Message("table_no_order_remedy", "List the values of an output, the most important first."),
        )
    if table.hit_policy is HitPolicy.COLLECT and table.aggregator is Aggregator.SUM:
        for rule, results in enumerate(read.results, 1):
            tree = results[0].tree if results and results[0] is not None else None
            if isinstance(tree, Literal) and isinstance(tree.value, str | bool):
                yield read.finding(
                    Severity.ERROR,
                    Message("table_sum", "Rule {rule} gives no number to add up.", {"rule": rule}),
                    Message("table_sum_remedy", "Give a number, or choose COLLECT without SUM."),
                    rule,
                )
