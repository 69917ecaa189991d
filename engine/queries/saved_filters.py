"""The filters that somebody may choose above a list: their own, and those shared with their queues."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.model.errors import Forbidden
from engine.model.people import Queue, Role
from engine.model.saved_filter import KeptList, SavedFilter, answers_of
from engine.store import rows
from engine.store.transaction import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class FilterLine:
    """One filter as a list offers it."""

    id: str
    name: str
    answers: Mapping[str, str]
    queue: str
    removable: bool


def saved_filters(tx: Tx, kept_list: KeptList) -> Sequence[FilterLine]:
    """The actor's own by name, then those of the actor's queues; raises Forbidden where nobody is signed in."""
    actor = tx.actor
    if actor.person_id is None:
        raise Forbidden("sign_in_first", "Sign in to do this.")
    own = rows.find(tx, SavedFilter, person_id=actor.person_id, kept_list=kept_list, order_by="name, id")
    queues = sorted(actor.queues | actor.leads)
    if actor.has(Role.MANAGER):
        queues = [queue.key for queue in rows.find(tx, Queue)]
    shared = rows.find(tx, SavedFilter, queue_key=queues, kept_list=kept_list, order_by="name, id")
    found = [*own, *(each for each in shared if each.person_id != actor.person_id)]
    return [
        FilterLine(
            id=each.id,
            name=each.name,
            answers=answers_of(kept_list, {name: str(value) for name, value in each.answers.items()}),
            queue=each.queue_key or "",
            removable=each.person_id == actor.person_id or each.queue_key in actor.leads or actor.has(Role.MANAGER),
        )
        for each in found
    ]


def shareable_queues(tx: Tx) -> list[tuple[str, str]]:
    """Key and name of the queues with which the actor may share a filter; raises Forbidden where nobody is signed in."""
    if tx.actor.person_id is None:
        raise Forbidden("sign_in_first", "Sign in to do this.")
    if not tx.actor.has(Role.MANAGER) and not tx.actor.leads:
        return []
    return [
        (queue.key, queue.name or queue.key)
        for queue in rows.find(tx, Queue, order_by="name, key")
        if tx.actor.has(Role.MANAGER) or queue.key in tx.actor.leads
    ]
