"""Which names a text may see: those of several words or with symbols must be known before it is read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from engine.execution.feel.tree import Call, Name, Node
from engine.execution.feel.walking import walk
from engine.model.dmn import (
    BoxedContext,
    BoxedList,
    Conditional,
    DecisionFile,
    DecisionTable,
    Filter,
    FunctionLogic,
    Invocation,
    ItemType,
    Iteration,
    Logic,
    Relation,
)

Names = frozenset[str]


def unusual(names: Iterable[str]) -> Names:
    """Give the names that are no plain words, which FEEL has to be told."""
    return frozenset(name for name in names if name and not name.isidentifier())


def parts_of(logic: Logic) -> tuple[Logic, ...]:
    """Give the expressions right inside a boxed one."""
    match logic:
        case BoxedContext():
            return tuple(entry.logic for entry in logic.entries)
        case Invocation():
            return (logic.called, *(binding.logic for binding in logic.bindings))
        case BoxedList():
            return logic.items
        case Relation():
            return tuple(cell for row in logic.rows for cell in row)
        case FunctionLogic():
            return (logic.body,) if logic.body is not None else ()
        case Conditional():
            return (logic.condition, logic.then, logic.otherwise)
        case Iteration():
            return (logic.source, logic.body)
        case Filter():
            return (logic.source, logic.match)
        case _:
            return ()


def all_logic(logic: Logic) -> Iterator[Logic]:
    """Give an expression and all those inside it."""
    waiting = [logic]
    while waiting:
        found = waiting.pop()
        yield found
        waiting.extend(reversed(parts_of(found)))


def entry_names(file: DecisionFile) -> Names:
    """Give the names that may follow a dot anywhere in the file: of components, context entries and columns."""
    found = set(_component_names(file.types))
    for logic in (*(each.logic for each in file.decisions), *(each.function for each in file.models)):
        for part in all_logic(logic):
            match part:
                case BoxedContext():
                    found.update(entry.name for entry in part.entries)
                case Relation():
                    found.update(column.name for column in part.columns)
                case DecisionTable():
                    found.update(output.name for output in part.outputs)
                case _:
                    pass
    found.update(decision.name for decision in file.decisions)
    return unusual(found)


def _component_names(types: Iterable[ItemType]) -> Iterator[str]:
    waiting = list(types)
    while waiting:
        item = waiting.pop()
        yield from (component.name for component in item.components)
        waiting.extend(item.components)


def values_read(tree: Node) -> set[str]:
    """Give the names that a text reads as values, not only as functions that it calls."""
    nodes = [node for node, _ in walk(tree)]
    called = {id(node.function) for node in nodes if isinstance(node, Call)}
    return {node.name for node in nodes if isinstance(node, Name) and id(node) not in called}
