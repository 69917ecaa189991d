"""Two branches that run at the same time and write one name: the last one wins, and nobody knows which that is (R3)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import combinations

from engine.checks.soundness.concurrency import side_by_side
from engine.checks.soundness.data_use import Surroundings, writes_of
from engine.checks.soundness.net import net_of
from engine.definitions.standard.diagram import Level
from engine.execution.compiler.code import NodeCode
from engine.model.bpmn import Node, NodeKind
from engine.model.errors import Finding, Message

_MOST_WRITERS = 200
# Read by the gateway behind its task in the same step, before anything else can write it.
_AT_ONCE = frozenset({"outcome"})


def parallel_writers(level: Level, codes: Mapping[str, NodeCode], around: Surroundings) -> Iterator[Finding]:
    """Warn of each pair of nodes of one level that may run side by side and write the same name."""
    net = net_of(level)
    if net is None:
        return
    beside = side_by_side(net)
    written = {node.id: names for node in level.body.nodes if (names := _below(node, codes, around) - _AT_ONCE)}
    flows = len(level.body.flows)
    places = {node.id: node.incoming or (flows + number,) for number, node in enumerate(level.body.nodes)}
    sharing = {pair for nodes in _by_name(level, written).values() for pair in combinations(nodes, 2)}
    for here, there in sorted(sharing):
        one, other = level.body.nodes[here], level.body.nodes[there]
        if _watches_beside(one, other) or any(
            beside.get(place, 0) >> way & 1 for place in places[one.id] for way in places[other.id]
        ):
            yield _pair(level, one, other, written[one.id] & written[other.id])


def _by_name(level: Level, written: Mapping[str, frozenset[str]]) -> dict[str, list[int]]:
    """For each name the places of the nodes that write it; of a name with very many writers only the first are looked at."""
    found: dict[str, list[int]] = {}
    for number, node in enumerate(level.body.nodes):
        for name in written.get(node.id, ()):
            writers = found.setdefault(name, [])
            if len(writers) < _MOST_WRITERS:
                writers.append(number)
    return found


def _watches_beside(one: Node, other: Node) -> bool:
    """A non-interrupting event subprocess runs beside everything of its level; an interrupting one ends it first."""
    watching = [node for node in (one, other) if node.triggered_by_event and node.body is not None]
    starts = [start for node in watching for start in (node.body.nodes if node.body else ())]
    return bool(watching) and not any(_interrupts(start) for start in starts)


def _interrupts(node: Node) -> bool:
    return node.kind is NodeKind.START_EVENT and node.interrupting


def _below(node: Node, codes: Mapping[str, NodeCode], around: Surroundings) -> frozenset[str]:
    """The names that a node and what it holds write beyond its own scope."""
    code = codes.get(node.id)
    if code is None:
        return frozenset()
    own = writes_of(code, around)
    if node.body is None or node.multi is not None:
        return own.names
    held = frozenset(data.name for data in node.body.data) | frozenset(node.body.properties) | own.kept
    inner = frozenset[str]().union(*(_below(each, codes, around) for each in node.body.nodes))
    return own.names | inner - held


def _pair(level: Level, one: Node, other: Node, names: frozenset[str]) -> Finding:
    params: dict[str, object] = {
        "one": one.name or one.id,
        "other": other.name or other.id,
        "names": ", ".join(sorted(names)),
    }
    return level.warning(
        other,
        Message(
            "parallel_writers",
            "“{one}” and “{other}” can run at the same time and both write {names}; the later one wins.",
            params,
        ),
        Message("parallel_writers_remedy", "Give each its own name, or let one follow the other."),
    )
