"""What was archived keeps its number, its trail's head and the file it lies in; every archiving is a link of one chain."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from engine.model.values import canonical_json
from engine.model.zones import to_microseconds


class ArchiveKind(StrEnum):
    """What was done."""

    ARCHIVED = "archived"
    BROUGHT_BACK = "brought_back"


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchiveEvent:
    """One archiving of `cases` cases closed before a day, or the return of one case from `file`, whose digest is kept."""

    id: str
    sequence: int
    kind: ArchiveKind
    file: str
    digest: str
    cases: int
    before_on: date | None = None
    number: str | None = None
    actor_id: str | None = None
    at: datetime
    previous_hash: str = ""
    hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedCase:
    """A case that is not here now: nothing personal, only what keeps its number taken and its trail sealed."""

    id: str
    number: str
    source: str | None = None
    reference: str | None = None
    archive_id: str
    audit_sequence: int
    audit_hash: str


def archive_hash(event: ArchiveEvent) -> str:
    """Give the SHA-256 in hex over the previous hash and the canonical text of what the event says."""
    told = canonical_json(
        {
            "id": event.id,
            "sequence": event.sequence,
            "kind": str(event.kind),
            "file": event.file,
            "digest": event.digest,
            "cases": event.cases,
            "before": event.before_on.isoformat() if event.before_on else None,
            "number": event.number,
            "actor": event.actor_id,
            "at": to_microseconds(event.at),
        }
    )
    return hashlib.sha256(f"{event.previous_hash}{told}".encode()).hexdigest()
