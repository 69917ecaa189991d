"""What the task page and the case file both show of a case: clocks explained, what was written, who is who."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from engine.model.archive import ArchivedCase, ArchiveEvent
from engine.model.audit import AuditEvent
from engine.model.case import Attachment, Case, CaseMessage, ClockRow, Comment
from engine.model.clock import Clock, ClockState
from engine.model.clock_rows import clock_from_plain
from engine.model.clock_words import explain, remaining_words
from engine.model.decision import Decision, SpecialMode
from engine.model.errors import Message, NotFound
from engine.model.zones import local_day
from engine.store import rows, settings
from engine.store.staff import staff_of
from engine.store.transaction import Tx

_CLOCK_ORDER = {"statutory": 0, "contract": 1, "special_mode": 2}
REFERENCE = "message:"


@dataclass(frozen=True, slots=True)
class ClockView:
    """A clock with the sentence that explains its due, and what is left of it; `last_day` is local to `zone`."""

    key: str
    kind: str
    state: str
    started_at: datetime
    due_at: datetime
    last_day: date
    zone: str
    explanation: Message
    remaining: Message
    stopped_at: datetime | None

    @property
    def runs(self) -> bool:
        """Whether its time still counts."""
        return self.state in (ClockState.RUNNING, ClockState.BREACHED)


@dataclass(frozen=True, slots=True)
class Written:
    """A comment, message or file with the name of whoever added it."""

    entry: Comment | CaseMessage | Attachment
    author: str


def visible_case(tx: Tx, number: str) -> Case:
    """The case with this number, if the actor may see it; raises NotFound."""
    found = rows.first(tx, Case, number=number.strip().upper()) if tx.actor.sees_cases else None
    if found is None:
        if tx.actor.sees_cases:
            refuse_archived(tx, number)
        raise NotFound("case_not_found", "There is no case {number} that you may see.", number=number)
    return found


def refuse_archived(tx: Tx, number: str) -> None:
    """Raise NotFound with when the case was archived, where it lies and who can bring it back, if it was."""
    found = rows.first(tx, ArchivedCase, number=number.strip().upper())
    if found is None:
        return
    event = rows.get(tx, ArchiveEvent, found.archive_id)
    raise NotFound(
        "case_archived",
        "Case {number} was archived on {day}, in the file {file}. "
        "An administrator can bring it back with “makegood archive --bring-back {number}”.",
        number=found.number,
        day=local_day(event.at, settings.zone(tx)),
        file=event.file,
    )


def clocks_of(tx: Tx, case_id: str) -> list[ClockView]:
    """The case's clocks, the statutory one first."""
    found = [clock_from_plain(row.data) for row in rows.find(tx, ClockRow, case_id=case_id, order_by="id")]
    return [_view(clock, tx.now) for clock in sorted(found, key=lambda clock: _CLOCK_ORDER.get(clock.key, 9))]


def _view(clock: Clock, now: datetime) -> ClockView:
    return ClockView(
        key=clock.key,
        kind=clock.kind,
        state=clock.state,
        started_at=clock.started,
        due_at=clock.due.instant,
        last_day=clock.due.day,
        zone=clock.due.zone,
        explanation=explain(clock),
        remaining=remaining_words(clock, now),
        stopped_at=clock.stopped,
    )


def names_of(tx: Tx, ids: Iterable[str | None]) -> dict[str, str]:
    """Names of people by id."""
    staff = staff_of(tx).people
    return {each: staff[each].name for each in ids if each and each in staff}


def description_of(tx: Tx, case_id: str) -> str:
    """The complaint in the customer's own words."""
    found = rows.first(tx, CaseMessage, case_id=case_id, kind="description", order_by="id")
    return found.body if found is not None else ""


def comments_of(tx: Tx, case_id: str, *, limit: int = 200) -> list[Written]:
    """The case's comments, the newest first."""
    found = rows.find(tx, Comment, case_id=case_id, order_by="id DESC", limit=limit)
    names = names_of(tx, (comment.author_id for comment in found))
    return [Written(comment, names.get(comment.author_id, "")) for comment in found]


def attachments_of(tx: Tx, case_id: str) -> list[Written]:
    """The case's files, the newest first."""
    found = rows.find(tx, Attachment, case_id=case_id, erased_at=None, order_by="id DESC", limit=200)
    names = names_of(tx, (each.author_id for each in found))
    return [Written(each, names.get(each.author_id or "", "")) for each in found]


def messages_of(tx: Tx, case_id: str, *, kinds: Sequence[str], limit: int = 200) -> list[Written]:
    """The case's messages of some kinds, the newest first."""
    found = rows.find(tx, CaseMessage, case_id=case_id, kind=tuple(kinds), order_by="id DESC", limit=limit)
    names = names_of(tx, (message.author_id for message in found))
    return [Written(message, names.get(message.author_id or "", "")) for message in found]


def decisions_of(tx: Tx, case_id: str) -> list[Decision]:
    """The case's decisions with the texts of their reasons, the one in force first."""
    found = rows.find(tx, Decision, case_id=case_id, order_by="in_force DESC, decided_at DESC")
    texts = with_texts(tx, {decision.id: decision.reasons for decision in found})
    return [replace(decision, reasons=str(texts[decision.id])) for decision in found]


def special_modes_of(tx: Tx, case_id: str) -> list[SpecialMode]:
    """The case's requests for special mode, the newest first."""
    return rows.find(tx, SpecialMode, case_id=case_id, order_by="asked_at DESC, id DESC")


def with_texts(tx: Tx, values: Mapping[str, object]) -> dict[str, object]:
    """Values with the texts that stand behind references to messages."""
    keys = [str(value).removeprefix(REFERENCE) for value in values.values() if _is_reference(value)]
    texts = {row.id: row.body for row in rows.find(tx, CaseMessage, id=tuple(keys))}
    return {
        name: texts.get(str(value).removeprefix(REFERENCE), "") if _is_reference(value) else value
        for name, value in values.items()
    }


def events_with_texts(tx: Tx, events: Sequence[AuditEvent]) -> list[AuditEvent]:
    """The events with the reasons that people gave; the trail itself holds only the keys of their texts."""
    keys = {
        str(value).removeprefix(REFERENCE) for each in events for value in each.data.values() if _is_reference(value)
    }
    texts = {row.id: row.body for row in rows.find(tx, CaseMessage, id=tuple(keys))}
    return [
        replace(each, data={name: _said(value, texts) for name, value in each.data.items()})
        if any(_is_reference(value) for value in each.data.values())
        else each
        for each in events
    ]


def _said(value: object, texts: Mapping[str, str]) -> object:
    return texts.get(str(value).removeprefix(REFERENCE), "") if _is_reference(value) else value


def _is_reference(value: object) -> bool:
    return isinstance(value, str) and value.startswith(REFERENCE)
