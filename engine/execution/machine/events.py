"""What happens to an instance from outside: each event fits one open wait, or is refused with a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from engine.execution.compiler.code import NodeCode, ProcessCode, ProgramCode
from engine.execution.machine.arming import arm_scope
from engine.execution.machine.firing import fire
from engine.execution.machine.incidents import raise_incident, retry
from engine.execution.machine.instantiating import await_others, begin_inside
from engine.execution.machine.messages import broadcast, data_of, receive
from engine.execution.machine.performing import begin_scope
from engine.execution.machine.run import Run
from engine.execution.machine.state import Phase, State, Token, Waiting, WaitKind
from engine.execution.machine.throwing import end_instance, throw_code
from engine.execution.runtime import (
    Cancelled,
    Event,
    IncidentRetried,
    JobDone,
    JobFailed,
    MessageReceived,
    SignalReceived,
    Start,
    TaskCompleted,
    TaskFailed,
    TimerFired,
    VariablesSet,
)
from engine.model.bpmn import EventKind, NodeKind
from engine.model.errors import Conflict, FieldError, Invalid, Message, NotFound
from engine.model.values import normalise

Plain = dict[str, object]
_TASK = WaitKind.TASK


def process_of(program: ProgramCode, process_id: str) -> ProcessCode:
    """Give the process; raise NotFound where the deployment has none of this id."""
    process = program.processes.get(process_id)
    if process is None:
        raise NotFound("process_unknown_here", "There is no process “{process}” here.", process=process_id)
    return process


def happen(run: Run, event: Event) -> None:
    """Take the event in; what it sets going is queued."""
    if run.state.ended:
        raise Conflict("instance_ended", "The instance has ended; nothing more can happen to it.")
    match event:
        case TaskCompleted():
            _complete(run, event)
        case TaskFailed(wait_id, code, payload):
            _throw(run, _waiting(run, wait_id, WaitKind.TASK), code, payload)
        case TimerFired(wait_id, occurrence):
            fire(run, _waiting(run, wait_id, WaitKind.TIMER), "fired", occurrence=occurrence)
        case MessageReceived(wait_id, payload, correlation):
            waiting = _waiting(run, wait_id, WaitKind.MESSAGE)
            receive(run, waiting, values_of(payload), values_of(correlation))
        case SignalReceived(wait_id, payload):
            broadcast(run, [_waiting(run, wait_id, WaitKind.SIGNAL)], values_of(payload))
        case JobDone(wait_id, result):
            _job_done(run, _waiting(run, wait_id, WaitKind.JOB), result)
        case JobFailed():
            _job_failed(run, event)
        case VariablesSet(values):
            for name, value in values_of(values).items():
                run.write(run.state.root, name, value)
        case IncidentRetried(incident_id, skip):
            retry(run, incident_id, skip=skip)
        case Cancelled():
            end_instance(run, "cancelled")
        case Start():
            raise Conflict("instance_started", "The instance has been started already.")


def begin(run: Run, event: Start) -> None:
    """Begin a process at its none start event, or at the start event that something triggered."""
    root = run.state.root
    for name, value in values_of(event.variables).items():
        run.write(root, name, value)
    node = start_node(root.process, event.element_id)
    if node is None:
        begin_scope(run, root)
        return
    arm_scope(run, root)
    if node.source.kind is NodeKind.START_EVENT and node.source.parallel_multiple:
        await_others(run, node, event.event)
    elif node.source.kind is NodeKind.START_EVENT:
        run.queue.append(run.spawn(root, node))
    else:
        begin_inside(run, node)


def start_node(process: ProcessCode, element_id: str | None) -> NodeCode | None:
    """None where the body starts by itself; a process with only triggered starts begins at the first of them."""
    if element_id is None:
        inside = () if process.body.starts else process.nodes
        starts = (n for n in inside if n.index in process.top and n.source.kind is NodeKind.START_EVENT)
        return next(starts, None)
    node = process.by_id.get(element_id)
    if node is None or node.index not in process.top:
        raise NotFound(
            "start_unknown",
            "The process “{process}” has no start event “{element}”.",
            process=process.id,
            element=element_id,
        )
    return node


def values_of(given: Mapping[str, object]) -> Plain:
    """Give the values as they are kept; raise Invalid for what no variable can be."""
    return {name: normalise(value, name) for name, value in given.items()}


def _waiting(run: Run, wait_id: str, kind: WaitKind) -> Waiting:
    waiting = run.state.waits.get(wait_id)
    if waiting is None or waiting.kind is not kind:
        raise Conflict("wait_closed", "This is no longer waited for: it was done, or overtaken by something else.")
    return waiting


def _complete(run: Run, event: TaskCompleted) -> None:
    waiting = _waiting(run, event.wait_id, _TASK)
    data = values_of(event.data)
    if event.declared is not None:
        _check_declared(waiting, event.declared, data)
    outcomes = waiting.node.source.user.outcomes if waiting.node.source.user else ()
    if event.outcome is not None:
        if outcomes and event.outcome not in outcomes:
            raise Invalid(
                "outcome_unknown",
                "“{outcome}” is no outcome of “{task}”; choose one of {outcomes}.",
                outcome=event.outcome,
                task=waiting.node.source.name or waiting.node.id,
                outcomes=", ".join(outcomes),
            )
        data["outcome"] = event.outcome
    fire(run, waiting, "completed", data={"raw": data, "local": data})


def _check_declared(waiting: Waiting, declared: frozenset[str], data: Plain) -> None:
    """R2: a form, or an output mapping, says which names a completion may write."""
    if data.keys() <= declared:
        return
    mapped = {name for m in waiting.node.outputs if m.source is not None for name in m.source.names}
    strange = [name for name in data if name not in declared and name not in mapped]
    if strange:
        told = Message("name_not_declared", "The form has no field of this name.")
        raise Invalid(
            "names_not_declared",
            "The task “{task}” takes no {names}.",
            fields=[FieldError(name, told) for name in strange],
            task=waiting.node.source.name or waiting.node.id,
            names=", ".join(strange),
        )


def _job_done(run: Run, waiting: Waiting, result: object) -> None:
    token = waiting.token
    if token is None:
        _carry_on(run, waiting)
        return
    going = waiting.facts.get("go")
    if isinstance(going, str):
        run.close(waiting, "completed")
        token.phase = Phase(going)
        run.queue.append(token)
        return
    value = normalise(result, "result")
    entries: Plain = dict(value) if isinstance(value, Mapping) else {}
    variable = waiting.node.source.result_variable
    raw = {variable: value} if variable else ({} if waiting.node.outputs else entries)
    fire(run, waiting, "completed", data={"raw": raw, "local": {**entries, "result": value}})


def _carry_on(run: Run, waiting: Waiting) -> None:
    """The continuation of a long step: the saved queue goes on (R24)."""
    run.close(waiting, "completed")


def _job_failed(run: Run, event: JobFailed) -> None:
    waiting = _waiting(run, event.wait_id, WaitKind.JOB)
    token = waiting.token
    if event.error_code is not None:
        _throw(run, waiting, event.error_code, event.payload)
    elif token is not None:
        run.close(waiting, "failed")
        token.phase = Phase.PERFORM
        message = Message(
            "job_failed",
            "“{element}” could not be done: {reason} Correct the cause and try again, or skip it.",
            {"element": waiting.node.source.name or waiting.node.id, "reason": event.message},
        )
        raise_incident(run, token, message)


def _throw(run: Run, waiting: Waiting, code: str, payload: Mapping[str, object]) -> None:
    token = waiting.token
    if token is None:
        return
    run.close(waiting, "failed")
    throw_from_activity(run, token, code, values_of(payload))


def throw_from_activity(run: Run, token: Token, code: str, payload: Plain) -> None:
    """Raise a modelled error at an activity; nobody catching it is an incident, and the token stays (R6)."""
    data: Plain | None = {"raw": payload, "local": payload} if payload else None
    if throw_code(run, token, (EventKind.ERROR, code), data=data, own=True):
        return
    token.phase = Phase.PERFORM
    message = Message(
        "error_uncaught",
        "“{element}” raised the error {code}, which nothing catches; correct the cause and try again, or skip it.",
        {"element": token.node.source.name or token.node.id, "code": code},
    )
    raise_incident(run, token, message)


__all__ = ["State", "begin", "data_of", "happen", "process_of", "start_node", "throw_from_activity", "values_of"]
