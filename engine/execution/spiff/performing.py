"""What a token does at each kind of node: waits and values are the machine's, ways and bodies SpiffWorkflow's."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.execution.compiler.code import Does
from engine.execution.machine.arming import arm_scope, evaluate_inputs
from engine.execution.machine.performing import PERFORM, open_call, open_subprocess
from engine.execution.machine.rules import perform_rule
from engine.execution.machine.run import is_repeated
from engine.execution.machine.state import Phase, Scope, ScopeKind, Token
from engine.execution.machine.throwing import terminate
from engine.execution.runtime import Completed
from engine.execution.spiff.completing import complete
from engine.execution.spiff.moving import Movement, begin_body, follow, run_task
from engine.execution.spiff.repeating import begin_repeated
from engine.model.bpmn import EventKind
from engine.model.values import bounded


def perform(move: Movement, token: Token) -> None:
    """Do what the node is for; an activity that is repeated begins its items or rounds."""
    if token.node.repeats and not is_repeated(token):
        begin_repeated(move, token)
    else:
        _WORK.get(token.node.does, _wait)(move, token)


def _wait(move: Movement, token: Token) -> None:
    """Open the waits of a task, job or catch; what throws puts its token behind those whom it served."""
    PERFORM[token.node.does](move.run, token)


def _script(move: Movement, token: Token) -> None:
    run, node = move.run, token.node
    if node.inputs:
        token.inputs = evaluate_inputs(run, token)
    view = run.view(token.scope, token.inputs)
    if node.script_value is not None:
        name = node.source.result_variable
        value = bounded(node.script_value.evaluate(view), name)
        token.data = {"raw": {name: value} if name else {}, "local": {"result": value}}
    elif node.script is not None:
        written = node.script.run(view)
        token.data = {"raw": written, "local": written}
    complete(move, token)


def _rule(move: Movement, token: Token) -> None:
    if token.node.inputs:
        token.inputs = evaluate_inputs(move.run, token)
    token.data = perform_rule(move.run, token)
    complete(move, token)


def _gateway(move: Movement, token: Token) -> None:
    run_task(move, token)
    move.run.happenings.append(Completed(token.node.id))
    follow(move, token)


def _subprocess(move: Movement, token: Token) -> None:
    _begin(move, open_subprocess(move.run, token))


def _call(move: Movement, token: Token) -> None:
    _begin(move, open_call(move.run, token))


def _begin(move: Movement, scope: Scope) -> None:
    arm_scope(move.run, scope)
    begin_body(move, scope)


def _end(move: Movement, token: Token) -> None:
    kinds = {event.kind for event in token.node.events}
    if EventKind.TERMINATE in kinds:
        scope = token.scope
        run_task(move, token)
        move.run.happenings.append(Completed(token.node.id))
        terminate(move.run, scope)
        move.run.finished.clear()
        if scope.kind is not ScopeKind.ROOT and scope.holder is not None:
            scope.holder.phase = Phase.TAKE
            move.run.queue.appendleft(scope.holder)
    elif kinds:
        _wait(move, token)
    else:
        complete(move, token)


_WORK: Mapping[Does, Callable[[Movement, Token], None]] = {
    Does.PASS: complete,
    Does.BOUNDARY: complete,
    Does.SCRIPT: _script,
    Does.RULE: _rule,
    Does.END: _end,
    Does.SUBPROCESS: _subprocess,
    Does.CALL: _call,
    Does.EXCLUSIVE: _gateway,
    Does.PARALLEL: _gateway,
    Does.INCLUSIVE: _gateway,
}
