"""Every element that an instance went through leaves a row, from which the case page draws its path."""

from __future__ import annotations

from collections.abc import Sequence

from engine.store.transaction import Tx

_ADD = "INSERT INTO path_event (id, instance_id, element_id, how, at) VALUES (?, ?, ?, 'completed', ?)"


def append(tx: Tx, instance_id: str, elements: Sequence[str]) -> None:
    """Keep the completed elements of a step, in their order."""
    if elements:
        new_id, at = tx.new_id, tx.at
        tx.connection.executemany(_ADD, [(new_id(), instance_id, element, at) for element in elements])
