"""Audit events of a case form a hash chain; their data are codes, keys and salted digests, never personal values."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from json.encoder import encode_basestring

from engine.model.values import canonical_json
from engine.model.zones import to_microseconds


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
    return hash_of_link(event, canonical_json(event.data), to_microseconds(event.at))


def hash_of_link(event: AuditEvent, data: str, at: int) -> str:
    """Give the same where the canonical text of the data and the time in microseconds are known already."""
    told = (
        f'{{"actor":{_quoted(event.actor_id)},"at":{at},"case":{_quoted(event.case_id)},"data":{data},'
        f'"for":{_quoted(event.on_behalf_of)},"kind":{_quoted(event.kind)},"sequence":{event.sequence}}}'
    )
    return hashlib.sha256(f"{event.previous_hash}{told}".encode()).hexdigest()


def _quoted(text: str | None) -> str:
    return "null" if text is None else encode_basestring(text)
