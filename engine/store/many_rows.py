"""On SQLite a statement for fifty rows costs less than fifty for one: what is run for many rows is put together here."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import lru_cache
from itertools import chain

AT_ONCE = 50
_MOST_PLACES = 19  # of a row: older SQLite takes 999 a statement
_INSERT = re.compile(r"(INSERT INTO [^?]* VALUES )(\([^()]*\))")
_DELETE = re.compile(r"(DELETE FROM \w+ WHERE [\w.]+) = \?")
_UPDATE = re.compile(r"(UPDATE \w+ SET )(\w+ ?= ?\?(?:, \w+ ?= ?\?)*)( WHERE [\w.]+) = \?")

Values = Sequence[object]
Run = Callable[[str, Values], object]


def run_many(run: Run, statement: str, rows: list[Values]) -> list[Values]:
    """Run what can be run for fifty rows at once, in the order of the rows, and give those that are left."""
    put = _put_together(statement)
    done = len(rows) - len(rows) % AT_ONCE if put is not None else 0
    for start in range(0, done, AT_ONCE):
        if put is None or not put(run, rows[start : start + AT_ONCE]):
            return rows[start:]
    return rows[done:]


@lru_cache(maxsize=256)
def _put_together(statement: str) -> Callable[[Run, list[Values]], bool] | None:
    """How fifty rows are run, False where these fifty cannot be; None where the statement is of no kind that is known."""
    if (insert := _INSERT.fullmatch(statement)) and insert[2].count("?") <= _MOST_PLACES:
        return _same_for_all(f"{insert[1]}{_listed(insert[2])}")
    if delete := _DELETE.fullmatch(statement):
        return _same_for_all(f"{delete[1]} IN ({_listed('?')})")
    if (update := _UPDATE.fullmatch(statement)) and update[2].count("?") < _MOST_PLACES:
        return _update(*update.groups())
    return None


def _listed(place: str) -> str:
    return ", ".join([place] * AT_ONCE)


def _same_for_all(text: str) -> Callable[[Run, list[Values]], bool]:
    """One text with the places of all rows."""

    def put(run: Run, rows: list[Values]) -> bool:
        run(text, [*chain.from_iterable(rows)])
        return True

    return put


def _update(change: str, columns: str, where: str) -> Callable[[Run, list[Values]], bool]:
    """The same change of all, or for each its own, where no row is changed twice: then the second has to come later."""
    names = [column.split("=")[0].strip() for column in columns.split(", ")]
    equal = f"{change}{columns}{where} IN ({_listed('?')})"
    row = f"({', '.join(['?'] * (len(names) + 1))})"
    own = ", ".join(f"{name} = many.column{place}" for place, name in enumerate(names, start=1))
    different = f"{change}{own} FROM (VALUES {_listed(row)}) AS many{where} = many.column{len(names) + 1}"

    def put(run: Run, rows: list[Values]) -> bool:
        keys, values = [row[-1] for row in rows], rows[0][:-1]
        if all(row[:-1] == values for row in rows):
            run(equal, [*values, *keys])
        elif len(set(keys)) == AT_ONCE:
            run(different, [*chain.from_iterable(rows)])
        else:
            return False
        return True

    return put
