"""An operation on a running instance has a reason, may be done by few, and is refused where the instance went on meanwhile."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.actions.case_record import CaseRecord, lock, record_of
from engine.actions.keep_answers import keep_reason
from engine.actions.permission import require_role
from engine.actions.stored_data import facts_of_step
from engine.execution.compiler import ProgramCode
from engine.execution.operations import At
from engine.execution.programs import program_of
from engine.model.case import Case
from engine.model.errors import Conflict, FieldError, Invalid, Message
from engine.model.operations import Asked
from engine.model.people import SYSTEM, Role
from engine.model.running import Instance
from engine.store import rows, settings
from engine.store.transaction import Tx

OPERATORS = (Role.ADMINISTRATOR, Role.MANAGER)


@dataclass(slots=True)
class Operation:
    """A live instance of the locked case. What follows from the operation is done by `record`, whose actor may see the case."""

    tx: Tx
    record: CaseRecord
    instance: Instance
    program: ProgramCode

    @property
    def at(self) -> At:
        """The moment, and what conditions may read of the case."""
        return At(self.tx.now, facts_of_step(self.record, self.program, self.instance.deployment_id))

    def note(self, kind: str, reason: str, **data: object) -> None:
        """Put into the trail who did it and why, before what follows from it."""
        asking = record_of(self.tx, self.record.case)
        kept = keep_reason(asking, reason.strip())
        asking.note(kind, instance=self.instance.id, process=self.instance.process_id, reason=kept, **data)
        asking.flush()


def look_at(tx: Tx, instance_id: str) -> Operation:
    """An instance as an operation would find it, to look only; raises NotFound, Forbidden, or Conflict for one that is over."""
    require_role(tx, *OPERATORS)
    instance = rows.get(tx, Instance, instance_id)
    acts = acting(tx)
    return _found(tx, record_of(acts, rows.get(acts, Case, instance.case_id)), instance)


def hold(tx: Tx, instance_id: str) -> Operation:
    """The same with its case locked, to change it."""
    require_role(tx, *OPERATORS)
    instance = rows.get(tx, Instance, instance_id)
    record = lock(acting(tx), instance.case_id)
    return _found(tx, record, rows.get(tx, Instance, instance_id))


def begin(tx: Tx, instance_id: str, asked: Asked) -> Operation:
    """Hold it for an operator; raises Invalid without a reason, Conflict where it went on since the operator looked."""
    operation = hold(tx, instance_id)
    require_reason(asked.reason)
    if asked.version is not None and asked.version != operation.instance.version:
        raise Conflict(
            "instance_stale",
            "The process has gone on, or somebody else has changed it, since you looked. See where it is now, and decide anew.",
            seen=asked.version,
            version=operation.instance.version,
        )
    return operation


def acting(tx: Tx) -> Tx:
    """What follows from an operation touches the case; where the operator may not see it, Makegood itself does that."""
    return tx if tx.actor.sees_cases else replace(tx, actor=SYSTEM)


def require_reason(reason: str) -> None:
    """Raise Invalid where nobody says why."""
    if not reason.strip():
        fault = FieldError("reason", Message("reason_needed", "Say why. Whoever opens the case later reads it."))
        raise Invalid("reason_needed", "Every operation on a running case needs a reason.", fields=[fault])


def _found(tx: Tx, record: CaseRecord, instance: Instance) -> Operation:
    if not instance.status.is_live:
        raise Conflict(
            "instance_over",
            "The process “{process}” of this case is over. There is nothing left to change.",
            process=instance.process_id,
        )
    deployment = tx.catalog.by_id(instance.deployment_id)
    return Operation(tx, record, instance, program_of(deployment, zone=settings.zone(tx).key, deployments=tx.catalog))
