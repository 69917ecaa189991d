"""Everything that an instance consists of is put in its place in the new version; new subprocesses are begun around it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from engine.execution.compiler.code import Does, NodeCode, ProcessCode
from engine.execution.machine.run import is_repeated
from engine.execution.machine.state import DEADLOCK, Done, Scope, Token
from engine.execution.operations.balance import starves, unbalanced
from engine.execution.operations.bodies import container_of, is_undoing, way_in
from engine.execution.operations.crossing import Crossing
from engine.execution.operations.entering import begin_inside, refusal_to_begin
from engine.execution.operations.fitting import is_released, join_flows
from engine.execution.operations.rearming import Rearming
from engine.execution.operations.records import ChangeKind
from engine.execution.operations.working import named
from engine.model.errors import Message

Images = dict[tuple[int, int], dict[str, str]]
"""For each half-filled join, by scope and index: what takes the place of the flows that hold tokens."""


@dataclass(slots=True)
class Entered:
    """Subprocesses that were begun around what is inside them now, by level and element."""

    scopes: dict[tuple[int, int], Scope] = field(default_factory=dict[tuple[int, int], Scope])


def join_images(crossing: Crossing) -> Images:
    """Find them all, or note why the instance stays."""
    found: Images = {}
    for scope, home in crossing.moving():
        for index in {*scope.joins, *scope.resets}:
            images = join_flows(crossing, scope, scope.process.nodes[index], home)
            if images is not None:
                found[scope.id, index] = images
    return found


def point(crossing: Crossing, rearming: Rearming, joins: Images) -> None:
    """Let every scope, token, wait, incident and half-filled join name its place in the new version."""
    state = crossing.state
    moving = crossing.moving()
    for scope, home in moving:
        _point_joins(crossing, scope, home, joins)
        scope.done = _carried(crossing, scope.done, home)
        for token in scope.tokens.values():
            token.node = _image(crossing, token.node, home) if token.id in crossing.stood else token.node
            token.via = crossing.renamed(token.via)
    for trouble in state.troubles.values():
        if trouble.token is not None:
            trouble.node = trouble.token.node
        elif trouble.scope.id in crossing.homes:
            trouble.node = _image(crossing, trouble.node, crossing.homes[trouble.scope.id])
    for scope, home in moving:
        scope.process = home
    for scope in state.scopes.values():
        scope.node = scope.holder.node if scope.holder is not None else None
    for waiting in state.waits.values():
        waiting.node = rearming.heirs.get(waiting.id, waiting.node)
        waiting.shown, waiting.text = None, ""
    state.process = state.root.process


def _point_joins(crossing: Crossing, scope: Scope, home: ProcessCode, joins: Images) -> None:
    nodes, counts, resets = scope.process.nodes, scope.joins, scope.resets
    scope.joins, scope.resets = {}, {}
    for index in dict.fromkeys([*counts, *resets]):
        image, flows = _image(crossing, nodes[index], home), joins[scope.id, index]
        if is_released(crossing, nodes[index], image):
            crossing.run.settle_joins(scope, nodes[index])
            crossing.run.queue.append(crossing.run.spawn(scope, image))
            continue
        if index in counts:
            scope.joins[image.index] = {flows[flow]: count for flow, count in counts[index].items()}
        if index in resets:
            scope.resets[image.index] = [flows[flow] for flow in resets[index]]


def _image(crossing: Crossing, node: NodeCode, home: ProcessCode) -> NodeCode:
    """What takes the place of an element of which it is known that something does."""
    return crossing.image(node, home) or node


def _carried(crossing: Crossing, done: list[Done], home: ProcessCode) -> list[Done]:
    """What is kept for compensation stays, as long as the new version compensates it (R26)."""
    found: list[Done] = []
    for each in done:
        image = crossing.needed(each.node, home)
        if image is None:
            continue
        if not image.keeps:
            told = Message(
                "migrate_compensation",
                "“{element}” can no longer be made undone; what was kept for that is dropped.",
                {"element": named(image)},
            )
            crossing.tell(ChangeKind.COMPENSATION_DROPPED, image.id, told)
            continue
        found.append(Done(image, each.vars, _carried(crossing, each.inner, home)))
    return found


def enter_scopes(crossing: Crossing) -> None:
    """Begin the subprocesses that are new around something; note what would have to leave one."""
    entered = Entered()
    for scope, home in crossing.moving():
        for token in list(scope.tokens.values()):
            inner = (
                scope if is_repeated(token) else _inside(crossing, entered, scope, _way(crossing, scope, token.node))
            )
            if inner is not None and inner is not scope:
                _put(token, inner)
        for index in [*scope.joins, *scope.resets]:
            inner = _inside(crossing, entered, scope, _way(crossing, scope, home.nodes[index]))
            if inner is not None and inner is not scope:
                _put_join(crossing, scope, index, inner)
        for done in list(scope.done):
            _put_done(crossing, entered, scope, done)
    _put_in_order(crossing)


def _way(crossing: Crossing, scope: Scope, node: NodeCode) -> Sequence[NodeCode] | None:
    way = way_in(scope.process, node, container_of(scope))
    if way is None:
        crossing.refuse(
            Message(
                "migrate_left",
                "“{element}” lies outside “{scope}” in the new version; what has begun may be entered, but not left.",
                {"element": named(node), "scope": named(scope.node) if scope.node is not None else scope.process.id},
            )
        )
    return way


def _inside(crossing: Crossing, entered: Entered, scope: Scope, way: Sequence[NodeCode] | None) -> Scope | None:
    """Give the level at the end of the way, begun where it is not there yet; None where it cannot be."""
    current = scope
    for outer in way or ():
        if refusal_to_begin(outer) is not None or is_undoing(scope):
            crossing.refuse(
                Message(
                    "migrate_entering",
                    "What is open would lie inside “{element}” in the new version, which cannot be begun in its middle; "
                    "let it end first.",
                    {"element": named(outer)},
                )
            )
            return None
        key = (current.id, outer.index)
        if key not in entered.scopes:
            entered.scopes[key] = _at_work(current, outer) or _begin(crossing, current, outer)
        current = entered.scopes[key]
    return None if way is None else current


def _at_work(scope: Scope, node: NodeCode) -> Scope | None:
    holders = [token for token in scope.tokens.values() if token.node is node and token.below]
    return next(iter(holders[0].below.values())) if holders else None


def _begin(crossing: Crossing, scope: Scope, node: NodeCode) -> Scope:
    holder = crossing.run.spawn(scope, node)
    inner = begin_inside(crossing.run, holder, node)
    crossing.homes[inner.id] = scope.process
    told = Message("migrate_entered", "“{element}” is begun around what is open inside it.", {"element": named(node)})
    crossing.tell(ChangeKind.SCOPE_ENTERED, node.id, told)
    return inner


def _put(token: Token, inner: Scope) -> None:
    outer = token.scope
    del outer.tokens[token.id]
    inner.tokens[token.id] = token
    token.scope = inner
    for below in token.below.values():
        if below.parent is outer:
            below.parent = inner


def _put_join(crossing: Crossing, scope: Scope, index: int, inner: Scope) -> None:
    if index in scope.joins:
        inner.joins[index] = scope.joins.pop(index)
    if index in scope.resets:
        inner.resets[index] = scope.resets.pop(index)
    for trouble in crossing.state.troubles.values():
        if trouble.scope is scope and trouble.token is None and trouble.node.index == index:
            trouble.scope = inner


def _put_done(crossing: Crossing, entered: Entered, scope: Scope, done: Done) -> None:
    """What was done goes where it lies now, if that is at work; else it could no longer be made undone."""
    inner: Scope | None = scope
    for outer in _way(crossing, scope, done.node) or ():
        inner = entered.scopes.get((inner.id, outer.index)) or _at_work(inner, outer) if inner is not None else None
    if inner is None:
        crossing.refuse(
            Message(
                "migrate_compensated",
                "“{element}” was done and may have to be made undone; in the new version it lies in a part that is not at work.",
                {"element": named(done.node)},
            )
        )
    elif inner is not scope:
        scope.done.remove(done)
        inner.done.append(done)


def _put_in_order(crossing: Crossing) -> None:
    """Outer levels come before inner ones, as they are read back; incidents follow their tokens."""
    state = crossing.state
    depth = {scope.id: _depth(scope) for scope in state.scopes.values()}
    if any(scope.parent is not None and scope.id < scope.parent.id for scope in state.scopes.values()):
        ordered = sorted(state.scopes.values(), key=lambda scope: depth[scope.id])
        state.scopes.clear()
        state.scopes.update({scope.id: scope for scope in ordered})
    for trouble in state.troubles.values():
        trouble.scope = trouble.token.scope if trouble.token is not None else trouble.scope


def _depth(scope: Scope) -> int:
    depth, current = 0, scope.parent
    while current is not None:
        depth, current = depth + 1, current.parent
    return depth


def check_joins(crossing: Crossing, before: set[tuple[int, str]]) -> None:
    """Note joins that could not be filled any more; those that could not before, and can now, are no incident any longer."""
    state = crossing.state
    for trouble in [trouble for trouble in state.troubles.values() if trouble.code == DEADLOCK]:
        if trouble.node.does is Does.PARALLEL and not starves(trouble.scope, trouble.node):
            crossing.run.settle(trouble)
    full = [
        scope.process.nodes[index]
        for scope, _ in crossing.moving()
        for index, counts in scope.joins.items()
        if scope.process.nodes[index].does is Does.PARALLEL and len(counts) == len(scope.process.nodes[index].incoming)
    ]
    after = {(scope, join) for scope, join, _ in unbalanced(state)}
    starved = [state.scopes[scope].process.by_id[join] for scope, join in sorted(after - before)]
    for join in [*full, *starved]:
        crossing.refuse(
            Message(
                "migrate_balance",
                "“{element}” brings ways together in the new version; for this case one of them would be missing, "
                "or come twice. Let the case go on behind it first, or move what is open.",
                {"element": named(join)},
            )
        )
