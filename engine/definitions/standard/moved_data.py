"""Data that moves: what an association copies, and the list that a multi-instance activity goes through."""

from __future__ import annotations

from collections.abc import Iterator

from engine.definitions.bpmn.names import Element, child, children, flag, local_reference, tag_of, text_of
from engine.definitions.standard.data import item_of, references, same_type, type_differs
from engine.definitions.standard.diagram import Diagram
from engine.model.errors import Finding, Message


def loops_take_their_own_list(diagram: Diagram) -> Iterator[Finding]:
    """What a multi-instance activity goes through is a list, and an input or output of its own or of what it lies in."""
    for loop in diagram.all("multiInstanceLoopCharacteristics"):
        around = set(loop.iterancestors())
        for tag in ("loopDataInputRef", "loopDataOutputRef"):
            found = diagram.element(local_reference(text_of(child(loop, tag))))
            if found is None or not tag_of(found).startswith("data"):
                continue
            holder = found.getparent()
            owner = holder.getparent() if holder is not None and tag_of(holder) == "ioSpecification" else None
            if owner is not None and owner not in around:
                yield diagram.element_fault(
                    loop,
                    Message("loop_foreign_data", "The {tag} is the data of another activity.", {"tag": tag}),
                    Message("loop_foreign_data_remedy", "Point at an input or output of this activity."),
                )
            elif _is_single(diagram, found):
                yield diagram.element_fault(
                    loop,
                    Message("loop_single_data", "The {tag} points at a single value.", {"tag": tag}),
                    Message("loop_single_data_remedy", "Set isCollection=“true” on the data and its item definition."),
                )


def _is_single(diagram: Diagram, element: Element) -> bool:
    """True where the data, or its item definition, says that it is no list; what says nothing may be one."""
    held = diagram.element(local_reference(element.get("dataObjectRef"))) if element.get("dataObjectRef") else element
    if held is None or flag(held, "isCollection"):
        return False
    item = diagram.element(item_of(held))
    return held.get("isCollection") is not None or (item is not None and not flag(item, "isCollection"))


def associations_keep_their_type(diagram: Diagram) -> Iterator[Finding]:
    """What a data association copies has the type of its target, or is transformed; only one thing is copied."""
    for association in diagram.all("dataInputAssociation", "dataOutputAssociation"):
        if children(association, "transformation") or children(association, "assignment"):
            continue
        sources = [diagram.element(reference) for reference in references(association, "sourceRef")]
        target = diagram.element(local_reference(text_of(child(association, "targetRef"))))
        if len(sources) > 1:
            yield diagram.element_fault(
                association,
                Message(
                    "association_sources",
                    "{count} sources go into one target, and nothing says how.",
                    {"count": len(sources)},
                ),
                Message("association_sources_remedy", "Write a transformation, or draw one association a source."),
            )
        elif sources and sources[0] is not None and target is not None:
            types = _held_type(diagram, sources[0]), _held_type(diagram, target)
            if all(types) and not same_type(diagram, *types):
                yield type_differs(diagram, target)


def _held_type(diagram: Diagram, element: Element) -> str:
    """The item definition of data; a reference to a data object has that of the object."""
    if element.get("itemSubjectRef") is None and element.get("dataObjectRef"):
        held = diagram.element(local_reference(element.get("dataObjectRef")))
        return "" if held is None else item_of(held)
    return item_of(element)


MOVED_DATA_RULES = (loops_take_their_own_list, associations_keep_their_type)
