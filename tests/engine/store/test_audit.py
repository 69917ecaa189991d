"""The chain shows whatever was altered, lost or slipped in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from engine.model.errors import NotFound
from engine.model.people import SYSTEM
from engine.store import audit, rows
from engine.store.transaction import Store, Tx, savepoint
from tests.engine.conftest import add_case, undone

TAMPERINGS = (
    "UPDATE audit_event SET data = '{{\"amount\":1}}' WHERE sequence = {n}",
    "UPDATE audit_event SET kind = 'forged' WHERE sequence = {n}",
    "UPDATE audit_event SET actor_id = 'somebody' WHERE sequence = {n}",
    "UPDATE audit_event SET on_behalf_of = 'somebody' WHERE sequence = {n}",
    "UPDATE audit_event SET at = at + 1 WHERE sequence = {n}",
    "UPDATE audit_event SET hash = 'x' WHERE sequence = {n}",
    "UPDATE audit_event SET previous_hash = 'x' WHERE sequence = {n}",
    "UPDATE audit_event SET sequence = sequence + 100 WHERE sequence = {n}",
    "DELETE FROM audit_event WHERE sequence = {n}",
    "DELETE FROM audit_event WHERE sequence >= {n}",
)


def write_chain(tx: Tx) -> str:
    case = add_case(tx)
    audit.append(tx, case.id, "registered", {"amount": Decimal("1.50"), "ratio": 0.25, "at": tx.now, "lines": (1, 2)})
    audit.append_many(tx, case.id, [("classified", {"category": "loans"}), ("assigned", {"to": "anna"})])
    audit.append(tx, case.id, "decided", {}, on_behalf_of="ben")
    return case.id


def test_an_untouched_chain_verifies(tx: Tx) -> None:
    case_id = write_chain(tx)
    assert audit.verify(tx) == []
    assert audit.verify(tx, case_id) == []
    assert [event.sequence for event in audit.events_of(tx, case_id)] == [1, 2, 3, 4]
    assert audit.events_of(tx, case_id)[3].on_behalf_of == "ben"


def test_the_chain_verifies_whatever_zone_its_times_were_written_in(tx: Tx) -> None:
    case = add_case(tx)
    warsaw = datetime(2026, 3, 2, 10, 0, tzinfo=timezone(timedelta(hours=1)))
    audit.append(tx, case.id, "registered", {"posted": warsaw})
    assert audit.verify(tx) == []


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(tampering=st.sampled_from(TAMPERINGS), event=st.integers(1, 4))
def test_any_tampering_is_found(store: Store, tampering: str, event: int) -> None:
    with undone(store.begin(SYSTEM)) as tx:
        case_id = write_chain(tx)
        tx.connection.execute(tampering.format(n=event))
        faults = audit.verify(tx)
        assert [fault.case_id for fault in faults] == [case_id]
        assert str(faults[0].message).endswith((".", "there."))


def test_an_event_that_was_undone_leaves_no_gap(tx: Tx) -> None:
    case = add_case(tx)
    audit.append(tx, case.id, "registered", {})
    with undone(savepoint(tx)):
        audit.append(tx, case.id, "decided", {})
    audit.append(tx, case.id, "classified", {})
    assert [event.kind for event in audit.events_of(tx, case.id)] == ["registered", "classified"]
    assert audit.verify(tx) == []


def test_a_case_that_is_not_there_has_no_chain(tx: Tx) -> None:
    with pytest.raises(NotFound):
        audit.append(tx, "none", "registered", {})
    assert rows.fetch(tx, "SELECT 1 FROM audit_event") == []
    assert tx.now.tzinfo is UTC
