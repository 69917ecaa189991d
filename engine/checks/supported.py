"""What reads well, is BPMN, and does not run yet: the one list beside the compiler's own refusals; it only ever shrinks."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from engine.definitions.standard.diagram import Level, has
from engine.model.bpmn import EventKind, Node, NodeKind
from engine.model.errors import Finding, Message


@dataclass(frozen=True, slots=True)
class Missing:
    """How to recognise a thing, what it is in people's words, and what to draw instead."""

    found: Callable[[Level, Node], bool]
    message: Message
    instead: Message


def _behavior(_: Level, node: Node) -> bool:
    multi = node.multi
    return multi is not None and not multi.tells


def _conditional_start(level: Level, node: Node) -> bool:
    return level.owner is None and node.kind is NodeKind.START_EVENT and has(node, EventKind.CONDITIONAL)


NOT_YET = (
    Missing(
        _behavior,
        Message(
            "not_yet_behavior",
            "This does not run: a multi-instance activity whose behavior does not say which event is thrown, or when.",
        ),
        Message(
            "not_yet_behavior_remedy",
            "Name the event, for a complex one with its condition, or remove the attribute behavior.",
        ),
    ),
    Missing(
        _conditional_start,
        Message(
            "not_yet_conditional",
            "This does not run here: a process that is started by a condition. Such a condition may ask for nothing of the "
            "process (BPMN 2.0.2, 10.5.2), and a desk has no other data that it could watch.",
        ),
        Message("not_yet_conditional_remedy", "Start it by a message or a timer."),
    ),
)


def everything_runs(level: Level) -> Iterator[Finding]:
    """Name each element that a process uses and the machine does not run yet."""
    for node in level.body.nodes:
        for missing in NOT_YET:
            if missing.found(level, node):
                yield level.error(node, missing.message, missing.instead)
