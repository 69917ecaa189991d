"""A task is found by words of its case, and by any part of its own name."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from engine.model.lists import Walk
from engine.store import rows, search
from engine.store.task_legs import OPEN, of_cases, ordered
from engine.store.transaction import Tx

_MOST_CASES = 500
_MOST_NAMES = 10
"""So many names are read each by its index; tasks that have one of more names are so many that some are met soon."""
_ELSEWHERE = "task.case_id NOT IN (SELECT value FROM json_each(:cases))"
_NAMED = "task.name IN (SELECT value FROM json_each(:named))"
# from name to name in the index, whatever the number of tasks
_NAMES = f"""
WITH RECURSIVE named(name) AS (
  SELECT min(task.name) FROM task WHERE {OPEN}
  UNION ALL SELECT (SELECT min(task.name) FROM task WHERE {OPEN} AND task.name > named.name)
  FROM named WHERE named.name IS NOT NULL)
SELECT name FROM named WHERE name IS NOT NULL"""
_NAMES_OF_OWNERS = (
    f"SELECT DISTINCT task.name FROM task WHERE task.owner_id IN (SELECT value FROM json_each(:owners)) AND {OPEN}"
)
_NAMES_OF_CASE = "SELECT DISTINCT task.name FROM task WHERE task.case_id = :case"


@dataclass(frozen=True, slots=True)
class Hits:
    """The newest cases that have all words of a text, and the names of tasks that hold the text as it is written."""

    cases: Sequence[str]
    names: Sequence[str]

    @property
    def params(self) -> dict[str, object]:
        """The values for the places that `legs` names."""
        each = {f"named{number}": name for number, name in enumerate(self.names[:_MOST_NAMES])}
        return {"cases": json.dumps(self.cases), "named": json.dumps(self.names), **each}

    def legs(self, where: str, halves: Sequence[str], walk: Walk) -> Iterator[str]:
        """Give the legs of tasks that meet a condition and one of `halves`, and are of these cases or have these names."""
        whole = " OR ".join(halves)
        yield of_cases(f"{where} AND ({whole})", walk)
        if len(self.names) > _MOST_NAMES:
            for half in halves:
                yield from ordered(f"{where} AND {half} AND {_NAMED} AND {_ELSEWHERE}", walk)
            return
        for number, _name in enumerate(self.names):
            yield from ordered(f"{where} AND ({whole}) AND task.name = :named{number} AND {_ELSEWHERE}", walk)


def hits(tx: Tx, text: str, *, owners: Sequence[str] = (), in_queues: bool = False, case_id: str | None = None) -> Hits:
    """Look for the text among all cases, and among the names of tasks: of owners' open ones, of all open ones, of one case's."""
    names: set[str] = set()
    if in_queues:
        names |= _having(text, rows.fetch(tx, _NAMES))
    if owners:
        names |= _having(text, rows.fetch(tx, _NAMES_OF_OWNERS, {"owners": json.dumps(owners)}))
    if case_id is not None:
        names |= _having(text, rows.fetch(tx, _NAMES_OF_CASE, {"case": case_id}))
    return Hits(search.matching(tx, text, limit=_MOST_CASES), sorted(names))


def _having(text: str, found: Iterable[Sequence[str]]) -> set[str]:
    """Compared here, where capital letters of every language have small ones, whatever the database knows."""
    return {row[0] for row in found if text.casefold() in row[0].casefold()}
