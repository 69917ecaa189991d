"""Who performs a step is excluded at once from the open tasks that exclude its performers, not only from later ones."""

from __future__ import annotations

from engine.actions.case_record import CaseRecord
from engine.actions.choose_owner import is_eligible, raise_level
from engine.actions.notify_people import tell
from engine.actions.permission import require_sight
from engine.actions.task_changes import in_state
from engine.execution.programs import program_of
from engine.model.running import Instance
from engine.model.task import OPEN_STATES, Task, TaskState
from engine.store import counters, rows
from engine.store.transaction import Tx

OPEN = ", ".join(f"'{state}'" for state in sorted(OPEN_STATES))
RUN = "SELECT deployment_id FROM instance WHERE case_id = ?"
OTHERS = f"case_id = :case AND id != :done AND state IN ({OPEN}) ORDER BY id"
_EXCLUDING: dict[str, frozenset[str]] = {}
"""By the digest of a deployment, which never changes."""


def exclude_performer(record: CaseRecord, done: Task, absent: str | None) -> None:
    """Exclude the actor, and the absent person in whose place they acted, from open tasks that exclude `done`'s element."""
    tx = record.tx
    require_sight(tx, record)
    run = {deployment for (deployment,) in tx.connection.rows(RUN, (record.case_id,))}
    if not any(done.element_id in _excluding(tx, deployment) for deployment in run):
        return
    performers = {person for person in (tx.actor.person_id, absent) if person}
    for task in rows.select(tx, Task, OTHERS, {"case": record.case_id, "done": done.id}):
        late = performers - set(task.excluded)
        if late and done.element_id in _excluded_elements(tx, task):
            exclude(record, task, late)


def _excluding(tx: Tx, deployment_id: str) -> frozenset[str]:
    """The elements whose performers anything in the deployment excludes."""
    deployment = tx.catalog.by_id(deployment_id)
    known = _EXCLUDING.get(deployment.digest)
    if known is None:
        nodes = [node for code in program_of(deployment).processes.values() for node in code.by_id.values()]
        known = frozenset(name for node in nodes for name in node.source.performers.excludes)
        _EXCLUDING[deployment.digest] = known
    return known


def _excluded_elements(tx: Tx, task: Task) -> tuple[str, ...]:
    """The elements whose performers the task's own diagram excludes from it."""
    instance = rows.get(tx, Instance, task.instance_id)
    process = program_of(tx.catalog.by_id(instance.deployment_id), deployments=tx.catalog).processes.get(
        task.process_id or instance.process_id
    )
    node = process.by_id.get(task.element_id) if process is not None else None
    return tuple(node.source.performers.excludes) if node is not None else ()


def exclude(record: CaseRecord, task: Task, people: set[str]) -> None:
    """Write it; who had the task loses it, and where nobody is left it goes up a level."""
    tx = record.tx
    narrowed = task.changed(excluded=sorted({*task.excluded, *people}))
    if task.owner_id in people:
        narrowed = narrowed.changed(
            owner_id=None, delegator_id=None, claimed_at=None, **in_state(task, TaskState.READY)
        )
        record.note("task_released", task=task.id, element=task.element_id, before=task.owner_id)
        tell(record, task.owner_id or "", "task_taken_away", task_id=task.id, task=task.name)
    raised = "" if narrowed.owner_id or is_eligible(tx, narrowed) else raise_level(tx, narrowed)
    if raised:
        record.note("level_raised", task=task.id, element=task.element_id, before=task.role or task.queue, role=raised)
        counters.add(tx, "tasks_by_queue", task.queue, -1)
        counters.add(tx, "tasks_by_queue", "", 1)
        narrowed = narrowed.changed(role=raised, queue="")
    changed = ("excluded", "owner_id", "delegator_id", "state", "state_before", "claimed_at", "role", "queue")
    columns = {name: getattr(narrowed, name) for name in changed}
    rows.update(tx, Task, task.id, version=task.version + 1, **columns)
