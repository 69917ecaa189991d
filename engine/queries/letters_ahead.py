"""After which user tasks of a process a letter to somebody outside may go out before anything else waits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.model.bpmn import Body, Node, NodeKind, Notify, Process
from engine.model.letter import goes_outside

_PASSES = frozenset(
    {
        NodeKind.EXCLUSIVE,
        NodeKind.PARALLEL,
        NodeKind.INCLUSIVE,
        NodeKind.RULE_TASK,
        NodeKind.SCRIPT_TASK,
        NodeKind.TASK,
        NodeKind.THROW_EVENT,
        NodeKind.END_EVENT,
    }
)


@dataclass(frozen=True, slots=True)
class _Place:
    body: Body
    owner: Node | None


def tasks_before_letters(process: Process) -> frozenset[str]:
    """The ids of those tasks; a letter to colleagues does not count."""
    places = dict(_places(process.body))
    nodes = {node.id: node for node in process.body.walk()}
    tasks = (node for node in nodes.values() if node.kind is NodeKind.USER_TASK)
    return frozenset(task.id for task in tasks if _meets_letter(task, nodes, places))


def _places(body: Body, owner: Node | None = None) -> list[tuple[str, _Place]]:
    found: list[tuple[str, _Place]] = []
    pending: list[tuple[Body, Node | None]] = [(body, owner)]
    while pending:
        here, around = pending.pop()
        for node in here.nodes:
            found.append((node.id, _Place(here, around)))
            if node.body is not None:
                pending.append((node.body, node))
    return found


def _meets_letter(task: Node, nodes: Mapping[str, Node], places: Mapping[str, _Place]) -> bool:
    pending, seen = _after(task, nodes, places), set[str]()
    while pending:
        node = pending.pop()
        if node.id in seen:
            continue
        seen.add(node.id)
        if node.notify is not None:
            if _is_letter(node.notify):
                return True
        elif node.body is not None and not node.triggered_by_event:
            pending += [each for each in node.body.nodes if each.kind is NodeKind.START_EVENT and not each.events]
        elif node.kind in _PASSES or node.kind is NodeKind.START_EVENT:
            pending += _after(node, nodes, places)
    return False


def _after(node: Node, nodes: Mapping[str, Node], places: Mapping[str, _Place]) -> list[Node]:
    """Where a token goes from a node; from the end of a subprocess it goes on behind it."""
    place = places[node.id]
    while node.kind is NodeKind.END_EVENT and place.owner is not None:
        node = place.owner
        place = places[node.id]
    targets = (place.body.flows[each].target for each in node.outgoing)
    return [nodes[target] for target in targets if target in nodes]


def _is_letter(notify: Notify) -> bool:
    return bool(notify.letter) and (goes_outside(notify.to) or notify.to.startswith("="))
