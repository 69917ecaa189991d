"""Every case has a chain of audit events: each holds the hash of the one before, and the case row holds the head."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.model.audit import AuditEvent, hash_of_link, link_hash
from engine.model.case import Case
from engine.model.errors import Message, NotFound
from engine.model.values import canonical_json
from engine.store import rows
from engine.store.known_rows import Part
from engine.store.transaction import Tx

_ADD = (
    "INSERT INTO audit_event (id, case_id, sequence, kind, actor_id, on_behalf_of, data, at, previous_hash, hash) "
    "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
)
Told = tuple[str, Mapping[str, object]]


@dataclass(frozen=True, slots=True)
class ChainFault:
    """Where a chain does not hold, and how."""

    case_id: str
    sequence: int
    message: Message


def append(tx: Tx, case_id: str, kind: str, data: Mapping[str, object], *, on_behalf_of: str | None = None) -> None:
    """Add one event to the case's chain; `data` holds codes, keys and figures, never personal values."""
    append_many(tx, case_id, [(kind, data)], on_behalf_of=on_behalf_of)


def append_many(
    tx: Tx,
    case_id: str,
    events: Iterable[Told],
    *,
    on_behalf_of: str | None = None,
    changes: Mapping[str, object] | None = None,
) -> None:
    """Add events to the case's chain in order, and move its head; columns of the case change with it."""
    sequence, previous = _head(tx, case_id)
    actor, at = tx.actor.person_id, tx.at
    links: list[tuple[object, ...]] = []
    for kind, data in events:
        sequence += 1
        link = (tx.new_id(), case_id, sequence, kind, actor, on_behalf_of, canonical_json(data), at, previous)
        previous = hash_of_link(link)
        links.append((*link, previous))
    tx.connection.executemany(_ADD, links)
    rows.update(tx, Case, case_id, audit_sequence=sequence, audit_hash=previous, **(changes or {}))


def _head(tx: Tx, case_id: str) -> tuple[int, str]:
    """Number and hash of the case's last event; of a job that fails, nobody may hold the case yet."""
    held = tx.loaded.get((Case, case_id))
    if type(held) is Part:
        return held.fields["audit_sequence"], held.fields["audit_hash"]
    if not tx.connection.row_lock and rows.is_known(tx, Case, case_id):
        return rows.known_field(tx, Case, case_id, "audit_sequence"), rows.known_field(tx, Case, case_id, "audit_hash")
    case = rows.maybe(tx, Case, case_id, lock=True)
    if case is None:
        raise NotFound("case_not_there", "There is no case {case}.", case=case_id)
    return case.audit_sequence, case.audit_hash


def events_of(tx: Tx, case_id: str) -> list[AuditEvent]:
    """Give the case's events, oldest first."""
    return rows.find(tx, AuditEvent, case_id=case_id, order_by="sequence")


def verify(tx: Tx, case_id: str | None = None) -> list[ChainFault]:
    """Recompute the chain of one case, or of all; an empty list says that nothing was altered, lost or slipped in."""
    condition, params = ("", ()) if case_id is None else (" WHERE id = ?", (case_id,))
    heads = tx.connection.rows(f"SELECT id, audit_sequence, audit_hash FROM case_file{condition} ORDER BY id", params)
    faults: list[ChainFault] = []
    for found, sequence, head in heads:
        events = events_of(tx, found)
        fault = _broken_link(events) or _wrong_head(found, events, (sequence, head))
        if fault is not None:
            faults.append(fault)
    return faults


def _broken_link(events: Sequence[AuditEvent]) -> ChainFault | None:
    previous = ""
    for place, event in enumerate(events, start=1):
        if event.sequence != place:
            text = "Event {sequence} of the case is missing."
            return ChainFault(event.case_id, place, Message("audit_gap", text, {"sequence": place}))
        if event.previous_hash != previous or link_hash(event) != event.hash:
            text = "Event {sequence} of the case was altered after it was written."
            return ChainFault(event.case_id, place, Message("audit_altered", text, {"sequence": place}))
        previous = event.hash
    return None


def _wrong_head(case_id: str, events: Sequence[AuditEvent], head: tuple[int, str]) -> ChainFault | None:
    last = (events[-1].sequence, events[-1].hash) if events else (0, "")
    if last == head:
        return None
    text = "The case's last event should be number {expected}, but number {found} is the last one there."
    return ChainFault(case_id, head[0], Message("audit_cut", text, {"expected": head[0], "found": last[0]}))
