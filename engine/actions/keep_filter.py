"""A filter is kept under a name for oneself, and by whoever leads a queue for its people too."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.actions.permission import require_back_office, require_role, require_signed_in
from engine.model.errors import Conflict, FieldError, Forbidden, Invalid, Message, NotFound
from engine.model.people import Queue, Role
from engine.model.saved_filter import LONGEST_NAME, MOST, KeptList, SavedFilter, answers_of, narrows
from engine.store import rows
from engine.store.transaction import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class NewFilter:
    """What to keep; `given` is what the list's address says, `queue` is empty for oneself."""

    kept_list: KeptList
    name: str
    given: Mapping[str, str]
    queue: str = ""


def keep_filter(tx: Tx, new: NewFilter) -> SavedFilter:
    """Keep a filter of the actor.

    Raises Invalid for a name that is missing, too long or taken, or where nothing is filtered; Forbidden for a list or
    a queue that is not the actor's to lead; Conflict where there are too many.
    """
    require_back_office(tx)
    if new.kept_list is KeptList.TASKS:
        require_role(tx, Role.LEAD, Role.MANAGER)
    person_id = require_signed_in(tx)
    name, answers = " ".join(new.name.split()), answers_of(new.kept_list, new.given)
    own = rows.find(tx, SavedFilter, person_id=person_id)
    taken = any(each.name == name and each.kept_list is new.kept_list for each in own)
    fault = _fault_of_name(name, taken=taken) or (None if narrows(answers) else _NOTHING)
    if fault is not None:
        raise Invalid("filter_invalid", "The filter was not saved.", fields=[FieldError("name", fault)])
    if len(own) >= MOST:
        raise Conflict("filters_many", "You have {limit} saved filters. Remove one that you do not need.", limit=MOST)
    if new.queue:
        _require_own_queue(tx, new.queue)
    kept = SavedFilter(
        id=tx.new_id(),
        person_id=person_id,
        kept_list=new.kept_list,
        name=name,
        answers=answers,
        queue_key=new.queue or None,
        created_at=tx.now,
    )
    rows.insert(tx, kept)
    return kept


_NOTHING = Message("filter_empty", "Nothing is filtered yet. Choose what to show first, then save it.")


def _fault_of_name(name: str, *, taken: bool) -> Message | None:
    if not name:
        return Message("filter_name_needed", "Give the filter a name.")
    if len(name) > LONGEST_NAME:
        return Message("filter_name_long", "The name may have {limit} characters at most.", {"limit": LONGEST_NAME})
    text = "You have a filter “{name}” already. Choose another name, or remove that one first."
    return Message("filter_name_taken", text, {"name": name}) if taken else None


def remove_filter(tx: Tx, filter_id: str) -> SavedFilter:
    """Remove a filter of the actor, or one that is shared with a queue that the actor leads; raise NotFound."""
    require_back_office(tx)
    kept = rows.maybe(tx, SavedFilter, filter_id)
    if kept is None or not (kept.person_id == require_signed_in(tx) or _leads(tx, kept.queue_key)):
        raise NotFound("filter_unknown", "There is no such saved filter of yours.")
    rows.delete(tx, SavedFilter, id=kept.id)
    return kept


def _leads(tx: Tx, queue: str | None) -> bool:
    return bool(queue) and (queue in tx.actor.leads or tx.actor.has(Role.MANAGER))


def _require_own_queue(tx: Tx, queue: str) -> None:
    if rows.maybe(tx, Queue, queue) is None or not _leads(tx, queue):
        raise Forbidden("queue_not_led", "Only the lead of a queue or a manager shares a filter with it.")
