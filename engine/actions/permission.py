"""Who may do what: every action asks here, inside its transaction, before it changes anything."""

from __future__ import annotations

from decimal import Decimal
from typing import Protocol

from engine.model.case import Case
from engine.model.errors import Forbidden, NotFound
from engine.model.people import Actor, Role
from engine.model.task import Task
from engine.store.transaction import Tx

LADDER = (Role.CLERK, Role.SPECIALIST, Role.LEAD, Role.MANAGER)
BACK_OFFICE = frozenset(LADDER)


def require_system(tx: Tx) -> None:
    """Only the program itself (a job, a timer, a command of the operator) may do this."""
    if not tx.actor.is_system:
        raise Forbidden("only_the_program", "Only the program itself does this; nobody needs to do it by hand.")


def require_signed_in(tx: Tx) -> str:
    """The actor's person id."""
    if tx.actor.person_id is None:
        raise Forbidden("sign_in_first", "Sign in to do this.")
    return tx.actor.person_id


def require_role(tx: Tx, *roles: Role) -> None:
    """The actor has one of `roles`."""
    if tx.actor.is_system or tx.actor.roles & frozenset(roles):
        return
    raise Forbidden(
        "role_needed",
        "Your role does not allow this. It is for: {roles}. Ask one of them, or an administrator for the role.",
        roles=", ".join(sorted(roles)),
    )


def require_back_office(tx: Tx) -> None:
    """The actor works on cases: clerk, specialist, lead or manager."""
    require_role(tx, *BACK_OFFICE)


class OfCase(Protocol):
    """What has a case, and reads it when it is asked for."""

    @property
    def case(self) -> Case: ...


def require_sight(tx: Tx, record: OfCase) -> None:
    """The actor may see the case; it is read only to be named in the refusal."""
    if not tx.actor.sees_cases:
        require_case(tx, record.case)


def require_case(tx: Tx, case: Case) -> None:
    """The actor may see this case; to others it does not exist.

    Back-office people see every case; designers and administrators see none of the customers' matter.
    """
    if not tx.actor.sees_cases:
        raise NotFound("case_not_found", "There is no case {number} that you may see.", number=case.number)


def holds_role(actor: Actor, role: str) -> bool:
    """Whether the actor satisfies a task's role: a role by name, or an approval level by key (or a higher one)."""
    if not role or role in actor.roles:
        return True
    wanted = next((level for level in actor.known_levels if level.key == role), None)
    if wanted is None:
        return False
    return any(level.rank >= wanted.rank for level in actor.levels)


def is_excluded(actor: Actor, task: Task) -> bool:
    """Separation of duties: the excluded people themselves, and whoever stands in for them today."""
    excluded = set(task.excluded)
    return actor.person_id in excluded or bool(excluded & actor.stands_for)


def works_queue(actor: Actor, queue: str) -> bool:
    """Members and leads work a queue; managers work all."""
    return queue in actor.queues or queue in actor.leads or Role.MANAGER in actor.roles


def may_perform(actor: Actor, task: Task) -> bool:
    """Whether the actor is a potential owner of the task, or its owner, or stands in for its owner."""
    if actor.is_system:
        return True
    if not actor.roles & BACK_OFFICE or is_excluded(actor, task):
        return False
    return may_perform_by_right(actor, task) or any(may_perform_by_right(absent, task) for absent in actor.stands_in)


def may_perform_by_right(actor: Actor, task: Task) -> bool:
    """Whether the task is the actor's own to do, not as somebody's substitute."""
    if task.owner_id is not None and (task.owner_id == actor.person_id or task.owner_id in actor.stands_for):
        return True
    if task.candidates and not names_actor(actor, task):
        return False
    if task.queue and not works_queue(actor, task.queue):
        return False
    return holds_role(actor, task.role)


def names_actor(actor: Actor, task: Task) -> bool:
    """Whether the task's candidates name the actor, a queue, a role, or somebody the actor stands in for."""
    own = {actor.person_id, actor.login, *actor.roles, *actor.queues, *actor.leads, *actor.stands_for}
    return bool(own & set(task.candidates))


def may_be_given(actor: Actor, task: Task) -> bool:
    """Whether a lead may give the task to the actor: the queue may be another one, role and exclusions may not."""
    if not actor.roles & BACK_OFFICE or is_excluded(actor, task):
        return False
    return any(reaches_role(one, task.role) for one in (actor, *actor.stands_in))


def reaches_role(actor: Actor, role: str) -> bool:
    """Whether the actor holds the role, or one above it on the ladder of the back office."""
    if holds_role(actor, role):
        return True
    return role in LADDER and any(one in actor.roles for one in LADDER[LADDER.index(Role(role)) :])


def require_task(tx: Tx, task: Task) -> None:
    """The actor may perform this task."""
    if may_perform(tx.actor, task):
        return
    if is_excluded(tx.actor, task):
        raise Forbidden(
            "excluded_from_task",
            "You took part in an earlier step of this case (or stand in for somebody who did), so “{task}” is for "
            "somebody else. It stays in its queue.",
            task=task.name,
        )
    if not tx.actor.roles & BACK_OFFICE:
        raise NotFound("task_not_found", "There is no such task that you may see.")
    raise Forbidden(
        "task_not_yours",
        "“{task}” is for the queue {queue} or the role {role}. Ask its lead to give it to you.",
        task=task.name,
        queue=task.queue or "–",
        role=task.role or "–",
    )


def leads_task(actor: Actor, task: Task) -> bool:
    """Leads move the work of their queues, managers move all; so does who stands in for them today."""
    if actor.is_system:
        return True
    rights = (actor, *actor.stands_in)
    return any(Role.MANAGER in one.roles or (bool(task.queue) and task.queue in one.leads) for one in rights)


def require_lead(tx: Tx, task: Task) -> None:
    """The actor leads the task's queue, or is a manager."""
    if not leads_task(tx.actor, task):
        raise Forbidden(
            "lead_needed",
            "Only the lead of the queue {queue} or a manager may move “{task}”.",
            queue=task.queue or "–",
            task=task.name,
        )


def require_level(tx: Tx, amount: Decimal) -> None:
    """The approval level of the actor, or of somebody absent in whose place they act, covers `amount` (the company's currency)."""
    if tx.actor.is_system:
        return
    held = [level for one in (tx.actor, *tx.actor.stands_in) for level in one.levels]
    if any(level.max_amount is None or level.max_amount >= amount for level in held):
        return
    raise Forbidden(
        "level_too_low",
        "Your approval level does not cover {amount}. Somebody with a higher level must decide.",
        amount=amount,
    )
