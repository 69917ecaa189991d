"""A process is deployed into a house of people: a task that none of them may do is told at once, not when a case stops there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.actions.permission import BACK_OFFICE, holds_role, require_role, works_queue
from engine.definitions.bpmn import read_bpmn
from engine.definitions.catalog import DIAGRAMS
from engine.model.bpmn import Definitions, Node, NodeKind
from engine.model.errors import Finding, Message, Severity
from engine.model.people import Actor, Person, Role
from engine.store import people, rows
from engine.store.transaction import Tx


def tasks_without_people(tx: Tx, files: Mapping[str, bytes]) -> tuple[Finding, ...]:
    """Warn of user tasks that no active person may do; in a house without a back office that is all of them, and no news."""
    require_role(tx, Role.DESIGNER, Role.ADMINISTRATOR)
    active = rows.find(tx, Person, active=True)
    actors = [actor for actor in (people.actor_of(tx, person.id) for person in active) if actor.roles & BACK_OFFICE]
    if not actors:
        return ()
    read = [read_bpmn(files[name], file=name).definitions for name in sorted(files) if name.lower().endswith(DIAGRAMS)]
    return tuple(finding for definitions in read for finding in _without(definitions, actors))


def _without(definitions: Definitions, actors: list[Actor]) -> Iterator[Finding]:
    running = [process for process in definitions.processes if process.executable is not False]
    tasks = [node for process in running for node in process.body.walk() if node.kind is NodeKind.USER_TASK]
    able = {node.id: _able(node, actors) for node in tasks}
    for node in tasks:
        names = able[node.id]
        if names is not None and not names:
            yield _warning(definitions, node, _nobody(node.performers.queue, node.performers.role))
        elif names and len(names) == 1 and names in [able.get(other) for other in node.performers.excludes]:
            told = Message(
                "task_one_person",
                "Only {person} may do it, and only {person} may do a task that excludes them.",
                {"person": min(names)},
            )
            yield _warning(definitions, node, told)


def _nobody(queue: str, role: str) -> Message:
    params: dict[str, object] = {"queue": queue, "role": role}
    if queue and role:
        return Message("task_no_people", "Nobody may do it: no active person of the queue {queue} is {role}.", params)
    if queue:
        return Message("task_no_queue", "Nobody may do it: no active person works on the queue {queue}.", params)
    return Message("task_no_role", "Nobody may do it: no active person is {role}.", params)


def _able(node: Node, actors: list[Actor]) -> frozenset[str] | None:
    """Who may do the task by queue and role; None where that is settled only when it opens."""
    who = node.performers
    later = who.assignee or who.candidate_users or who.candidate_groups or who.same_as
    if later or not (who.queue or who.role) or who.queue.startswith("=") or who.role.startswith("="):
        return None
    return frozenset(
        actor.name
        for actor in actors
        if (not who.queue or works_queue(actor, who.queue)) and (not who.role or holds_role(actor, who.role))
    )


def _warning(definitions: Definitions, node: Node, told: Message) -> Finding:
    return Finding(
        Severity.WARNING,
        told,
        Message("task_no_people_remedy", "Give somebody the role and the queue, or change the task."),
        file=definitions.file,
        line=node.line,
        element_id=node.id,
        element_name=node.name,
    )
