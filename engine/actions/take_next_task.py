"""Taking the next task claims the earliest due one that the actor may do; two people never get the same."""

from __future__ import annotations

from engine.actions.claim_task import claim_task
from engine.actions.permission import may_perform, require_back_office, require_signed_in
from engine.model.errors import Conflict
from engine.model.lists import Walk, WorkFilter
from engine.model.task import Task
from engine.store import work_lists
from engine.store.transaction import Tx
from engine.store.work_lists import Scope

LOOKED_AT = 25


def take_next_task(tx: Tx, *, queue: str | None = None) -> Task | None:
    """Claim the earliest due free task of the actor's queues, or of `queue`; None where there is none.

    Tasks that somebody holds, that are suspended, or from which the actor is excluded are passed over.
    """
    require_signed_in(tx)
    require_back_office(tx)
    own = [key for key, _ in work_lists.queues_of(tx)]
    queues = tuple(key for key in ("", *own) if queue is None or key == queue)
    for item in work_lists.page(tx, Scope(queues=queues, takeable=True), WorkFilter(), Walk(size=LOOKED_AT)).rows:
        if may_perform(tx.actor, item.task):
            try:
                return claim_task(tx, item.task.id)
            except Conflict:  # somebody took it since the list was read
                continue
    return None
