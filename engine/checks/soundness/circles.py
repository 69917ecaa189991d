"""A circle in which nobody and nothing waits ends only if it changes what its way out asks (R24 stops it otherwise)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.checks.soundness.data_use import Surroundings, writes_of
from engine.definitions.standard.diagram import Level
from engine.execution.compiler.code import Does, NodeCode
from engine.model.errors import Finding, Message

_AT_ONCE = frozenset({Does.PASS, Does.SCRIPT, Does.RULE, Does.EXCLUSIVE, Does.PARALLEL, Does.INCLUSIVE})


def circles_end(level: Level, codes: Mapping[str, NodeCode], around: Surroundings) -> Iterator[Finding]:
    """Warn of a circle of automatic steps whose ways out ask only for names that nothing in it writes."""
    inside = {node.id: codes[node.id] for node in level.body.nodes if node.id in codes and _goes_on(codes[node.id])}
    for circle in _circles(level, inside):
        nodes = [inside[name] for name in circle]
        written = [writes_of(code, around) for code in nodes]
        if any(each.open for each in written):
            continue
        asked = frozenset[str]().union(
            *(flow.condition.names for code in nodes for flow in code.outgoing if flow.condition)
        )
        names = frozenset[str]().union(*(each.names for each in written))
        if _leaves(level, circle) and (not asked or asked & names):
            continue
        first = next(node for node in level.body.nodes if node.id in circle)
        yield level.warning(
            first,
            Message(
                "circle_endless", "Nothing waits in this circle, and nothing in it changes what its way out asks for."
            ),
            Message(
                "circle_endless_remedy",
                "Let a step in the circle write what the way out asks, or let somebody do something in it.",
            ),
        )


def _goes_on(code: NodeCode) -> bool:
    return code.does in _AT_ONCE and code.multi is None and code.loop is None and not code.boundaries


def _leaves(level: Level, circle: frozenset[str]) -> bool:
    return any(flow.source in circle and flow.target not in circle for flow in level.body.flows)


def _circles(level: Level, inside: Mapping[str, NodeCode]) -> list[frozenset[str]]:
    """The strongly connected parts of these nodes (Kosaraju), without recursion."""
    onward: dict[str, list[str]] = {name: [] for name in inside}
    back: dict[str, list[str]] = {name: [] for name in inside}
    for flow in level.body.flows:
        if flow.source in inside and flow.target in inside:
            onward[flow.source].append(flow.target)
            back[flow.target].append(flow.source)
    found: list[frozenset[str]] = []
    taken: set[str] = set()
    for name in reversed(_by_finish(onward)):
        part = _reached(name, back, taken)
        if len(part) > 1 or (part and name in onward[name]):
            found.append(frozenset(part))
    return found


def _by_finish(onward: Mapping[str, list[str]]) -> list[str]:
    finished: list[str] = []
    seen: set[str] = set()
    for start in onward:
        pending = [(start, False)]
        while pending:
            name, done = pending.pop()
            if done:
                finished.append(name)
            elif name not in seen:
                seen.add(name)
                pending.append((name, True))
                pending += [(other, False) for other in onward[name]]
    return finished


def _reached(start: str, back: Mapping[str, list[str]], taken: set[str]) -> set[str]:
    part: set[str] = set()
    pending = [start]
    while pending:
        name = pending.pop()
        if name not in taken:
            taken.add(name)
            part.add(name)
            pending += back[name]
    return part
