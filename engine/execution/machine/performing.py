"""What a token does at each kind of node; each of these leaves it waiting, moving on, holding a scope, or ended."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.execution.compiler.code import Does
from engine.execution.expressions import is_true
from engine.execution.machine.ad_hoc import offer
from engine.execution.machine.arming import arm_scope, evaluate_inputs, open_all, plan_boundaries, plan_catch
from engine.execution.machine.bindings import called_process
from engine.execution.machine.compensation import cancel_transaction, throw_compensation
from engine.execution.machine.completion import complete
from engine.execution.machine.flows import choose, choose_one, follow, fork, leave
from engine.execution.machine.messages import go_on_after, throw_message, throw_signal
from engine.execution.machine.rules import perform_rule
from engine.execution.machine.run import Run, Stuck, body_of
from engine.execution.machine.state import Phase, Role, Scope, ScopeKind, Token, Waiting, WaitKind
from engine.execution.machine.tasks import job_facts, task_facts
from engine.execution.machine.throwing import fail_instance, terminate, throw_code
from engine.model.bpmn import EventKind
from engine.model.values import bounded

CALLS_DEEP = 100
# An enumeration's member costs a look-up each time it is named; these are named for every task and subprocess.
_TASK, _OWN, _HOLD = WaitKind.TASK, Role.OWN, Phase.HOLD
_AD_HOC, _SUBPROCESS = ScopeKind.AD_HOC, ScopeKind.SUBPROCESS


def _script(run: Run, token: Token) -> None:
    node = token.node
    if node.inputs:
        token.inputs = evaluate_inputs(run, token)
    token.data = None
    if node.script_value is not None:
        name = node.source.result_variable
        value = bounded(node.script_value.evaluate(run.view(token.scope, token.inputs)), name)
        token.data = {"raw": {name: value} if name else {}, "local": {"result": value}}
    elif node.script is not None:
        written = node.script.always
        if written is None:
            written = node.script.run(run.view(token.scope, token.inputs))
        if node.outputs:
            token.data = {"raw": dict(written), "local": dict(written)}
        else:
            scope = token.scope
            for name, value in written.items():
                run.write(scope, name, value)
    complete(run, token)


def _rule(run: Run, token: Token) -> None:
    if token.node.inputs:
        token.inputs = evaluate_inputs(run, token)
    token.data = perform_rule(run, token)
    complete(run, token)


def _user(run: Run, token: Token) -> None:
    if token.node.inputs:
        token.inputs = evaluate_inputs(run, token)
    waiting = Waiting(_TASK, _OWN, token.node, task_facts(run, token))
    open_all(run, token, [waiting, *plan_boundaries(run, token)] if token.node.armed else (waiting,))


def _job(run: Run, token: Token) -> None:
    token.inputs = evaluate_inputs(run, token)
    waiting = Waiting(WaitKind.JOB, Role.OWN, token.node, job_facts(run, token))
    open_all(run, token, [waiting, *plan_boundaries(run, token)])


def _catch(run: Run, token: Token) -> None:
    waiting = plan_catch(run, token.scope, token.node, Role.OWN)
    open_all(run, token, [*waiting, *plan_boundaries(run, token)])


def _event_based(run: Run, token: Token) -> None:
    """Wait for the first of the events behind the gateway; a parallel one waits for each of them."""
    if token.node.source.event_gateway_type == "Parallel":
        run.log.append(token.node.completed)
        fork(run, token, token.node.outgoing)
        return
    nodes = token.scope.process.nodes
    planned: list[Waiting] = []
    for flow in token.node.outgoing:
        planned += plan_catch(run, token.scope, nodes[flow.target], Role.BRANCH)
    open_all(run, token, planned)


def _subprocess(run: Run, token: Token) -> None:
    begin_scope(run, open_subprocess(run, token))


def open_subprocess(run: Run, token: Token) -> Scope:
    """Open an embedded subprocess's scope, with its input mappings as variables; its tokens still have to begin."""
    values = evaluate_inputs(run, token) if token.node.inputs else {}
    boundaries = plan_boundaries(run, token) if token.node.armed else []
    kind = _AD_HOC if token.node.body is not None and token.node.body.ad_hoc else _SUBPROCESS
    scope = run.open_scope(kind, token.scope.process, token, token.scope)
    scope.vars.update(values)
    _hold(run, token, boundaries)
    return scope


def _call(run: Run, token: Token) -> None:
    begin_scope(run, open_call(run, token))


