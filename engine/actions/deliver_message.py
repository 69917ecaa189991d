"""A message from outside finds the one instance that waits for it by name and key; none: it is kept (R15)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.actions.advance_instance import advance_instance, start_instance
from engine.actions.case_record import CaseRecord, lock
from engine.actions.check_payload import check_payload
from engine.actions.permission import BACK_OFFICE, require_case, require_role, require_system, require_task
from engine.actions.process_starts import starts_by
from engine.actions.start_process import start_process
from engine.actions.task_changes import refuse_others
from engine.execution.compiler.code import StartCode
from engine.execution.programs import program_of
from engine.execution.runtime import MessageReceived, Start
from engine.model.bpmn import EventKind
from engine.model.case import FAMILY, Case
from engine.model.errors import Conflict, NotFound
from engine.model.people import Role
from engine.model.records import maker
from engine.model.running import LIVE, Instance, InstanceStatus, KeptMessage, KeptMessageState, Subscription
from engine.model.task import Task
from engine.store import rows, subscriptions
from engine.store.ahead import case_numbered
from engine.store.transaction import Tx

_received = maker(MessageReceived)


def deliver_message(
    tx: Tx,
    name: str,
    *,
    correlation: Mapping[str, object],
    payload: Mapping[str, object],
    message_id: str | None = None,
) -> int:
    """Deliver to the one matching wait, or keep it, for a suspended instance too; gives how many instances took it now.

    `correlation` may carry `case`, the case's number. Raises Conflict where several instances match.
    """
    require_role(tx, *BACK_OFFICE, Role.ADMINISTRATOR)
    if message_id and subscriptions.is_known(tx, message_id):
        return 0
    case = _case_of(tx, correlation)
    found = _matching_now(tx, name, correlation, case)
    if len({subscription.instance_id for subscription in found}) > 1:
        raise Conflict(
            "message_ambiguous",
            "{count} cases wait for “{name}” with this key. Give the case's number as well.",
            count=len(found),
            name=name,
        )
    instances = [rows.get(tx, Instance, key) for key in {one.instance_id for one in found}]
    taking = [tx.catalog.by_id(one.deployment_id) for one in instances] or tx.catalog.all_newest()
    check_payload(tx, taking, payload)
    if any(one.status is InstanceStatus.SUSPENDED for one in instances):
        subscriptions.keep_message(tx, name, dict(payload), correlation=correlation, message_id=message_id)
        return 0
    if not found and _begins(tx, case, name, payload):
        _remember(tx, name, correlation, message_id)
        return 1
    if not found:
        subscriptions.keep_message(tx, name, dict(payload), correlation=correlation, message_id=message_id)
        return 0
    _give(tx, found[0], payload)
    _remember(tx, name, correlation, message_id)
    return 1


def _remember(tx: Tx, name: str, correlation: Mapping[str, object], message_id: str | None) -> None:
    """Keep the id of a message that was taken, so that its repetition is known."""
    if message_id:
        kept = subscriptions.keep_message(tx, name, {}, correlation=correlation, message_id=message_id)
        if kept is not None:
            rows.update(tx, KeptMessage, kept.id, state=KeptMessageState.DELIVERED)


def _begins(tx: Tx, case: Case | None, name: str, payload: Mapping[str, object]) -> bool:
    """Whether the message begins a process now: on the case that it names, else on a new one."""
    if case is not None:
        return _start_by_message(lock(tx, case.id), name, payload)
    return _start_new_case(tx, name, payload)


def _start_new_case(tx: Tx, name: str, payload: Mapping[str, object]) -> bool:
    """Open a case by the one message start that fits; raises Conflict where several processes begin with the message.

    A process that people register cases for begins a second time by its messages, on the case that they name.
    """
    fitting = [one for one in starts_by(tx, EventKind.MESSAGE, name) if not one.takes_cases]
    if len(fitting) > 1:
        raise Conflict(
            "message_ambiguous_start",
            "Several processes begin with the message “{name}”: {processes}. A designer must give them different names.",
            name=name,
            processes=", ".join(one.process.name or one.process.id for one in fitting),
        )
    if not fitting:
        return False
    start_process(tx, fitting[0], payload=payload)
    return True


def _case_of(tx: Tx, correlation: Mapping[str, object]) -> Case | None:
    """The case that the correlation names, which the actor must be allowed to see."""
    if not correlation.get("case"):
        return None
    found = case_numbered(tx, number_in(correlation))
    if found is None:
        raise NotFound("case_not_found", "There is no case {number} that you may see.", number=str(correlation["case"]))
    require_case(tx, found)
    return found


def number_in(correlation: Mapping[str, object]) -> str:
    """The number of the case that a correlation names, or an empty text."""
    return str(correlation.get("case") or "").strip().upper()


def _matching(tx: Tx, name: str, correlation: Mapping[str, object], case: Case | None) -> list[Subscription]:
    """Waits of that name whose key is equal, or that have no key and belong to the named case."""
    key = {item: value for item, value in correlation.items() if item != "case"}
    return subscriptions.matching(tx, name, key or None, case_id=case.id if case is not None else None)


def _matching_now(tx: Tx, name: str, correlation: Mapping[str, object], case: Case | None) -> list[Subscription]:
    """The waits that match and are still open once their case is locked; none only where none can come up meanwhile."""
    found = _matching(tx, name, correlation, case)
    if not tx.connection.row_lock:
        return found  # who writes is alone: nothing changes meanwhile
    if not found:
        subscriptions.hold_senders(tx, name)
        found = _matching(tx, name, correlation, case)
    if len({one.instance_id for one in found}) != 1:
        return found
    lock(tx, found[0].case_id)
    found = _matching(tx, name, correlation, case)
    if not found:  # another message was faster
        subscriptions.hold_senders(tx, name)
        found = _matching(tx, name, correlation, case)
    return found


def _give(tx: Tx, subscription: Subscription, payload: Mapping[str, object]) -> None:
    """Advance the instance that waits."""
    record = lock(tx, subscription.case_id)
    require_button(tx, subscription)
    record.note("message_received", name=subscription.name, element=subscription.element_id)
    instance = rows.get(tx, Instance, subscription.instance_id)
    record.received[instance.id, subscription.wait_id] = subscription.id
    advance_instance(tx, record, instance, _received(subscription.wait_id, dict(payload), {}, record.facts))


def require_button(tx: Tx, subscription: Subscription) -> None:
    """The message of a button is sent by whoever may do its task, by whatever route it comes."""
    if not subscription.action or not subscription.task_wait:
        return
    place = {"case_id": subscription.case_id, "instance_id": subscription.instance_id}
    task = rows.first(tx, Task, wait_id=subscription.task_wait, **place)
    if task is not None:
        require_task(tx, task)
        refuse_others(tx, task)


def deliver_kept(tx: Tx, message_key: str) -> None:
    """Deliver a kept message to the wait that has come up for it since."""
    require_system(tx)
    message = rows.maybe(tx, KeptMessage, message_key, lock=True)
    if message is None or message.state is not KeptMessageState.KEPT:
        return
    correlation = message.correlation or {}
    found = _matching_now(tx, message.name, correlation, _case_of(tx, correlation))
    if found and rows.get(tx, Instance, found[0].instance_id).status is not InstanceStatus.SUSPENDED:
        rows.update(tx, KeptMessage, message.id, state=KeptMessageState.DELIVERED)
        _give(tx, found[0], message.payload)


def message_to_case(tx: Tx, case_id: str, *, name: str, payload: Mapping[str, object]) -> None:
    """Deliver a message to a case itself: a wait of its instances, else a message start of its process.

    Raises Conflict where the case neither waits for it nor can be started by it now.
    """
    record = lock(tx, case_id)
    require_case(tx, record.case)
    found = subscriptions.matching(tx, name, None, case_id=case_id)
    if found:
        _refuse_resting(record, found[0])
        _give(tx, found[0], payload)
        return
    if not _start_by_message(record, name, payload):
        raise Conflict(
            "message_not_awaited",
            "Case {number} does not wait for this in its present state ({stage}).",
            number=record.case.number,
            stage=record.case.stage,
        )


def _refuse_resting(record: CaseRecord, subscription: Subscription) -> None:
    """Raise Conflict where the process that waits is suspended (R13)."""
    if rows.get(record.tx, Instance, subscription.instance_id).status is InstanceStatus.SUSPENDED:
        raise Conflict(
            "process_suspended",
            "The process of case {number} is suspended. Ask operations to resume it, and do this then.",
            number=record.case.number,
        )


def _start_by_message(record: CaseRecord, name: str, payload: Mapping[str, object]) -> bool:
    """Start the case's process by its message start event; not while that process runs already."""
    tx, key = record.tx, _deployment_of(record)
    start = _message_start(tx, key, name)
    running = rows.find(tx, Instance, case_id=record.case_id, status=LIVE)
    if start is None or any(instance.process_id == start.process_id for instance in running):
        return False
    event = Start(process_id=start.process_id, element_id=start.element_id, variables=dict(payload), event=start.place)
    start_instance(tx, record, key=key, event=event)
    return True


def _deployment_of(record: CaseRecord) -> str:
    """The key under which the process is deployed that the case began with, whatever new cases of its kind run."""
    first = rows.first(record.tx, Instance, case_id=record.case_id, order_by="started_at, id")
    return FAMILY if first is None else record.tx.catalog.by_id(first.deployment_id).key


def _message_start(tx: Tx, key: str, name: str) -> StartCode | None:
    """The message start event of the newest deployment under `key` that this message triggers."""
    starts = program_of(tx.catalog.newest(key)).starts
    return next((start for start in starts if start.event.kind is EventKind.MESSAGE and start.event.name == name), None)
