"""A user task's performers, priority and due are worked out when it opens."""

from __future__ import annotations

from decimal import Decimal

from engine.execution.compiler.code import TimerCode
from engine.execution.machine.run import Run, Stuck
from engine.execution.machine.state import Token
from engine.execution.machine.timers import arm_timer
from engine.model.bpmn import TimerForm

Facts = dict[str, object]


def task_facts(run: Run, token: Token) -> Facts:
    """Evaluate what the diagram says of who, how urgent and until when; raise Stuck for values that are none of these."""
    code = token.node.user
    if code is None or code.is_fixed:
        return {}
    view = run.view(token.scope, token.inputs)
    facts: Facts = {}
    if code.assignee is not None:
        facts["assignee"] = _text(token, code.assignee.evaluate(view))
    if code.candidate_users is not None:
        facts["users"] = _names(token, code.candidate_users.evaluate(view))
    for name, computed in (("queue", code.queue), ("role", code.role)):
        if computed is not None:
            facts[name] = _text(token, computed.evaluate(view))
    if code.priority is not None:
        facts["priority"] = _whole(token, code.priority.evaluate(view))
    if code.due is not None:
        value = code.due.evaluate(view)
        if value is not None:
            armed = arm_timer(TimerCode(form=TimerForm.DATE), value, run.now, token.scope.process.zone)
            facts["due"] = armed.get("due")
    return facts


def job_facts(run: Run, token: Token) -> Facts:
    """What a job is told: its inputs, and whom it goes to where that is worked out."""
    facts: Facts = {"inputs": token.inputs} if token.inputs else {}
    job = token.node.job
    if job is not None and job.to is not None:
        facts["to"] = _text(token, job.to.evaluate(run.view(token.scope, token.inputs))) or ""
    return facts


def _text(token: Token, value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value or None
    raise _unfit(token, "performer", value)


def _names(token: Token, value: object) -> list[str]:
    if value is None:
        return []
    if isinstance(value, str):
        return [name.strip() for name in value.split(",") if name.strip()]
    if isinstance(value, list | tuple) and all(isinstance(name, str) for name in value):
        return [str(name) for name in value]
    raise _unfit(token, "candidates", value)


def _whole(token: Token, value: object) -> int | None:
    if isinstance(value, str) and value.strip().lstrip("-").isdigit():
        value = int(value)
    if value is None or (isinstance(value, int) and not isinstance(value, bool)):
        return value
    if isinstance(value, Decimal) and value == value.to_integral_value():
        return int(value)
    raise _unfit(token, "priority", value)


def _unfit(token: Token, what: str, value: object) -> Stuck:
    return Stuck(
        "task_fact",
        "The {what} of “{element}” gave {value}; correct the values and try again.",
        what=what,
        element=token.node.source.name or token.node.id,
        value=repr(value)[:80],
    )