def open_call(run: Run, token: Token) -> Scope:
    """Open a called process's scope: nothing but its input mappings passes in (R18); its tokens still have to begin."""
    depth, around = 0, token.scope
    while around.holder is not None:
        depth += around.kind is ScopeKind.CALL
        around = around.holder.scope
    if depth >= CALLS_DEEP:
        raise Stuck(
            "calls_deep",
            "“{element}” calls a process inside {limit} others; correct the diagram.",
            element=token.node.source.name or token.node.id,
            limit=CALLS_DEEP,
        )
    called = called_process(run, token)
    values = evaluate_inputs(run, token)
    boundaries = plan_boundaries(run, token)
    scope = run.open_scope(ScopeKind.CALL, called, token, token.scope)
    scope.vars.update(values)
    _hold(run, token, boundaries)
    return scope


def _hold(run: Run, token: Token, boundaries: list[Waiting]) -> None:
    open_all(run, token, boundaries)
    token.phase = _HOLD


def begin_scope(run: Run, scope: Scope) -> None:
    """Arm a scope's event subprocesses and put tokens where its body starts; an empty body is at its end."""
    body = body_of(scope)
    if body.armed:
        arm_scope(run, scope)
    if scope.kind is _AD_HOC:
        if not offer(run, scope):
            run.finished.append(scope)
        return
    nodes = scope.process.nodes
    run.queue.extendleft(reversed([run.spawn(scope, nodes[index]) for index in body.starts]))
    if not body.starts:
        run.finished.append(scope)


def _gateway(run: Run, token: Token) -> None:
    if token.node.plain:
        run.log.append(token.node.completed)
        leave(run, token)
        return
    flows = choose(run, token)
    run.log.append(token.node.completed)
    if flows:
        fork(run, token, flows)
    else:
        run.drop(token)


def _exclusive(run: Run, token: Token) -> None:
    node = token.node
    if node.plain:
        run.log.append(node.completed)
        leave(run, token)
        return
    flow = choose_one(run, token)
    run.log.append(node.completed)
    follow(run, token, flow)


def _complex(run: Run, token: Token) -> None:
    """Go on as an inclusive split does; when the gateway starts anew, only flows with a true condition are taken."""
    if token.inputs is not None and token.inputs.get("waitingForStart") is False:
        view = run.view(token.scope, token.inputs)
        flows = [f for f in token.node.outgoing if f.condition is not None and is_true(f.condition.evaluate(view))]
        if not flows:
            run.drop(token)
            return
        run.log.append(token.node.entered)
        run.log.append(token.node.completed)
        fork(run, token, flows)
        return
    _gateway(run, token)


def _throw(run: Run, token: Token) -> None:
    """Throw each result of a throw event or send task, then go on where the token still lives."""
    if token.node.inputs:
        token.inputs = evaluate_inputs(run, token)
    for event in token.node.events:
        if event.kind is EventKind.MESSAGE:
            throw_message(run, token, event)
        elif event.kind is EventKind.SIGNAL:
            throw_signal(run, token, event)
        elif event.kind is EventKind.ESCALATION:
            go_on_after(run, token)
            throw_code(run, token, (EventKind.ESCALATION, event.code), data=None, own=False)
        elif event.kind is EventKind.COMPENSATION:
            throw_compensation(run, token, event)


def _end(run: Run, token: Token) -> None:
    """End a branch: with nothing, or by throwing, or by ending all around it."""
    events = token.node.events
    if not events:
        complete(run, token)
        return
    kinds = {event.kind for event in events}
    if EventKind.ERROR in kinds or EventKind.TERMINATE in kinds:
        run.log.append(token.node.completed)
        for event in events:
            if event.kind is EventKind.ERROR and not throw_code(
                run, token, (event.kind, event.code), data=None, own=False
            ):
                fail_instance(run, event.code or "")
            elif event.kind is EventKind.TERMINATE:
                terminate(run, token.scope)
    elif EventKind.CANCEL in kinds:
        cancel_transaction(run, token)
    else:
        _throw(run, token)


PERFORM: Mapping[Does, Callable[[Run, Token], None]] = {
    Does.PASS: complete,
    Does.BOUNDARY: complete,
    Does.EVENT_SUBPROCESS: complete,
    Does.SCRIPT: _script,
    Does.RULE: _rule,
    Does.USER: _user,
    Does.JOB: _job,
    Does.RECEIVE: _catch,
    Does.CATCH: _catch,
    Does.THROW: _throw,
    Does.END: _end,
    Does.CALL: _call,
    Does.SUBPROCESS: _subprocess,
    Does.EXCLUSIVE: _exclusive,
    Does.PARALLEL: _gateway,
    Does.INCLUSIVE: _gateway,
    Does.EVENT_BASED: _event_based,
    Does.COMPLEX: _complex,
}
