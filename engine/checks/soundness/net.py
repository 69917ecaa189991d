"""One level of a process as a token net: flows are places, nodes are moves; which way a choice goes is left open."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import combinations

from engine.definitions.standard.diagram import Level, has
from engine.model.bpmn import EventKind, Node, NodeKind

_CHOOSES_ONE = frozenset({NodeKind.EXCLUSIVE, NodeKind.EVENT_BASED})
_CHOOSES_SOME = frozenset({NodeKind.INCLUSIVE, NodeKind.COMPLEX})
_ENDS_LEVEL = frozenset({EventKind.TERMINATE, EventKind.ERROR, EventKind.CANCEL})
_HEARD = frozenset({EventKind.MESSAGE, EventKind.SIGNAL, EventKind.ESCALATION})
_MOST_COMBINED = 5
_MOST_ARCS = 40_000
_MOST_WALKED = 400_000  # every inclusive join walks along all arcs


@dataclass(frozen=True, slots=True)
class Move:
    """Tokens on all of `takes` go, tokens on all of `gives` come. `node` is its node's place in the level.

    `ends` empties the whole level, `once` is a boundary event that leaves its activity going, `gathers` an inclusive join.
    """

    node: int
    takes: frozenset[int]
    gives: frozenset[int]
    ends: bool = False
    once: bool = False
    gathers: bool = False


@dataclass(frozen=True, slots=True)
class Net:
    """Places below `flows` are the level's flows, the others stand for the node of that number beyond them.

    `starts` are the ways to begin: each is a set of places that hold a token at the beginning.
    """

    flows: int
    moves: tuple[Move, ...]
    starts: tuple[frozenset[int], ...]


@dataclass(slots=True)
class _Drawing:
    level: Level
    number: dict[str, int] = field(default_factory=dict[str, int])
    attached: dict[str, list[Node]] = field(default_factory=dict[str, list[Node]])

    def __post_init__(self) -> None:
        self.number = {node.id: place for place, node in enumerate(self.level.body.nodes)}
        for node in self.level.body.nodes:
            if node.attached_to and not has(node, EventKind.COMPENSATION):
                self.attached.setdefault(node.attached_to, []).append(node)

    def own(self, node: Node) -> int:
        """The place before a node that no flow leads to."""
        return len(self.level.body.flows) + self.number[node.id]


def net_of(level: Level) -> Net | None:
    """The net, or None where tokens cannot be counted this way: quantities, complex joins, ad hoc, flows into nowhere, a tangle."""
    if (level.owner is not None and level.owner.kind is NodeKind.AD_HOC) or not level.body.nodes:
        return None
    if any(_uncountable(node) for node in level.body.nodes):
        return None
    if any(flow.target not in level.by_id or flow.source not in level.by_id for flow in level.body.flows):
        return None
    drawing = _Drawing(level)
    moves = [move for node in level.body.nodes for move in _moves(drawing, node)]
    arcs = sum(len(move.takes) + len(move.gives) for move in moves)
    if arcs > _MOST_ARCS or arcs * len({move.node for move in moves if move.gathers}) > _MOST_WALKED:
        return None
    return Net(len(level.body.flows), tuple(dict.fromkeys(moves)), tuple(_starts(drawing)))


def _uncountable(node: Node) -> bool:
    joins = node.kind is NodeKind.COMPLEX and len(node.incoming) > 1
    return joins or node.start_quantity != 1 or node.completion_quantity != 1


def begins_apart(node: Node) -> bool:
    """Nodes that no flow leads to, by design, and that do not begin with their level."""
    caught = node.kind is NodeKind.CATCH_EVENT and has(node, EventKind.LINK)
    return caught or node.triggered_by_event or node.is_for_compensation or node.kind is NodeKind.BOUNDARY_EVENT


def _starts(drawing: _Drawing) -> Iterator[frozenset[int]]:
    nodes = drawing.level.body.nodes
    events = [node for node in nodes if node.kind is NodeKind.START_EVENT or (node.instantiate and not node.incoming)]
    for node in events:
        yield frozenset({drawing.own(node)})
    if not events:
        yield frozenset(drawing.own(node) for node in nodes if not node.incoming and not begins_apart(node))


def _moves(drawing: _Drawing, node: Node) -> Iterator[Move]:
    if node.triggered_by_event or node.is_for_compensation:
        return
    number = drawing.number[node.id]
    ends = ends_level(drawing.level, node)
    for takes in _takes(drawing, node):
        for gives in [frozenset[int]()] if ends else _gives(drawing, node):
            yield Move(number, takes, gives, ends, gathers=node.kind is NodeKind.INCLUSIVE and len(node.incoming) > 1)
        for boundary in drawing.attached.get(node.id, ()):
            kept = frozenset[int]() if boundary.interrupting else takes
            yield Move(number, takes, kept | {drawing.own(boundary)}, once=not boundary.interrupting)


def _takes(drawing: _Drawing, node: Node) -> Iterator[frozenset[int]]:
    places = node.incoming or (drawing.own(node),)
    if node.kind in {NodeKind.PARALLEL, NodeKind.INCLUSIVE}:
        yield frozenset(places)
    else:
        yield from (frozenset({place}) for place in places)


def _gives(drawing: _Drawing, node: Node) -> list[frozenset[int]]:
    if node.kind is NodeKind.THROW_EVENT and has(node, EventKind.LINK):
        return [_linked(drawing, node)]
    ways = [drawing.level.body.flows[place] for place in node.outgoing]
    if node.kind in _CHOOSES_ONE and not (node.kind is NodeKind.EVENT_BASED and node.event_gateway_type == "Parallel"):
        return [frozenset({place}) for place in node.outgoing] or [frozenset()]
    default = {place for place, way in zip(node.outgoing, ways, strict=True) if way.id and way.id == node.default_flow}
    asked = [p for p, w in zip(node.outgoing, ways, strict=True) if w.condition is not None and p not in default]
    if node.kind is NodeKind.PARALLEL or not (asked or default):
        asked = list(node.outgoing) if node.kind in _CHOOSES_SOME else asked
    always = frozenset(node.outgoing) - default - frozenset(asked)
    if node.kind is NodeKind.PARALLEL or not asked:
        return [frozenset(node.outgoing) - (default if always else frozenset())]
    return _some(asked, always, frozenset(default))


def _some(asked: list[int], always: frozenset[int], default: frozenset[int]) -> list[frozenset[int]]:
    """Any of the conditional ways beside those that are always taken; none of them means the default."""
    sizes = range(1, len(asked) + 1) if len(asked) <= _MOST_COMBINED else (1, len(asked))
    chosen = [always | set(some) for size in sizes for some in combinations(asked, size)]
    return [*chosen, always] if always else [*chosen, default] if default else chosen


def _linked(drawing: _Drawing, node: Node) -> frozenset[int]:
    names = {event.link for event in node.events}
    caught = [each for each in drawing.level.body.nodes if each.kind is NodeKind.CATCH_EVENT and begins_apart(each)]
    return frozenset(drawing.own(each) for each in caught if names & {event.link for event in each.events})


def ends_level(level: Level, node: Node) -> bool:
    """True where the node ends everything around it: by itself, or because something interrupting hears what it throws."""
    if node.kind not in {NodeKind.END_EVENT, NodeKind.THROW_EVENT}:
        return False
    thrown = {(event.kind, event.name or event.code or "") for event in node.events}
    if node.kind is NodeKind.END_EVENT and any(kind in _ENDS_LEVEL for kind, _ in thrown):
        return True
    return any(kind in _HEARD and (kind, name) in _interrupting(level) for kind, name in thrown)


def _interrupting(level: Level) -> set[tuple[EventKind, str]]:
    """What the process's interrupting boundary events and event subprocesses wait for."""
    found: set[tuple[EventKind, str]] = set()
    for node in level.process.body.walk():
        starts = node.body.nodes if node.body is not None and node.triggered_by_event else ()
        for each in (node, *starts):
            if each.interrupting and each.kind in {NodeKind.BOUNDARY_EVENT, NodeKind.START_EVENT}:
                found |= {(event.kind, event.name or event.code or "") for event in each.events}
    return found
