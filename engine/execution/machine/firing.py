"""A wait fires: its node is done, an activity is interrupted, something begins beside it, or an event subprocess starts."""

from __future__ import annotations

from engine.execution.compiler.code import NodeCode, Starter
from engine.execution.machine.arming import arm_next, arm_scope, plan_catch
from engine.execution.machine.run import Run, body_of
from engine.execution.machine.state import Phase, Role, Scope, ScopeKind, Token, Waiting, WaitKind

Data = dict[str, object]
# An enumeration's member costs a look-up each time it is named.
_OWN, _BRANCH, _BOUNDARY, _TIMER = Role.OWN, Role.BRANCH, Role.BOUNDARY, WaitKind.TIMER
_ENTER, _TAKE = Phase.ENTER, Phase.TAKE


def fire(run: Run, waiting: Waiting, how: str, *, data: Data | None = None, occurrence: int | None = None) -> None:
    """Let a wait come true; what it sets going is put first in the queue."""
    token, scope, role = waiting.token, waiting.scope, waiting.role
    if role is _OWN:
        _own(run, waiting, how, data)
    elif role is _BRANCH:
        _branch(run, waiting, how, data)
    elif _is_one_of_several(waiting) and not _is_last(run, waiting, how, data):
        return  # the others have still to come
    elif role is _BOUNDARY and token is not None:
        data = _with_what_came(waiting, data)
        _spend(run, waiting, how, interrupting=waiting.node.source.interrupting, occurrence=occurrence)
        at_boundary(run, token, waiting.node, data)
    elif scope is not None:
        starter = next(s for s in body_of(scope).armed if s.start == waiting.node.index and s.index == waiting.event)
        data = _with_what_came(waiting, data)
        _spend(run, waiting, how, interrupting=starter.interrupting, occurrence=occurrence)
        start_event_subprocess(run, scope, starter, data)


def _own(run: Run, waiting: Waiting, how: str, data: Data | None) -> None:
    token = waiting.token
    if token is None:
        return
    run.close(waiting, how)
    if data:
        token.data = _merged(token.data, data) if token.data else data
    if token.waits:
        if waiting.node.source.parallel_multiple and any(other.role is _OWN for other in token.waits.values()):
            return
        for other in list(token.waits.values()):
            run.close(other, "ended")
    token.phase = _TAKE
    run.queue.appendleft(token)


def _merged(old: Data, new: Data) -> Data:
    merged: Data = {}
    for part in ("raw", "local"):
        before, after = old.get(part), new.get(part)
        merged[part] = {**(before if isinstance(before, dict) else {}), **(after if isinstance(after, dict) else {})}
    return merged


def _is_one_of_several(waiting: Waiting) -> bool:
    return waiting.node.source.parallel_multiple and len(waiting.node.events) > 1


def _is_last(run: Run, waiting: Waiting, how: str, data: Data | None) -> bool:
    """An event that wants several things together fires with the last; what the others brought is kept at those left."""
    owner = waiting.token if waiting.token is not None else waiting.scope
    around = owner.waits.values() if owner is not None else ()
    left = [other for other in around if other is not waiting and other.node is waiting.node]
    if not left:
        return True
    came = _with_what_came(waiting, data)
    run.close(waiting, how)
    if came:
        left[0].facts["came"] = _with_what_came(left[0], came)
        left[0].text = ""
    return False


def _with_what_came(waiting: Waiting, data: Data | None) -> Data | None:
    """What the event brings, and what others brought that it had to come together with."""
    before = waiting.facts.get("came")
    return _merged(before, data or {}) if isinstance(before, dict) and before else data or None


def _branch(run: Run, waiting: Waiting, how: str, data: Data | None) -> None:
    """The event-based gateway is decided: its token goes on behind the event that came."""
    token = waiting.token
    if token is None:
        return
    run.close(waiting, how)
    for other in list(token.waits.values()):
        run.close(other, "ended")
    run.log.append(token.node.completed)
    run.log.append(waiting.node.entered)
    token.node = waiting.node
    token.data = data
    token.phase = Phase.TAKE
    run.queue.appendleft(token)


def _spend(run: Run, waiting: Waiting, how: str, *, interrupting: bool, occurrence: int | None) -> None:
    """A timer is spent by firing, its cycle goes on; a message or signal beside the work may come again."""
    if interrupting:
        run.close(waiting, how)
    elif _is_one_of_several(waiting):
        owner = waiting.token if waiting.token is not None else waiting.scope
        run.close(waiting, how)
        if owner is not None:
            scope = owner if isinstance(owner, Scope) else owner.scope
            for again in plan_catch(run, scope, waiting.node, waiting.role):
                run.open(again, owner)
    elif waiting.kind is _TIMER:
        run.close(waiting, how)
        arm_next(run, waiting, occurrence)


def at_boundary(run: Run, host: Token, boundary: NodeCode, data: Data | None) -> None:
    """Go on at a boundary event: instead of the activity, or beside it."""
    if boundary.source.interrupting:
        run.clear(host, "interrupted")
        token = host
        token.node = boundary
        token.inputs = None
    else:
        token = run.spawn(host.scope, boundary)
    token.data = data
    token.phase = _ENTER
    run.queue.appendleft(token)
    run.crossed(host, token)


def start_event_subprocess(run: Run, scope: Scope, starter: Starter, data: Data | None) -> None:
    """Begin an event subprocess in its scope; an interrupting one ends all else there first."""
    nodes = scope.process.nodes
    if starter.interrupting:
        for token in run.empty(scope, "interrupted"):
            run.clear(token, "interrupted")
    node = nodes[starter.node]
    holder = run.spawn(scope, node)
    holder.phase = Phase.HOLD
    run.log.append(node.entered)
    inner = run.open_scope(ScopeKind.EVENT, scope.process, holder, scope)
    arm_scope(run, inner)
    token = run.spawn(inner, nodes[starter.start])
    token.data = data
    run.queue.appendleft(token)
    run.began_inside(holder, token, interrupting=starter.interrupting)
