"""Every element that an instance went through leaves a row, from which the case page draws its path."""

from __future__ import annotations

from collections.abc import Sequence

from engine.model.zones import to_microseconds
from engine.store.transaction import Tx

_ADD = "INSERT INTO path_event (id, instance_id, element_id, how, at) VALUES (?, ?, ?, 'completed', ?)"


def append(tx: Tx, instance_id: str, elements: Sequence[str]) -> None:
    """Keep the completed elements of a step, in their order."""
    if elements:
        at = to_microseconds(tx.now)
        tx.connection.executemany(_ADD, [(tx.new_id(), instance_id, element, at) for element in elements])
