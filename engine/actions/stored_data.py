"""Data stores belong to the processes deployed under one key: every instance, of any version, reads what was kept last."""

from __future__ import annotations

from collections.abc import Mapping

from engine.actions.case_record import CaseRecord
from engine.actions.permission import require_case
from engine.execution.compiler import ProgramCode
from engine.execution.form_rules import Layers
from engine.execution.runtime import DataStored
from engine.model.running import StoredData
from engine.store import rows


def facts_of_step(record: CaseRecord, program: ProgramCode, deployment_id: str) -> Mapping[str, object]:
    """What a step of an instance may read besides its variables: what its data stores hold, then the case's facts."""
    if not program.stores:
        return record.facts
    require_case(record.tx, record.case)
    key = record.tx.catalog.by_id(deployment_id).key
    return Layers({row.name: row.value for row in rows.find(record.tx, StoredData, key=key)}, record.facts)


def keep_stored(record: CaseRecord, key: str, stored: DataStored) -> None:
    """Keep a data store's new value."""
    require_case(record.tx, record.case)
    tx = record.tx
    tx.connection.hold(f"data store {key}")
    known = rows.first(tx, StoredData, key=key, name=stored.name)
    if known is not None:
        rows.update(tx, StoredData, known.id, value=stored.value, written_at=tx.now)
        return
    rows.insert(tx, StoredData(id=tx.new_id(), key=key, name=stored.name, value=stored.value, written_at=tx.now))
