"""Tokens come together again where they were parted, and come to an end."""

from __future__ import annotations

from collections.abc import Iterator

from engine.checks.soundness.concurrency import side_by_side
from engine.checks.soundness.net import Move, Net, begins_apart, ends_level, net_of
from engine.checks.soundness.play import stuck
from engine.definitions.standard.diagram import Level
from engine.model.bpmn import Flow, Node, NodeKind
from engine.model.errors import Finding, Message

_JOINS = frozenset({NodeKind.PARALLEL, NodeKind.INCLUSIVE, NodeKind.COMPLEX})
_GATEWAYS = _JOINS | {NodeKind.EXCLUSIVE, NodeKind.EVENT_BASED}
_INTERRUPTERS = frozenset({NodeKind.START_EVENT, NodeKind.BOUNDARY_EVENT})
_QUIET = _GATEWAYS | {NodeKind.END_EVENT}


def tokens_meet(level: Level) -> Iterator[Finding]:
    """No join waits for a way that was not taken, and nothing is done twice where parallel ways come together unjoined."""
    net = net_of(level)
    if net is None or not any(len(node.incoming) > 1 for node in level.body.nodes):
        return
    for move, empty in stuck(net):
        yield _waits(level, net, move, empty)
    beside = side_by_side(net)
    for node in level.body.nodes:
        if node.kind in _JOINS or len(node.incoming) < 2 or not _something_follows(level, node):
            continue
        if any(beside.get(one, 0) >> other & 1 for one in node.incoming for other in node.incoming if one < other):
            yield level.note(
                node,
                Message(
                    "done_twice",
                    "Ways that run at the same time come together here; what follows is done for each of them.",
                ),
                Message("done_twice_remedy", "Join them with a parallel gateway, if it is to be done once."),
            )


def _waits(level: Level, net: Net, move: Move, empty: frozenset[int]) -> Finding:
    join = level.body.nodes[move.node]
    missing = [level.body.flows[place] for place in sorted(empty) if place < net.flows]
    split = _chooser(level, join, missing)
    before = _before(level, join)
    if split is None or not any(flow.source in before for flow in missing):
        return level.warning(
            join,
            Message("join_circle", "The gateway waits for a way that only begins behind it."),
            Message("join_circle_remedy", "Bring the loop back by an exclusive gateway before this one."),
        )
    params: dict[str, object] = {"split": split.name or split.id}
    return level.warning(
        join,
        Message("join_waits", "The gateway waits for all its ways, but “{split}” does not take them all.", params),
        Message("join_waits_remedy", "Join with the kind of gateway that “{split}” splits with.", params),
    )


def _chooser(level: Level, join: Node, missing: list[Flow]) -> Node | None:
    """The nearest node before a missing way that may go another way."""
    pending = [flow.source for flow in missing] or [level.body.flows[place].source for place in join.incoming]
    seen: set[str] = {join.id}
    while pending:
        node = level.by_id[pending.pop(0)]
        if node.id in seen:
            continue
        seen.add(node.id)
        ways = level.outgoing(node)
        if len(ways) > 1 and (
            node.kind is not NodeKind.PARALLEL and (node.kind in _GATEWAYS or any(w.condition for w in ways))
        ):
            return node
        pending += [flow.source for flow in level.incoming(node)] + (
            [node.attached_to] if node.attached_to in level.by_id else []
        )
        if any(each.attached_to == node.id and each.interrupting for each in level.body.nodes):
            return node
    return None


def _before(level: Level, join: Node) -> set[str]:
    """The nodes that a token can come to without passing the join."""
    pending = [node for node in level.body.nodes if not node.incoming]
    seen: set[str] = {join.id}
    while pending:
        node = pending.pop()
        if node.id not in seen:
            seen.add(node.id)
            pending += [level.by_id[flow.target] for flow in level.outgoing(node)]
    return seen - {join.id}


def _something_follows(level: Level, node: Node) -> bool:
    """True where the node, or one behind it and its gateways, does more than to end."""
    pending, seen = [node], set[str]()
    while pending:
        each = pending.pop()
        if each.id in seen:
            continue
        seen.add(each.id)
        if each.kind not in _QUIET:
            return True
        pending += [level.by_id[flow.target] for flow in level.outgoing(each) if flow.target in level.by_id]
    return False


def every_way_ends(level: Level) -> Iterator[Finding]:
    """From each node a token can come to an end, unless something in the process interrupts."""
    if any(_interrupts(node) for node in level.process.body.walk()):
        return
    ended = _before_an_end(level)
    lost = [node for node in level.body.nodes if node.id not in ended and not begins_apart(node) and node.incoming]
    for node in lost[:1]:
        yield level.warning(
            node,
            Message("no_way_out", "From here no way leads to an end; the process goes round for ever."),
            Message("no_way_out_remedy", "Draw a way out of the circle."),
        )


def _interrupts(node: Node) -> bool:
    """A boundary event or event subprocess that may end what it stands at, or what runs beside it."""
    starts = node.body.nodes if node.body is not None and node.triggered_by_event else (node,)
    return any(each.interrupting and each.kind in _INTERRUPTERS for each in starts if each.events)


def _before_an_end(level: Level) -> set[str]:
    hosts = {node.id: node.attached_to for node in level.body.nodes if node.attached_to}
    pending = [node.id for node in level.body.nodes if not node.outgoing or ends_level(level, node)]
    ended: set[str] = set()
    while pending:
        node = level.by_id.get(pending.pop())
        if node is None or node.id in ended:
            continue
        ended.add(node.id)
        pending += [flow.source for flow in level.incoming(node)]
        pending += [hosts[node.id]] if node.id in hosts and node.interrupting else []
    return ended


TOKEN_RULES = (tokens_meet, every_way_ends)
