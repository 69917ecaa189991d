"""A button on an open task sends its message: ask an expert, ask the customer, as often as the diagram allows."""

from __future__ import annotations

from collections.abc import Mapping

from engine.actions.advance_instance import advance_instance
from engine.actions.case_record import lock_by_task
from engine.actions.check_payload import check_payload
from engine.actions.permission import require_task
from engine.actions.task_changes import refuse_closed, refuse_others, refuse_resting
from engine.execution.runtime import MessageReceived
from engine.model.errors import Conflict
from engine.model.running import Instance, Subscription
from engine.model.task import Task
from engine.store import rows
from engine.store.subscriptions import actions_on_task
from engine.store.transaction import Tx


def actions_of_task(tx: Tx, task: Task) -> list[Subscription]:
    """The buttons that the diagram offers on this task now, beside its outcomes."""
    require_task(tx, task)
    found = actions_on_task(tx, task)
    return [subscription for subscription in found if subscription.action]


def press_action(tx: Tx, task_id: str, *, element: str, payload: Mapping[str, object]) -> list[Task]:
    """Send the message of the button `element` (its boundary event's id); gives the tasks that were opened."""
    record, task = lock_by_task(tx, task_id)
    require_task(tx, task)
    refuse_closed(task)
    refuse_resting(task)
    refuse_others(tx, task)
    offered = next((action for action in actions_of_task(tx, task) if action.element_id == element), None)
    if offered is None:
        raise Conflict("action_gone", "“{task}” does not offer this any more. Reload the page.", task=task.name)
    instance = rows.get(tx, Instance, task.instance_id)
    check_payload(tx, [tx.catalog.by_id(instance.deployment_id)], payload)
    record.note("action_pressed", task=task.id, element=element, action=offered.action)
    advance_instance(tx, record, instance, MessageReceived(offered.wait_id, dict(payload)))
    return [rows.get(tx, Task, opened) for opened in record.opened_tasks]
