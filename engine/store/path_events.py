"""Every step leaves a row of the elements that it completed, from which the case page draws the instance's path."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from engine.model.running import PathEvent
from engine.store import rows
from engine.store.transaction import Tx

_ADD = "INSERT INTO path_event (id, instance_id, element_id, how, at) VALUES (?, ?, ?, 'completed', ?)"


def append(tx: Tx, instance_id: str, elements: Sequence[str]) -> None:
    """Keep the completed elements of a step, in their order."""
    if elements:
        tx.connection.send(_ADD, (tx.new_id(), instance_id, _lines(elements), tx.at))


def rename(tx: Tx, instance_id: str, renamed: Mapping[str, str]) -> None:
    """Let the path of an instance carry other names of elements."""
    for passed in rows.find(tx, PathEvent, instance_id=instance_id):
        now = _lines(renamed.get(element, element) for element in passed.elements)
        if now != passed.element_id:
            rows.change_where(tx, PathEvent, {"element_id": now}, instance_id=instance_id, id=passed.id)


def _lines(elements: Iterable[str]) -> str:
    return "\n".join(elements)
