"""What hardly ever changes is read once per change, not once per step: one version in the database says whether it did.

Every write to people, their roles, queues, levels, absences and tokens, and to settings, gives the house a new version
in the same transaction; what was made under an older one is made anew. Versions are ids, so one that was undone never returns.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar, cast

from engine.store.transaction import Tx

Made = TypeVar("Made")
VERSION = "house.version"
READ = f"SELECT value FROM setting WHERE key = '{VERSION}'"
_MARK = (
    f"INSERT INTO setting (key, value) VALUES ('{VERSION}', ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
)


def mark_changed(tx: Tx) -> None:
    """Say that people or settings change in this transaction."""
    version = tx.new_id()
    tx.connection.send(_MARK, (version,))
    tx.noted[VERSION] = version


def version_of(tx: Tx) -> str:
    """Give the version that this transaction sees; empty where nothing was ever written."""
    found = tx.noted.get(VERSION)
    if found is None:
        row = tx.connection.row(READ)
        found = tx.noted[VERSION] = row[0] if row is not None else ""
    return found


def kept(tx: Tx, name: str, make: Callable[[Tx], Made]) -> Made:
    """Give what `make` read under the present version; without any version it is read each time."""
    version = version_of(tx)
    found = tx.house.get(name)
    if found is not None and version and found[0] == version:
        return cast("Made", found[1])  # only this function fills it, by the same name
    made = make(tx)
    tx.house[name] = (version, made)
    return made
