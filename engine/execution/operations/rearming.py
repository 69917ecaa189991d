"""What is waited for in the new version: the same, the same under another name, no longer, or from the migration on (R19)."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from engine.execution.compiler.code import BodyCode, Does, EventCode, NodeCode, ProcessCode
from engine.execution.machine.ad_hoc import CLOSING
from engine.execution.machine.arming import plan_catch
from engine.execution.machine.run import is_repeated
from engine.execution.machine.state import Phase, Role, Scope, ScopeKind, Token, Waiting, WaitKind
from engine.execution.operations.crossing import Crossing
from engine.execution.operations.moving import CANCELLED, interrupts
from engine.model.bpmn import EventKind, ExpressionText

_WAITED = frozenset({EventKind.MESSAGE, EventKind.TIMER, EventKind.SIGNAL, EventKind.CONDITIONAL})
_BODIES = frozenset({ScopeKind.ROOT, ScopeKind.CALL, ScopeKind.SUBPROCESS, ScopeKind.EVENT, ScopeKind.AD_HOC})
_AT_WORK = frozenset({"job_failed", "error_uncaught"})

Triggers = dict[tuple[int, int], Role]
"""What something waits for: an event node, the place of one of its events, and what its coming means."""


@dataclass(frozen=True, slots=True)
class Anew:
    """Something to be waited for from now on; `before` is the wait that it renews."""

    owner: Token | Scope
    node: NodeCode
    event: int
    role: Role
    before: Waiting | None = None


@dataclass(slots=True)
class Rearming:
    """The fate of the waits: whose place their element takes, what is opened, and which wait renews which."""

    heirs: dict[str, NodeCode] = field(default_factory=dict[str, NodeCode])
    anew: list[Anew] = field(default_factory=list[Anew])
    renewed: dict[str, str] = field(default_factory=dict[str, str])
    offers: list[tuple[Scope, list[NodeCode]]] = field(default_factory=list[tuple[Scope, list[NodeCode]]])


def plan_rearming(crossing: Crossing, plan: Rearming) -> None:
    """Close what is no longer waited for, and find what else is to be done once everything stands in the new version."""
    stuck = {t.token.id for t in crossing.state.troubles.values() if t.token is not None and t.code in _AT_WORK}
    for token, home in crossing.owners():
        found = crossing.image(token.node, home)
        if found is not None:
            old, new = _around(token, token.scope.process, token.node), _around(token, home, found)
            known = _compare(crossing, plan, token, (old, new))
            if _is_active(token, stuck):
                plan.anew += _fresh(token, home, new, known)
    for scope, home in crossing.moving():
        if scope.kind in _BODIES:
            old, new = _starters(crossing.bodies[scope.id]), _starters(_new_body(crossing, scope, home))
            known = _compare(crossing, plan, scope, (old, new))
            if not any(t.node.does is Does.EVENT_SUBPROCESS and interrupts(t) for t in scope.tokens.values()):
                plan.anew += _fresh(scope, home, new, known)
            if scope.kind is ScopeKind.AD_HOC and scope.number != CLOSING:
                plan.offers.append((scope, _offers(crossing, scope, home)))


def _offers(crossing: Crossing, scope: Scope, home: ProcessCode) -> list[NodeCode]:
    """What an ad hoc subprocess has besides in the new version; one thing at a time is offered in its turn anyway."""
    images = (crossing.image(scope.process.nodes[index], home) for index in crossing.bodies[scope.id].starts)
    before = {image.index for image in images if image is not None}
    body = _new_body(crossing, scope, home)
    if body.ad_hoc is None or body.ad_hoc.sequential:
        return []
    return [home.nodes[index] for index in body.starts if index not in before]


def _around(token: Token, process: ProcessCode, node: NodeCode) -> Triggers:
    """The boundary events of an activity, or the events behind an event-based gateway."""
    found: Triggers = {}
    for index in () if is_repeated(token) else node.armed:
        found.update(_events(process.nodes[index], Role.BOUNDARY))
    if node.does is Does.EVENT_BASED:
        for flow in node.outgoing:
            found.update(_events(process.nodes[flow.target], Role.BRANCH))
    return found


def _events(node: NodeCode, role: Role) -> Triggers:
    return {(node.index, place): role for place, event in enumerate(node.events) if event.kind in _WAITED}


def _starters(body: BodyCode) -> Triggers:
    return {(starter.start, starter.index): Role.STARTER for starter in body.armed}


def _new_body(crossing: Crossing, scope: Scope, home: ProcessCode) -> BodyCode:
    node = crossing.image(scope.node, home) if scope.node is not None and scope.kind is not ScopeKind.CALL else None
    return home.body if node is None or node.body is None else node.body


def _is_active(token: Token, stuck: set[int]) -> bool:
    """An activity has begun; one whose step waits for its turn, or that could not begin, arms its boundary itself."""
    begun = token.phase in (Phase.WAIT, Phase.HOLD) or token.id in stuck
    return begun and not any(waiting.facts.get("go") for waiting in token.waits.values())


def _compare(crossing: Crossing, plan: Rearming, owner: Token | Scope, sides: tuple[Triggers, Triggers]) -> Triggers:
    """Settle the owner's waits; give the new triggers that take the place of old ones, open or spent."""
    old, new = sides
    scope = owner if isinstance(owner, Scope) else owner.scope
    home = crossing.homes[scope.id]
    heirs: dict[tuple[int, int], NodeCode] = {}
    for index, place in old:
        node = scope.process.nodes[index]
        image = crossing.image(node, home)
        if image is not None and (image.index, place) in new and node.events[place].kind is image.events[place].kind:
            heirs[index, place] = image
    for waiting in list(owner.waits.values()):
        if waiting.role is Role.OWN:
            heir = crossing.image(waiting.node, home)
        else:
            heir = heirs.get((waiting.node.index, waiting.event))
        _settle(crossing, plan, waiting, heir)
    return {(image.index, place): new[image.index, place] for (_, place), image in heirs.items()}


