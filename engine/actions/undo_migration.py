"""A migration is taken back, instance by instance, where nothing has moved since; the others stay and say why (R19)."""

from __future__ import annotations

from dataclasses import replace

from engine.actions.advance_instance import carry_out
from engine.actions.keep_answers import keep_reason
from engine.actions.migrate_instances import settle
from engine.actions.migrating import follow
from engine.actions.operation import Operation, hold, require_reason
from engine.actions.permission import require_role, require_system
from engine.execution import operations
from engine.execution.operations import Migrated, Undo
from engine.execution.programs import program_of
from engine.execution.runtime import MessageWait, SignalWait, Step, TaskWait, TimerWait, WaitOpened
from engine.jobs import enqueue
from engine.model.errors import Conflict, MakegoodError, StorageTrouble
from engine.model.operations import Asked, Migration, MovedInstance, MoveState
from engine.model.people import Role
from engine.model.running import Instance, Subscription, SubscriptionState, Timer, TimerState
from engine.model.task import Task, TaskState
from engine.store import counters, rows, settings
from engine.store.transaction import Tx

UNDO = "undo_move"


def undo_migration(tx: Tx, migration_id: str, asked: Asked) -> int:
    """Ask for it: one job for each instance that was moved; gives how many. Raises Conflict where none was."""
    require_role(tx, Role.ADMINISTRATOR, Role.MANAGER)
    require_reason(asked.reason)
    move = rows.get(tx, Migration, migration_id)
    found = rows.find(tx, MovedInstance, migration_id=move.id, state=MoveState.MOVED, order_by="id")
    if not found:
        raise Conflict("nothing_to_undo", "No case was moved by this, or all were taken back already.")
    for moved in found:
        args = {"moved": moved.id, "by": tx.actor.person_id, "reason": asked.reason.strip()}
        enqueue(tx, UNDO, args, case_id=moved.case_id, instance_id=moved.instance_id)
    return len(found)


def undo_move(tx: Tx, moved_id: str, *, by: str | None, reason: str) -> None:
    """Put one instance back on its old version, or say why it stays."""
    require_system(tx)
    moved = rows.maybe(tx, MovedInstance, moved_id)
    if moved is None or moved.state is not MoveState.MOVED:
        return
    move = rows.get(tx, Migration, moved.migration_id)
    old = tx.catalog.by_id(move.from_deployment_id)
    try:
        operation = hold(tx, moved.instance_id)
        found = _undone(operation, moved, move)
    except StorageTrouble:
        raise
    except MakegoodError as refusal:
        settle(tx, moved, MoveState.MOVED, [refusal.message])
        return
    if found.step is None:
        settle(tx, moved, MoveState.MOVED, found.problems)
        return
    why = keep_reason(operation.record, reason)
    operation.record.note("move_undone", by=by, migration=move.id, process=old.key, version=old.version, reason=why)
    operation.record.flush()
    _carry(operation, move, found)
    settle(tx, replace(moved, before={}), MoveState.UNDONE, [each.message for each in found.changes])


def _undone(operation: Operation, moved: MovedInstance, move: Migration) -> Migrated:
    """The machine compares what is there now with what the migration left."""
    before = moved.before
    if not before or operation.instance.deployment_id != move.to_deployment_id:
        raise Conflict("undo_moved", "This case has gone on since it was moved, so it stays on the new version.")
    undo = Undo(str(before["digest"]), str(before["state"]), str(before["after"]))
    tx = operation.tx
    old = program_of(tx.catalog.by_id(move.from_deployment_id), zone=settings.zone(tx).key, deployments=tx.catalog)
    return operations.undo_migration(operation.program, operation.instance.state, undo, to=old)


def _carry(operation: Operation, move: Migration, found: Migrated) -> None:
    back = {new: old for old, new in move.mapping.items()}
    process = back.get(operation.instance.process_id, operation.instance.process_id)
    instance = replace(operation.instance, deployment_id=move.from_deployment_id, process_id=process)
    pinned = {"deployment_id": instance.deployment_id, "process_id": instance.process_id}
    rows.update(operation.tx, Instance, instance.id, **pinned)
    follow(operation, instance, found.kept, back)
    if found.step is not None:
        carry_out(operation.record, instance, _without_reopened(operation, found.step))


def _without_reopened(operation: Operation, step: Step) -> Step:
    """Waits that come back under their own ids have rows that the migration closed: those open again, and are not made anew."""
    kept = [each for each in step.happenings if not (isinstance(each, WaitOpened) and _reopened(operation, each))]
    return Step(step.state, step.waits, tuple(kept), step.running)


def _reopened(operation: Operation, opened: WaitOpened) -> bool:
    tx, wait = operation.tx, opened.wait
    place = {**operation.instance.place, "wait_id": wait.id}
    match wait:
        case TimerWait():
            pending = {"state": TimerState.PENDING, "settled_at": None}
            return rows.update_where(tx, Timer, pending, state=TimerState.CANCELLED, **place) > 0
        case MessageWait() | SignalWait():
            opened_again = {"state": SubscriptionState.OPEN}
            return rows.update_where(tx, Subscription, opened_again, state=SubscriptionState.CLOSED, **place) > 0
        case TaskWait():
            return any(_reopen_task(operation, task) for task in rows.find(tx, Task, **place))
        case _:
            return False


def _reopen_task(operation: Operation, task: Task) -> bool:
    state = TaskState.READY if task.owner_id is None else TaskState.RESERVED
    rows.update(operation.tx, Task, task.id, state=state, closed_at=None, version=task.version + 1)
    counters.add(operation.tx, "tasks_by_queue", task.queue, 1)
    operation.record.note("task_opened", task=task.id, element=task.element_id, name=task.name, owner=task.owner_id)
    return True
