"""A link's hash is taken over one canonical text of what the event says."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from engine.model.audit import AuditEvent, link_hash
from engine.model.values import canonical_json
from engine.model.zones import to_microseconds

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)
NAMES = st.none() | TEXTS


@given(
    kind=TEXTS,
    actor=NAMES,
    behalf=NAMES,
    at=st.datetimes(timezones=st.just(UTC)),
    data=st.dictionaries(TEXTS, NAMES | st.integers() | st.booleans() | st.decimals(allow_nan=False) | st.lists(TEXTS)),
)
def test_the_text_under_a_hash_is_canonical_json(
    kind: str, actor: str | None, behalf: str | None, at: datetime, data: dict[str, object]
) -> None:
    event = AuditEvent(
        id="i", case_id="c", sequence=7, kind=kind, actor_id=actor, on_behalf_of=behalf, data=data, at=at,
        previous_hash="before",
    )  # fmt: skip
    told = canonical_json(
        {
            "case": "c",
            "sequence": 7,
            "kind": kind,
            "actor": actor,
            "for": behalf,
            "at": to_microseconds(at),
            "data": data,
        }
    )
    assert link_hash(event) == hashlib.sha256(f"before{told}".encode()).hexdigest()
