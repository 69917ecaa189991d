"""A running instance moves to another version as a whole, or stays as it is with every reason why (R19)."""

from __future__ import annotations

import hashlib

from engine.execution.compiler import ProgramCode
from engine.execution.machine.run import Run
from engine.execution.machine.state import Role, WaitKind
from engine.execution.machine.stepping import public_waits
from engine.execution.machine.tasks import task_facts
from engine.execution.operations.balance import unbalanced
from engine.execution.operations.carrying import check_joins, enter_scopes, join_images, point
from engine.execution.operations.crossing import Crossing, crossing_of
from engine.execution.operations.fitting import check_tokens
from engine.execution.operations.rearming import Rearming, open_anew, plan_rearming
from engine.execution.operations.records import At, Change, Kept, Migrated, OpenTasks, Plan, Undo
from engine.execution.operations.telling import changes_of, naming
from engine.execution.operations.telling_moves import of_tasks, without_renewals
from engine.execution.operations.working import begun, finished
from engine.execution.runtime import (
    Completed,
    DecisionMade,
    Happening,
    IncidentRaised,
    InstanceEnded,
    MessageThrown,
    SignalThrown,
    Step,
    TaskWait,
    VariableWritten,
    Wait,
)
from engine.model.errors import MakegoodError

_WENT_ON = (Completed, DecisionMade, InstanceEnded, MessageThrown, SignalThrown, VariableWritten)
_PERFORMERS = ("assignee", "users", "queue", "role")
_NOBODY = OpenTasks()


def migrate(program: ProgramCode, state: str, plan: Plan, *, tasks: OpenTasks = _NOBODY, at: At) -> Migrated:
    """Move the instance to the plan's version; give the step, or the problems that hold it. Never raises for these."""
    try:
        run = begun(program, state, at)
    except MakegoodError as refused:
        return Migrated(None, problems=(refused.message,))
    before = {wait.id: wait for wait in public_waits(run.state)}
    run.program = plan.to
    crossing, rearming = crossing_of(run, program, plan, tasks), Rearming()
    try:
        _carry(crossing, rearming)
        step = finished(run) if not crossing.problems else None
    except MakegoodError as refused:
        crossing.problems.append(refused.message)
        step = None
    stuck = [h.message for h in step.happenings if isinstance(h, IncidentRaised)] if step is not None else []
    if step is None or stuck:
        return Migrated(None, problems=(*crossing.problems, *stuck))
    kept = _kept(before, step, tasks)
    changes = (*of_tasks(before, step.waits, plan, tasks), *crossing.changes, *_other(crossing, step, rearming))
    return Migrated(step, changes, kept=kept, undo=_undo(program, state, step))


def _carry(crossing: Crossing, rearming: Rearming) -> None:
    """Put everything in its place; stop before anything is changed where something stands in the way."""
    check_tokens(crossing)
    joins = join_images(crossing)
    faults = {(scope, crossing.renamed(join)) for scope, join, _ in unbalanced(crossing.state)}
    if crossing.problems:
        return
    plan_rearming(crossing, rearming)
    point(crossing, rearming, joins)
    enter_scopes(crossing)
    if not crossing.problems:
        open_anew(crossing, rearming)
        _ask_performers(crossing.run, crossing.tasks)
        check_joins(crossing, faults)


def _ask_performers(run: Run, tasks: OpenTasks) -> None:
    """Work out again who may do a task that nobody has claimed; priority and due stay as they were."""
    for waiting in run.state.waits.values():
        token = waiting.token
        if waiting.kind is WaitKind.TASK and waiting.role is Role.OWN and token is not None:
            if waiting.id in tasks.claimed or token.scope.process.digest != run.program.digest:
                continue
            facts = task_facts(run, token)
            waiting.text = ""
            for name in _PERFORMERS:
                waiting.facts.pop(name, None)
                if name in facts:
                    waiting.facts[name] = facts[name]


def _kept(before: dict[str, Wait], step: Step, tasks: OpenTasks) -> tuple[Kept, ...]:
    changed = [(before[wait.id], wait) for wait in step.waits if wait.id in before and before[wait.id] != wait]
    return tuple(
        Kept(old, new, performers_again=isinstance(new, TaskWait) and new.id not in tasks.claimed)
        for old, new in changed
    )


def _other(crossing: Crossing, step: Step, rearming: Rearming) -> list[Change]:
    name = naming(crossing.plan.to, crossing.old)
    return without_renewals(changes_of(step.happenings, name), rearming.renewed, name)


def _undo(program: ProgramCode, state: str, step: Step) -> Undo | None:
    went_on: list[Happening] = [each for each in step.happenings if isinstance(each, _WENT_ON)]
    return None if went_on else Undo(program.digest, state, digest_of_state(step.state))


def digest_of_state(state: str) -> str:
    """The SHA-256 of a state's text, by which an undo knows that nothing has moved since."""
    return hashlib.sha256(state.encode()).hexdigest()
