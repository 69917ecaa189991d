"""Audit events of a case form a hash chain; their data are codes, keys and salted digests, never personal values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from json.encoder import encode_basestring

from engine.model.values import canonical_json
from engine.model.zones import to_microseconds

Link = tuple[str, str, int, str, str | None, str | None, str, int, str]
"""An event's columns up to the previous hash; the data as canonical JSON, the time in microseconds."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AuditEvent:
    """One link of a case's chain; `on_behalf_of` is the absent person for whom the actor did it."""

    id: str
    case_id: str
    sequence: int
    kind: str
    actor_id: str | None = None
    on_behalf_of: str | None = None
    data: Mapping[str, object] = field(default_factory=dict[str, object])
    at: datetime
    previous_hash: str = ""
    hash: str = ""


def link_hash(event: AuditEvent) -> str:
    """Give the SHA-256 in hex over the previous hash and the canonical text of what the event says."""
    who = (event.actor_id, event.on_behalf_of)
    told = (canonical_json(event.data), to_microseconds(event.at))
    return hash_of_link((event.id, event.case_id, event.sequence, event.kind, *who, *told, event.previous_hash))


def hash_of_link(link: Link) -> str:
    """Give the same of an event as its columns hold it, but for the hash itself."""
    _, case, sequence, kind, actor, absent, data, at, previous = link
    by, instead = _quoted(actor), _quoted(absent)
    told = (
        f'{{"actor":{by},"at":{at},"case":{encode_basestring(case)},"data":{data},'
        f'"for":{instead},"kind":{encode_basestring(kind)},"sequence":{sequence}}}'
    )
    return hashlib.sha256(f"{previous}{told}".encode()).hexdigest()


def _quoted(text: str | None) -> str:
    return "null" if text is None else encode_basestring(text)
