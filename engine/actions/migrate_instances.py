"""Running instances go to another version, each for itself: dry run first, all or nothing per instance, undo while nothing moved (R19)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from engine.actions.advance_instance import carry_out
from engine.actions.keep_answers import keep_reason
from engine.actions.migrating import follow, migrated, plan_of
from engine.actions.operation import Operation, hold, look_at, require_reason
from engine.actions.permission import require_role, require_system
from engine.execution import operations
from engine.execution.operations import Migrated, Plan
from engine.jobs import enqueue
from engine.model.case import Case
from engine.model.errors import Conflict, FieldError, Invalid, MakegoodError, Message, StorageTrouble
from engine.model.operations import Asked, Migration, MovedInstance, MoveOrder, MoveState
from engine.model.people import Role
from engine.model.running import LIVE, Instance
from engine.store import rows
from engine.store.transaction import Tx

MOVE, AT_ONCE = "move_instance", 500


@dataclass(frozen=True, slots=True)
class Foreseen:
    """What would become of one instance: what changes, or why it stays."""

    instance: Instance
    case_number: str
    changes: Sequence[Message]
    problems: Sequence[Message]


def foresee_move(tx: Tx, order: MoveOrder, *, most: int = AT_ONCE) -> list[Foreseen]:
    """A dry run over the instances, the oldest first, at most `most`; nothing is changed."""
    require_role(tx, Role.ADMINISTRATOR, Role.MANAGER)
    _refuse_order(tx, order)
    plan = plan_of(tx, order)
    found = _instances(tx, order)[:most]
    numbers = {case.id: case.number for case in rows.find(tx, Case, id=tuple({each.case_id for each in found}))}
    return [_foreseen(tx, each, numbers[each.case_id], plan) for each in found]


def migrate_instances(tx: Tx, order: MoveOrder, asked: Asked) -> Migration:
    """Ask for the move: one job for each instance, so that one that is blocked holds no other back."""
    require_role(tx, Role.ADMINISTRATOR, Role.MANAGER)
    require_reason(asked.reason)
    _refuse_order(tx, order)
    found = _instances(tx, order)
    if not found:
        raise Conflict("nothing_to_move", "No case runs on this version any more. There is nothing to move.")
    move = Migration(
        id=tx.new_id(),
        from_deployment_id=order.from_deployment_id,
        to_deployment_id=order.to_deployment_id,
        mapping={old: new for old, new in order.mapping.items() if old != new},
        reason=asked.reason.strip(),
        asked_by=tx.actor.person_id,
        asked_at=tx.now,
    )
    rows.insert(tx, move)
    for instance in found:
        moved = MovedInstance(id=tx.new_id(), migration_id=move.id, instance_id=instance.id, case_id=instance.case_id)
        rows.insert(tx, moved)
        enqueue(tx, MOVE, {"moved": moved.id}, case_id=instance.case_id, instance_id=instance.id)
    return move


def move_instance(tx: Tx, moved_id: str) -> None:
    """Move one instance, or keep the reasons why it stays."""
    require_system(tx)
    moved = rows.maybe(tx, MovedInstance, moved_id)
    if moved is None or moved.state is not MoveState.WAITING:
        return
    move = rows.get(tx, Migration, moved.migration_id)
    plan = plan_of(tx, MoveOrder(move.from_deployment_id, move.to_deployment_id, move.mapping))
    try:
        operation = hold(tx, moved.instance_id)
        found = _checked(operation, move, plan)
    except StorageTrouble:
        raise
    except MakegoodError as refusal:
        settle(tx, moved, MoveState.BLOCKED, [refusal.message])
        return
    if found.step is None:
        settle(tx, moved, MoveState.BLOCKED, found.problems)
        return
    why = keep_reason(operation.record, move.reason)
    mapping = dict(move.mapping)
    told = {"migration": move.id, "mapping": mapping, "reason": why, **_versions(tx, move)}
    operation.record.note("process_moved", by=move.asked_by, **told)
    operation.record.flush()
    _carry(operation, move, found)
    undo = found.undo
    before = {} if undo is None else {"digest": undo.digest, "state": undo.state, "after": undo.after}
    version = rows.get(tx, Instance, moved.instance_id).version
    settle(
        tx, replace(moved, before=before, version=version), MoveState.MOVED, [each.message for each in found.changes]
    )


def settle(tx: Tx, moved: MovedInstance, state: MoveState, said: Sequence[Message]) -> None:
    """Keep what became of one instance, and why."""
    require_system(tx)
    told = [{"code": one.code, "template": one.template, "params": _plain(one)} for one in said]
    changes = {"state": state, "said": told, "settled_at": tx.now, "before": moved.before, "version": moved.version}
    rows.update(tx, MovedInstance, moved.id, **changes)


def _checked(operation: Operation, move: Migration, plan: Plan) -> Migrated:
    if operation.instance.deployment_id != move.from_deployment_id:
        raise Conflict("moved_meanwhile", "This case runs on another version by now. Nothing was changed.")
    return migrated(operation, plan)


def _carry(operation: Operation, move: Migration, found: Migrated) -> None:
    """Put the instance on the new version, let its rows follow, and carry out what the move brings with it."""
    instance = replace(
        operation.instance,
        deployment_id=move.to_deployment_id,
        process_id=move.mapping.get(operation.instance.process_id, operation.instance.process_id),
    )
    pinned = {"deployment_id": instance.deployment_id, "process_id": instance.process_id}
    rows.update(operation.tx, Instance, instance.id, **pinned)
    follow(operation, instance, found.kept, move.mapping)
    if found.step is not None:
        carry_out(operation.record, instance, found.step)


def _foreseen(tx: Tx, instance: Instance, number: str, plan: Plan) -> Foreseen:
    try:
        found = migrated(look_at(tx, instance.id), plan)
    except StorageTrouble:
        raise
    except MakegoodError as refusal:
        return Foreseen(instance, number, (), (refusal.message,))
    return Foreseen(instance, number, [change.message for change in found.changes], found.problems)


def _instances(tx: Tx, order: MoveOrder) -> list[Instance]:
    """The live instances of the version that are meant."""
    named: dict[str, Any] = {"id": order.instance_id} if order.instance_id else {}
    return rows.find(tx, Instance, deployment_id=order.from_deployment_id, status=LIVE, order_by="id", **named)


def _refuse_order(tx: Tx, order: MoveOrder) -> None:
    """Raise Invalid for versions that do not belong together and for names that the diagrams do not have."""
    old, new = tx.catalog.by_id(order.from_deployment_id), tx.catalog.by_id(order.to_deployment_id)
    if old.key != new.key or old.id == new.id:
        fault = FieldError("to", Message("version_other", "Choose another version of the same process."))
        raise Invalid("move_invalid", "The cases cannot be moved like this: see the marked fields.", fields=[fault])
    operation_plan = plan_of(tx, order)
    faults = operations.plan_faults(plan_of(tx, replace(order, to_deployment_id=old.id)).to, operation_plan)
    if faults:
        fields = [FieldError("mapping", fault) for fault in faults]
        raise Invalid("move_invalid", "The cases cannot be moved like this: see the marked fields.", fields=fields)


def _versions(tx: Tx, move: Migration) -> dict[str, object]:
    old, new = tx.catalog.by_id(move.from_deployment_id), tx.catalog.by_id(move.to_deployment_id)
    return {"process": new.key, "before_version": old.version, "version": new.version}


def _plain(message: Message) -> dict[str, object]:
    return {
        name: value if isinstance(value, str | int | None) else str(value) for name, value in message.params.items()
    }