def _settle(crossing: Crossing, plan: Rearming, waiting: Waiting, heir: NodeCode | None) -> None:
    """Keep the wait, renew it, or close it."""
    owner = waiting.token if waiting.token is not None else waiting.scope
    if heir is not None and not _reads_otherwise(waiting, heir):
        plan.heirs[waiting.id] = heir
        return
    crossing.run.close(waiting, CANCELLED)
    if heir is not None and owner is not None:
        plan.anew.append(Anew(owner, heir, waiting.event, waiting.role, waiting))


def _reads_otherwise(waiting: Waiting, heir: NodeCode) -> bool:
    """Another message, signal, threshold or condition; a timer keeps its due, whatever its text says now."""
    if waiting.kind in (WaitKind.TASK, WaitKind.JOB):
        return False
    old, new = waiting.node.events[waiting.event], heir.events[waiting.event]
    if waiting.kind is WaitKind.CONDITION:
        return _text(waiting.node, waiting.event) != _text(heir, waiting.event)
    return (old.name, _keys(old), _threshold(old)) != (new.name, _keys(new), _threshold(new))


def _text(node: NodeCode, place: int) -> ExpressionText | tuple[str, str] | None:
    text = node.source.events[place].condition
    return None if text is None else (text.body, text.language)


def _keys(event: EventCode) -> tuple[str, ...]:
    return tuple(key for key, _ in event.correlation)


def _threshold(event: EventCode) -> tuple[str, str]:
    return ("", "") if event.timer is None else (event.timer.clock, event.timer.at)


def _fresh(owner: Token | Scope, home: ProcessCode, new: Triggers, known: Iterable[tuple[int, int]]) -> list[Anew]:
    nodes, seen = home.nodes, set(known)
    return [
        Anew(owner, nodes[index], place, role) for (index, place), role in new.items() if (index, place) not in seen
    ]


def open_anew(crossing: Crossing, plan: Rearming) -> None:
    """Open what is waited for from now on; a renewed wait keeps the keys and what had come of several things (R15)."""
    run = crossing.run
    for each in plan.anew:
        scope = each.owner if isinstance(each.owner, Scope) else each.owner.scope
        for waiting in plan_catch(run, scope, each.node, each.role):
            if waiting.event == each.event:
                _inherit(waiting, each.before)
                run.open(waiting, each.owner)
                if each.before is not None:
                    plan.renewed[each.before.id] = waiting.id
    for scope, nodes in plan.offers:
        scope.number += len(nodes)
        run.queue.extend(run.spawn(scope, node) for node in nodes)


def _inherit(waiting: Waiting, before: Waiting | None) -> None:
    if before is None:
        return
    keys, known = waiting.facts.get("keys"), before.facts.get("keys")
    if isinstance(keys, dict) and isinstance(known, dict):
        keys.update({key: value for key, value in known.items() if key in keys and value is not None})
    if "came" in before.facts:
        waiting.facts["came"] = before.facts["came"]
