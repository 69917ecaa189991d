"""A multi-instance activity is a body with items (R9), a loop a body with rounds; both end as one activity."""

from __future__ import annotations

from decimal import Decimal

from engine.execution.compiler.code import MultiCode
from engine.execution.expressions import is_true
from engine.execution.machine.arming import open_all, plan_boundaries
from engine.execution.machine.run import Run, Stuck
from engine.execution.machine.state import Phase, Progress, Scope, ScopeKind, Token
from engine.model.bpmn import EventKind
from engine.model.values import bounded

_MOST = 10_000


def begin(run: Run, token: Token) -> None:
    """Open the body and start its first round, its first item or all of them; an empty collection is done at once."""
    node = token.node
    boundaries = plan_boundaries(run, token)
    if node.multi is None:
        if node.loop is not None and node.loop.test_before and not _again(run, token.scope, token, 0):
            _go_on(run, token)
            return
        rounds = _open_body(run, token, ScopeKind.LOOP)
        rounds.vars["loopCounter"] = 0
        open_all(run, token, boundaries)
        _start(run, rounds, token)
        return
    items, total = _items(run, token, node.multi)
    body = _open_body(run, token, ScopeKind.BODY)
    nothing: list[object] = [None] * total
    body.progress = Progress(total, items, nothing if node.multi.output_collection else None)
    _count(body)
    if total == 0:
        _end_body(run, body)
        return
    open_all(run, token, boundaries)
    for _ in range(1 if node.multi.sequential else total):
        _start_item(run, body)
    token.phase = Phase.HOLD


def _open_body(run: Run, token: Token, kind: ScopeKind) -> Scope:
    return run.open_scope(kind, token.scope.process, token, token.scope)


def _items(run: Run, token: Token, multi: MultiCode) -> tuple[list[object] | None, int]:
    """The items, copied now, and their number; raise Stuck for what is no list or no whole number."""
    view = run.view(token.scope)
    name = token.node.source.name or token.node.id
    if multi.collection is not None:
        found = multi.collection.evaluate(view)
        if not isinstance(found, list | tuple):
            raise Stuck(
                "multi_collection",
                "The collection of “{element}” is {value}, not a list; correct the values and try again.",
                element=name,
                value=repr(found)[:80],
            )
        items: list[object] | None = list(found)
        total = len(found)
    else:
        number = multi.cardinality.evaluate(view) if multi.cardinality is not None else None
        if not isinstance(number, int | Decimal) or isinstance(number, bool) or number < 0 or number != int(number):
            raise Stuck(
                "multi_number",
                "The number of times for “{element}” is {value}, not a whole number; correct the values and try again.",
                element=name,
                value=repr(number)[:80],
            )
        items, total = None, int(number)
    if total > _MOST:
        raise Stuck("multi_many", "“{element}” would run more than {limit} times.", element=name, limit=_MOST)
    return items, total


def _start_item(run: Run, body: Scope) -> None:
    progress, holder = body.progress, body.holder
    if progress is None or holder is None or body.node is None:
        return
    item = run.open_scope(ScopeKind.ITEM, body.process, holder, body)
    item.number = progress.next
    item.vars["loopCounter"] = item.number
    multi = body.node.multi
    if multi is not None and multi.item and progress.items is not None:
        item.vars[multi.item] = progress.items[item.number]
    progress.next += 1
    _count(body)
    _start(run, item, holder)


def _start(run: Run, scope: Scope, holder: Token) -> None:
    holder.phase = Phase.HOLD
    token = run.spawn(scope, holder.node)
    token.phase = Phase.PERFORM
    run.queue.append(token)


def _count(body: Scope) -> None:
    progress = body.progress
    if progress is not None:
        body.vars["nrOfInstances"] = progress.total
        body.vars["nrOfActiveInstances"] = progress.next - progress.done
        body.vars["nrOfCompletedInstances"] = progress.done


def _go_on(run: Run, holder: Token) -> None:
    holder.phase = Phase.PASS_ON
    run.queue.appendleft(holder)


def item_ends(run: Run, token: Token) -> None:
    """An item is done or skipped: collect its output, ask the completion condition, start the next or end the body."""
    item, body = token.scope, token.scope.parent
    if body is None or body.progress is None or token.node.multi is None:
        return
    progress, multi = body.progress, token.node.multi
    if progress.results is not None and multi.output_item is not None:
        progress.results[item.number] = bounded(multi.output_item.evaluate(run.view(item)), multi.output_collection)
    counts = {
        "nrOfActiveInstances": progress.next - progress.done - 1,
        "nrOfCompletedInstances": progress.done + 1,
    }
    view = run.view(item, counts)
    enough = multi.completion is not None and is_true(multi.completion.evaluate(view))
    thrown = [event for condition, event in multi.complex if is_true(condition.evaluate(view))]
    run.remove(token)
    run.close_scope(item)
    if multi.throws is not None and (multi.throws_each or not progress.done):
        thrown.append(multi.throws)
    for event in thrown:
        _tell_boundaries(run, body, event)
    progress.done += 1
    _count(body)
    if enough or progress.done == progress.total:
        _end_body(run, body)
    elif multi.sequential:
        _start_item(run, body)


def _tell_boundaries(run: Run, body: Scope, thrown: tuple[EventKind, str]) -> None:
    """An ended item's event is caught at the activity's own boundary; the other items go on."""
    holder = body.holder
    if holder is None:
        return
    nodes = body.process.nodes
    for boundary in (nodes[index] for index in holder.node.boundaries):
        if any((event.kind, event.name or event.code or "") == thrown for event in boundary.events):
            run.queue.append(run.spawn(holder.scope, boundary))


def _end_body(run: Run, body: Scope) -> None:
    """Cancel the items that are left, hand the collected outputs over and go on behind the activity."""
    holder, progress = body.holder, body.progress
    if holder is None or progress is None or holder.node.multi is None:
        return
    name = holder.node.multi.output_collection
    _close_all(run, holder)
    if name and progress.results is not None:
        run.write(holder.scope, name, progress.results)
    _go_on(run, holder)


def _close_all(run: Run, holder: Token) -> None:
    inner = [token for scope in holder.below.values() for token in scope.tokens.values()]
    for token in inner:
        run.clear(token, "cancelled")
        run.remove(token)
    for waiting in list(holder.waits.values()):
        run.close(waiting, "ended")
    for scope in list(holder.below.values()):
        run.close_scope(scope)


def round_ends(run: Run, token: Token) -> None:
    """A round of a loop is done: go round again or go on."""
    scope = token.scope
    holder, rounds = scope.holder, scope.vars.get("loopCounter")
    if holder is None or not isinstance(rounds, int):
        return
    again = _again(run, scope, token, rounds + 1)
    run.remove(token)
    if again:
        scope.vars["loopCounter"] = rounds + 1
        _start(run, scope, holder)
        return
    _close_all(run, holder)
    _go_on(run, holder)


def _again(run: Run, scope: Scope, token: Token, rounds: int) -> bool:
    loop = token.node.loop
    if loop is None or (loop.maximum is not None and rounds >= loop.maximum):
        return False
    if loop.condition is None:
        return loop.maximum is not None
    return is_true(loop.condition.evaluate(run.view(scope, {"loopCounter": rounds})))
