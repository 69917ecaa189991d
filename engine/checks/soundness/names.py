"""Every name that is read is given by somebody: a task, a table, a mapping, a message, or the case itself."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from engine.checks.soundness.data_use import COUNTED, Surroundings, reads_of, writes_of
from engine.definitions.standard.diagram import Level
from engine.execution.compiler.code import NodeCode
from engine.model.case import MIRRORED
from engine.model.errors import Finding, Message

FACTS = frozenset(
    [
        "number",
        "kind",
        "subject",
        "text",
        "country",
        "party",
        "sector",
        "segment",
        "area",
        "channel",
        "language",
        "medium",
        "remedy",
        "disputed_amount",
        "product_group",
        "model",
        "serial",
        "received_on",
        "earlier_case",
        "category",
        "priority",
        "queue",
        "stage",
        "root_cause",
        "special_mode",
        "special_mode_limit",
        "customer_known",
        "customer_email_known",
        "days_since_close",
        "outcome",
        "posted_on",
        "reference",
        "purchased_on",
        "invoice",
        "contract",
        "by_proxy",
        "customer_number",
        "customer_contract",
    ]
)
"""What a case tells by itself: its columns, what it was registered with, and the button that was pressed last."""
_SHORTEST = 5
_LONG = 8


@dataclass(frozen=True, slots=True)
class Known:
    """The names that a deployment's files give, and whether others may come from outside."""

    names: frozenset[str]
    open: bool


def known_names(codes: Sequence[NodeCode], around: Surroundings) -> Known:
    """Collect what all nodes of a deployment write, are given and declare."""
    names: set[str] = set()
    unknown = False
    for code in codes:
        written = writes_of(code, around)
        names |= written.names | written.kept
        unknown |= written.open
        names |= {event.payload_variable for event in code.events} | {
            name for event in code.events for name, _ in event.correlation
        }
        if code.source.body is not None:
            names |= {data.name for data in code.source.body.data} | set(code.source.body.properties)
    names |= {name for form in around.forms.values() for name in form.names}
    return Known(frozenset(names - {""}), unknown)


def names_are_given(
    level: Level, codes: Mapping[str, NodeCode], around: Surroundings, known: Known
) -> Iterator[Finding]:
    """Warn of a name that nothing writes where another is nearly the same; mention others where all givers are known."""
    given = known.names | FACTS | COUNTED | set(MIRRORED) | _declared(level)
    for node in level.body.nodes:
        code = codes.get(node.id)
        for name in sorted(reads_of(code, around) - given if code is not None else ()):
            meant = nearest(name, given)
            params: dict[str, object] = {"name": name, "meant": meant}
            if meant:
                yield level.warning(
                    node,
                    Message("name_misspelt", "It reads “{name}”, which nothing writes.", params),
                    Message(
                        "name_misspelt_remedy",
                        "Did you mean “{meant}”? Correct the name, or let something write it before.",
                        params,
                    ),
                )
            elif level.process.case_kind and not known.open:
                yield level.note(
                    node,
                    Message("name_unwritten", "It reads “{name}”, which nothing writes and no case has.", params),
                    Message("name_unwritten_remedy", "Correct the name, or let something write it before."),
                )


def _declared(level: Level) -> set[str]:
    return {data.name for data in level.process.body.data} | set(level.process.body.properties)


def nearest(name: str, given: frozenset[str] | set[str]) -> str:
    """Give the name that was probably meant: one slip away, two in long names; numbered names and plurals are others."""
    if len(name) < _SHORTEST:
        return ""
    close = [each for each in sorted(given) if len(each) >= _SHORTEST and _slipped(name, each)]
    return min(close, key=lambda each: (_distance(name, each), each), default="")


def _slipped(name: str, other: str) -> bool:
    if name.rstrip("s") == other.rstrip("s") or _letters(name) == _letters(other):
        return False
    return abs(len(name) - len(other)) <= 2 and _distance(name, other) <= (2 if len(name) >= _LONG else 1)


def _letters(name: str) -> str:
    return "".join(letter for letter in name if not letter.isdigit())


def _distance(one: str, other: str) -> int:
    """Count slips: a letter too many, too few or wrong, or two neighbours swapped (Damerau 1964)."""
    rows = [list(range(len(other) + 1))]
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, there in enumerate(other, 1):
            best = min(row[j - 1] + 1, rows[i - 1][j] + 1, rows[i - 1][j - 1] + (letter != there))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == there:
                best = min(best, rows[i - 2][j - 2] + 1)
            row.append(best)
        rows.append(row)
    return rows[-1][-1]
