"""A token enters an element of its own level, or of a subprocess there: the subprocesses are begun from outside in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from engine.execution.compiler.code import Does, NodeCode
from engine.execution.machine.arming import arm_scope, evaluate_inputs, open_all, plan_boundaries
from engine.execution.machine.run import Run
from engine.execution.machine.state import Phase, Scope, ScopeKind, Token
from engine.execution.operations.working import named
from engine.model.bpmn import EventKind, NodeKind
from engine.model.errors import Conflict, Message

_BOUNDARY = Message(
    "target_boundary",
    "“{element}” is a boundary event; it happens by itself while its task is open. Choose the element behind it.",
)
_BY_EVENT = Message(
    "target_event",
    "“{element}” begins only when its own event comes; send that event, or choose another element.",
)
_UNDOES = Message(
    "target_compensation",
    "“{element}” makes undone what was done, and begins only by compensation; choose another element.",
)
_JOINS = Message(
    "target_join",
    "“{element}” waits for several ways; choose an element on one of these ways, or the one behind it.",
)
_CANCELS = Message(
    "target_cancel", "“{element}” cancels its transaction; choose the element behind the transaction instead."
)
_REPEATS = Message(
    "target_item",
    "“{element}” is done several times, and it is not said in which of them; choose “{element}” itself.",
)
_AD_HOC = Message("target_ad_hoc", "“{element}” offers its tasks by itself; choose “{element}” itself.")


def refusal(node: NodeCode) -> Message | None:
    """Say why no token may be put at this element; None where one may."""
    starts = node.source.kind is NodeKind.START_EVENT and bool(node.events)
    return _first(
        node,
        (
            (node.source.kind is NodeKind.BOUNDARY_EVENT, _BOUNDARY),
            (node.does is Does.EVENT_SUBPROCESS or starts, _BY_EVENT),
            (node.source.is_for_compensation, _UNDOES),
            (node.joins, _JOINS),
            (any(event.kind is EventKind.CANCEL for event in node.events), _CANCELS),
        ),
    )


def refusal_to_begin(node: NodeCode) -> Message | None:
    """Say why this subprocess cannot be begun in its middle; None where it can."""
    return _first(
        node,
        (
            (node.does is Does.EVENT_SUBPROCESS, _BY_EVENT),
            (node.repeats, _REPEATS),
            (node.body is not None and node.body.ad_hoc is not None, _AD_HOC),
            (node.source.is_for_compensation, _UNDOES),
        ),
    )


def _first(node: NodeCode, reasons: Sequence[tuple[bool, Message]]) -> Message | None:
    found = next((message for fits, message in reasons if fits), None)
    return None if found is None else replace(found, params={"element": named(node)})


def allowed(refused: Message | None) -> None:
    """Raise Conflict with the sentence where there is one."""
    if refused is not None:
        raise Conflict(refused.code, refused.template, **refused.params)


def enter(run: Run, token: Token, way: Sequence[NodeCode], target: NodeCode) -> Token:
    """Put a token that holds nothing any more at the target, and give the one that stands there; it still has to move."""
    for outer in way:
        inner = begin_inside(run, token, outer)
        token = run.spawn(inner, target)
    token.node = target
    token.via = ""
    token.phase = Phase.ENTER
    token.inputs = token.data = None
    run.queue.append(token)
    return token


def begin_inside(run: Run, holder: Token, node: NodeCode) -> Scope:
    """Begin a subprocess with its variables, boundary events and event subprocesses, but without a token at its start."""
    holder.node = node
    holder.via = ""
    holder.inputs = holder.data = None
    values = evaluate_inputs(run, holder)
    run.happenings.append(node.entered)
    boundaries = plan_boundaries(run, holder)
    inner = run.open_scope(ScopeKind.SUBPROCESS, holder.scope.process, holder, holder.scope)
    inner.vars.update(values)
    open_all(run, holder, boundaries)
    holder.phase = Phase.HOLD
    arm_scope(run, inner)
    return inner


def refuse_second(moving: Token, node: NodeCode) -> None:
    """Raise Conflict where the subprocess is at work already beside the token: whose middle is meant is not said."""
    if any(token.node is node and token is not moving for token in moving.scope.tokens.values()):
        raise Conflict(
            "target_at_work",
            "“{element}” is at work already; move what is open inside it.",
            element=named(node),
        )


def refuse_unreset(scope: Scope) -> None:
    """Raise Conflict where a complex gateway has gone on and still takes in the other ways: what comes twice cannot be told."""
    for index in scope.resets:
        raise Conflict(
            "target_unreset",
            "“{element}” has gone on and still expects its other ways; let these come to their end first.",
            element=named(scope.process.nodes[index]),
        )
