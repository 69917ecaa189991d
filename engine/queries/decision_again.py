"""A kept decision is made again from what was kept: the same files, inputs and time give the same result (R23)."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from hashlib import sha256

from engine.definitions.catalog import TABLES
from engine.execution.decisions import DecisionResult, compile_decisions, mapped
from engine.model.case import Case, CaseMessage
from engine.model.decision import SpecialMode
from engine.model.errors import Conflict, NotFound
from engine.model.running import DecisionRecordRow, Deployed, Instance
from engine.model.values import canonical_json
from engine.queries.case_parts import visible_case
from engine.store import rows
from engine.store.transaction import Tx

_DEEPEST = 100


@dataclass(frozen=True, slots=True)
class Again:
    """A record and what its tables give today; `same` says that result and rules are those that were kept."""

    record: DecisionRecordRow
    case_number: str
    result: DecisionResult
    same: bool


def decided_again(tx: Tx, record_id: str) -> Again:
    """Decide again what a record says; raises NotFound, and Conflict where what it was told is there no more."""
    record = rows.maybe(tx, DecisionRecordRow, record_id)
    if record is None:
        raise NotFound("record_not_found", "There is no record of a decision “{id}”.", id=record_id)
    case = visible_case(tx, rows.get(tx, Case, record.case_id).number)
    deployed = tx.catalog.by_digest(record.digest)
    if deployed is None:
        raise Conflict(
            "record_without_files",
            "The files that decided “{decision}” are not there any more.",
            decision=record.decision,
        )
    inputs = {name: _told(tx, case, record, name, value) for name, value in record.inputs.items()}
    result = _decided(deployed, record, inputs)
    return Again(record, case.number, result, _is_same(record, result))


def _decided(deployed: Deployed, record: DecisionRecordRow, inputs: Mapping[str, object]) -> DecisionResult:
    for name in sorted(deployed.files):
        if name.endswith(TABLES):
            tables = compile_decisions(deployed.files[name], name, beside=deployed.files)
            if record.decision in tables.ids:
                return tables.evaluate(record.decision, inputs, strict=True, now=record.at)
    raise NotFound("decision_not_there", "The files have no decision “{decision}” any more.", decision=record.decision)


def _is_same(record: DecisionRecordRow, result: DecisionResult) -> bool:
    """Whether the record tells what was decided now, in one of the forms in which a process takes a result over."""
    kept = canonical_json(record.result)
    single = len(result.entries) == 1
    forms = [result.value, [dict(entry) for entry in result.entries], dict(result.entries[0]) if single else None]
    forms += [mapped(result, "collectEntries")] if all(len(entry) == 1 for entry in result.entries) else []
    fired = canonical_json([dict(rule) for rule in result.fired]) == canonical_json(list(record.fired))
    return fired and any(canonical_json(form) == kept for form in forms)


# ---- personal inputs, which a record names and does not keep


def _told(tx: Tx, case: Case, record: DecisionRecordRow, name: str, value: object) -> object:
    if not (isinstance(value, Mapping) and set(value) == {"of", "case", "digest"}):
        return value
    for found in _candidates(tx, case, record.instance_id, name):
        if sha256(f"{case.id}:{name}:{canonical_json(found)}".encode()).hexdigest() == value["digest"]:
            return found
    raise Conflict(
        "record_input_gone",
        "“{name}” of case {number} was changed or erased since; the record has its digest alone.",
        name=name,
        number=case.number,
    )


def _candidates(tx: Tx, case: Case, instance_id: str, name: str) -> Iterator[object]:
    """Wherever the desk keeps texts of a case."""
    if name in case.facts:
        yield case.facts[name]
    yield case.subject
    for message in rows.find(tx, CaseMessage, case_id=case.id, order_by="id"):
        yield from (message.body, message.subject)
    for mode in rows.find(tx, SpecialMode, case_id=case.id, order_by="id"):
        yield from (mode.reason, mode.decision_reason)
    instance = rows.maybe(tx, Instance, instance_id)
    if instance is not None:
        yield from _texts(json.loads(instance.state), 0)


def _texts(value: object, depth: int) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif depth < _DEEPEST and isinstance(value, Mapping | list | tuple):
        for inner in value.values() if isinstance(value, Mapping) else value:
            yield from _texts(inner, depth + 1)
