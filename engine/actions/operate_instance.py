"""Moving a token, rewinding, skipping a task and setting a variable have one shape: look first, then do it with a reason."""

from __future__ import annotations

from engine.actions.advance_instance import carry_out
from engine.actions.case_record import record_of
from engine.actions.close_case import close_case
from engine.actions.operation import Operation, begin, look_at
from engine.actions.permission import require_role
from engine.actions.record_happenings import enter_stage
from engine.actions.settle_special_mode import settle_special_mode
from engine.execution import operations
from engine.execution.operations import Change, Operated
from engine.model.case import CaseStage, CaseStatus
from engine.model.decision import SpecialMode, SpecialModeStatus
from engine.model.operations import Asked, Cancel, MoveToken, Order, Rewind, SetVariable, SkipTask
from engine.model.people import Role
from engine.model.running import Instance, PathEvent
from engine.store import rows
from engine.store.transaction import Tx

CANCELLED = "cancelled"
_OPEN = (SpecialModeStatus.REQUESTED, SpecialModeStatus.SENT_BACK)


def foresee(tx: Tx, instance_id: str, order: Order) -> tuple[Change, ...]:
    """What the operation would change; raises Conflict or Invalid, as the operation itself would, where it is unsafe."""
    require_order(tx, order)
    return _operated(look_at(tx, instance_id), order).changes


def operate(tx: Tx, instance_id: str, order: Order, asked: Asked) -> tuple[Change, ...]:
    """Do it; gives what has changed. Refused without a reason, where unsafe, and where the instance went on meanwhile."""
    require_order(tx, order)
    operation = begin(tx, instance_id, asked)
    done = _operated(operation, order)
    _note(operation, order, asked, done)
    carry_out(operation.record, operation.instance, done.step)
    if isinstance(order, Cancel):
        _close(operation, asked)
    return done.changes


def _is_own_process(tx: Tx, instance: Instance) -> bool:
    """Whether the case began with this process, so that it is nothing without it."""
    first = rows.first(tx, Instance, case_id=instance.case_id, order_by="started_at, id")
    return first is None or first.process_id == instance.process_id


def require_order(tx: Tx, order: Order) -> None:
    """Values, and whether a complaint ends without an answer, are the customer's matter: a manager's, not an administrator's."""
    if isinstance(order, SetVariable | Cancel):
        require_role(tx, Role.MANAGER)
    else:
        require_role(tx, Role.ADMINISTRATOR, Role.MANAGER)


def _operated(operation: Operation, order: Order) -> Operated:
    program, state, at = operation.program, operation.instance.state, operation.at
    match order:
        case MoveToken(token, to):
            return operations.move_token(program, state, token, to=to, at=at)
        case Rewind(to):
            done = rows.find(operation.tx, PathEvent, instance_id=operation.instance.id)
            history = {element for event in done for element in event.elements}
            return operations.rewind(program, state, to, history=history, at=at)
        case SkipTask(wait_id):
            return operations.skip(program, state, wait_id, at=at)
        case SetVariable(name, value, scope):
            return operations.set_variables(program, state, {name: value}, scope=scope, at=at)
        case Cancel():
            return operations.cancel(program, state, at=at)


def _note(operation: Operation, order: Order, asked: Asked, done: Operated) -> None:
    """The trail names elements and variables, never values."""
    elements = list(dict.fromkeys(change.element_id for change in done.changes if change.element_id))
    match order:
        case MoveToken(_, to):
            operation.note("token_moved", asked.reason, element=to, elements=elements)
        case Rewind(to):
            operation.note("rewound", asked.reason, element=to, elements=elements)
        case SkipTask():
            operation.note("step_skipped", asked.reason, element=elements[0] if elements else "", elements=elements)
        case SetVariable(name, _, scope):
            operation.note("variable_set", asked.reason, name=name, scope=scope)
        case Cancel():
            operation.note("process_cancelled", asked.reason, elements=elements)


def _close(operation: Operation, asked: Asked) -> None:
    """A case without its own process is closed, unanswered; a request for special mode without its process is refused."""
    record = record_of(operation.record.tx, operation.record.case)
    instance = operation.instance
    if rows.find(record.tx, SpecialMode, instance_id=instance.id, status=_OPEN, limit=1):
        settle_special_mode(record, instance, {"status": SpecialModeStatus.REFUSED, "reason": asked.reason.strip()})
    if _is_own_process(record.tx, instance) and record.case.status is CaseStatus.OPEN:
        enter_stage(record, CaseStage.CLOSED)
        close_case(record, instance, {"root_cause": CANCELLED, "without_answer": "yes"})
    record.flush()
