"""Cases are listed by the time of opening or by their earliest running due, page by page."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from engine.model.case import Case, CaseStatus
from engine.model.lists import LAST, CaseFilter, Listed, Walk, listed
from engine.model.zones import from_microseconds
from engine.store import rows, search
from engine.store.shapes import shape_of
from engine.store.transaction import Tx

_DUE = """(SELECT min(clock.due_at) FROM clock WHERE clock.case_id = case_file.id
  AND clock.state IN ('running','breached'))"""
KEYS = {"opened": "case_file.opened_at", "due": f"coalesce({_DUE}, {LAST})", "priority": "case_file.priority"}
_PAGE = """
SELECT {columns}, picked.k, customer.name, clock.due_at, clock.started_at, clock.key,
  (SELECT group_concat(DISTINCT person.name) FROM task JOIN person ON person.id = task.owner_id
   WHERE task.case_id = case_file.id AND task.state IN ('ready','reserved','in_progress','suspended','created'))
FROM (SELECT * FROM ({legs}) AS legs ORDER BY k {direction}, id {direction} LIMIT :size) picked
JOIN case_file ON case_file.id = picked.id
LEFT JOIN customer ON customer.id = case_file.customer_id
LEFT JOIN clock ON clock.id = (SELECT c.id FROM clock c WHERE c.case_id = case_file.id
  AND c.state IN ('running','breached') ORDER BY c.due_at LIMIT 1)
ORDER BY picked.k {direction}, picked.id {direction}"""

# one leg for each status: the index begins with it; what words have found is looked up instead of read past
_MOST = 500
_ALL = "case_file"
_FOUND = "(SELECT value FROM json_each(:found)) AS found CROSS JOIN case_file"
_LEG = """SELECT * FROM (SELECT case_file.id AS id, {key} AS k FROM {source} WHERE {where}
  ORDER BY {key} {direction}, case_file.id {direction} LIMIT :size) AS leg"""


@dataclass(frozen=True, slots=True)
class CaseLine:
    """One line of a case list; due, start and key are of the running clock that ends first."""

    case: Case
    customer: str
    due_at: datetime | None
    started_at: datetime | None
    clock: str
    owners: Sequence[str]


def page(tx: Tx, wanted: CaseFilter, walk: Walk) -> Listed[CaseLine]:
    """One page of cases."""
    params: dict[str, object] = {"now": tx.now, "size": walk.size + 1}
    conditions = _conditions(tx, wanted, params)
    key = KEYS[walk.order.by]
    if walk.place is not None:
        params |= {"after_key": walk.place.key, "after_id": walk.place.id}
        conditions.append(f"({key}, case_file.id) {'<' if walk.descending else '>'} (:after_key, :after_id)")
    shape = shape_of(Case)
    direction = "DESC" if walk.descending else "ASC"
    statuses = [f"case_file.status = '{status}'" for status in CaseStatus if wanted.status in ("", status)]
    source = _FOUND if "found" in params else _ALL
    legs = [
        _LEG.format(source=source, key=key, where=" AND ".join([status, *conditions]), direction=direction)
        for status in statuses
    ]
    statement = _PAGE.format(columns=shape.columns, legs=" UNION ALL ".join(legs), direction=direction)
    found = [_line(values, len(shape.names)) for values in rows.fetch(tx, statement, params)]
    return listed([(line, key, line.case.id) for line, key in found], walk.place, walk.size)


def _conditions(tx: Tx, wanted: CaseFilter, params: dict[str, object]) -> list[str]:
    found: list[str] = []
    for name in ("stage", "queue", "category", "customer_id"):
        value = getattr(wanted, name)
        if value:
            found.append(f"case_file.{name} = :{name}")
            params[name] = value
    if wanted.overdue:
        found.append(
            "EXISTS (SELECT 1 FROM clock WHERE clock.case_id = case_file.id AND clock.state IN ('running','breached') "
            "AND clock.due_at <= :now)"
        )
    if wanted.text.strip():
        found.append("case_file.id = found.value")
        params["found"] = json.dumps(_found(tx, wanted.text.strip()))
    return found


def _found(tx: Tx, text: str) -> list[str]:
    """Cases with these words; the number, the tracking code and the customer's own number find theirs at once."""
    exact = rows.fetch(
        tx,
        "SELECT id FROM case_file WHERE number = :text UNION SELECT id FROM case_file WHERE customer_id IN "
        "(SELECT id FROM customer WHERE number = :text OR email = :lower)",
        {"text": text.upper(), "lower": text.lower()},
    )
    return list(dict.fromkeys([*(row[0] for row in exact), *search.matching(tx, text, limit=_MOST)]))


def _line(values: tuple[Any, ...], width: int) -> tuple[CaseLine, int]:
    key, customer, due, started, clock, owners = values[width:]
    line = CaseLine(
        shape_of(Case).decode(values[:width]),
        customer or "",
        from_microseconds(due) if due is not None else None,
        from_microseconds(started) if started is not None else None,
        clock or "",
        str(owners).split(",") if owners else [],
    )
    return line, int(key)


def all_queues(tx: Tx) -> list[tuple[str, str]]:
    """Key and name of every queue."""
    return [(key, name or key) for key, name in rows.fetch(tx, "SELECT key, name FROM queue ORDER BY name, key")]


def open_cases_like(tx: Tx, *, customer_id: str, serial: str) -> list[Case]:
    """Open cases of the same customer, or about the same serial number, the newest first."""
    return rows.select(
        tx,
        Case,
        "status = 'open' AND ((:customer <> '' AND customer_id = :customer) "
        "OR (:serial <> '' AND json_extract(facts, '$.serial') = :serial)) ORDER BY opened_at DESC LIMIT 6",
        {"customer": customer_id, "serial": serial},
    )
