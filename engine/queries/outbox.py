"""Letters that left or wait to leave, the newest first; what they say is read only by those who work on cases."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from engine.model.case import Case, CaseMessage
from engine.model.errors import Forbidden
from engine.model.lists import Listed, Place, listed
from engine.model.people import Role
from engine.model.running import Job
from engine.model.zones import to_microseconds
from engine.queries.addresses import as_seen_by
from engine.store import rows
from engine.store.transaction import Tx

STATES = ("queued", "sent", "dropped")
READERS = (Role.LEAD, Role.MANAGER, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class LetterLine:
    """A letter with its case; `job` is what hands it over, while it has not. Its text is empty for those who see no cases."""

    message: CaseMessage
    case_number: str
    job: Job | None

    @property
    def state(self) -> str:
        """`sent`, `failed` where the job gave up, else `queued`."""
        if self.message.state == "queued" and self.job is not None and self.job.state == "failed":
            return "failed"
        return self.message.state


def outbox(tx: Tx, state: str = "", place: Place | None = None, *, size: int = 30) -> Listed[LetterLine]:
    """One page of the outgoing letters, all or those in a state."""
    _require_reader(tx)
    back = place is not None and place.back
    params: dict[str, object] = {"size": size + 1}
    where = ["direction = 'out'"]
    if state:
        where.append("state = :state")
        params["state"] = state
    if place is not None:
        where.append(f"id {'>' if back else '<'} :id")
        params["id"] = place.id
    condition = f"{' AND '.join(where)} ORDER BY id {'ASC' if back else 'DESC'} LIMIT :size"
    found = _lines(tx, rows.select(tx, CaseMessage, condition, params))
    keyed = [(line, to_microseconds(line.message.created_at), line.message.id) for line in found]
    return listed(keyed, place, size)


def _require_reader(tx: Tx) -> None:
    if not tx.actor.is_system and not tx.actor.has(*READERS):
        raise Forbidden("not_an_operator", "Only administrators and managers look at incidents, jobs and letters.")


def _lines(tx: Tx, found: Sequence[CaseMessage]) -> list[LetterLine]:
    ids = tuple({message.case_id for message in found})
    cases = {case.id: case.number for case in rows.find(tx, Case, id=ids)}
    waiting = tuple({message.case_id for message in found if message.state == "queued"})
    jobs = {str(job.args.get("message")): job for job in rows.find(tx, Job, name="send_letter", case_id=waiting)}
    return [LetterLine(_shown(tx, each), cases.get(each.case_id, ""), _seen(tx, jobs.get(each.id))) for each in found]


def _seen(tx: Tx, job: Job | None) -> Job | None:
    return None if job is None else replace(job, last_error=as_seen_by(tx.actor, job.last_error))


def _shown(tx: Tx, message: CaseMessage) -> CaseMessage:
    """The whole letter for those who see cases, else only that it is there."""
    if tx.actor.sees_cases:
        return message
    return CaseMessage(
        id=message.id,
        case_id=message.case_id,
        kind=message.kind,
        direction=message.direction,
        channel=message.channel,
        letter=message.letter,
        state=message.state,
        created_at=message.created_at,
        sent_at=message.sent_at,
    )
