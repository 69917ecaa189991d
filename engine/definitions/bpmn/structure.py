"""The file against the standard's vocabulary: unknown names, missing parts, values that do not fit, ids twice."""

from __future__ import annotations

import re
from typing import Final

from engine.definitions.bpmn.names import BPMN, BPMNDI, Element, is_element, local_reference, split, tag_of, text_of
from engine.definitions.bpmn.reading import Reading
from engine.definitions.bpmn.vocabulary import (
    ABSTRACT,
    EXPRESSIONS,
    GROUPS,
    REFERENCES,
    VOCABULARY,
    Entry,
    Place,
    members,
)
from engine.model.errors import Message, Severity

_BOOLEANS: Final = frozenset({"true", "false", "1", "0"})
_INTEGER: Final = re.compile(r"[+-]?\d+")
_DRAWING: Final = frozenset({BPMNDI})
_POINTED_AT: Final = frozenset({"message", "signal", "error", "escalation"})  # good for nothing else
_OPEN: Final = frozenset({"extensionElements", "documentation", "text", "script"})  # these may hold foreign elements
# Of these children an element may have one of a kind, whatever its name.
_ONE_OF: Final = {
    "timerEventDefinition": ("timeDate", "timeDuration", "timeCycle"),
    **dict.fromkeys(GROUPS["resourceRole"].split(), ("resourceRef", "resourceAssignmentExpression")),
    **dict.fromkeys(members("activity"), tuple(sorted(members("loopCharacteristics")))),
}
# A tool that writes one of these where BPMN has none means something that would get lost.
_MEANT: Final = frozenset({"default", "attachedToRef"})
_NOT_NEEDED: Final = frozenset({("definitions", "targetNamespace")})


def check_structure(reading: Reading) -> None:
    """Report every place where the file does not fit the vocabulary."""
    ids = _collect_ids(reading)
    for element in reading.root.iter():
        tag = tag_of(element)
        if not tag:
            continue
        entry = VOCABULARY.get(tag)
        if tag in ABSTRACT or (entry is None and tag not in REFERENCES):
            _unknown_element(reading, element, tag)
        elif tag in _POINTED_AT and not (element.get("id") or "").strip():
            _nameless(reading, element, tag)
        elif entry is not None and tag not in EXPRESSIONS:
            _check_attributes(reading, element, entry, ids)
            _check_children(reading, element, entry, ids)


def _collect_ids(reading: Reading) -> dict[str, str]:
    """The element name behind every id."""
    found: dict[str, str] = {}
    for element in reading.root.iter(f"{{{BPMN}}}*"):
        name = (element.get("id") or "").strip()
        if not name:
            continue
        if name in found:
            reading.error(
                element,
                Message("bpmn_id_twice", "The id “{id}” is used twice in this file.", {"id": name}),
                Message("bpmn_id_twice_remedy", "Give one of the two elements another id."),
            )
        found[name] = tag_of(element)
    return found


def _nameless(reading: Reading, element: Element, tag: str) -> None:
    reading.error(
        element,
        Message("bpmn_nameless", "The <{tag}> has no id, so that nothing can point at it.", {"tag": tag}),
        Message("bpmn_nameless_remedy", "Give it an id, or remove it."),
    )


def _unknown_element(reading: Reading, element: Element, tag: str) -> None:
    reading.error(
        element,
        Message("bpmn_unknown_element", "BPMN 2.0 has no element <{tag}>.", {"tag": tag}),
        Message(
            "bpmn_unknown_element_remedy", "Remove it, or put it among the extension elements of another namespace."
        ),
    )


def _check_attributes(reading: Reading, element: Element, entry: Entry, ids: dict[str, str]) -> None:
    tag = tag_of(element)
    for name, raw in element.attrib.items():
        if str(name).startswith("{"):
            continue
        place = entry.attributes.get(str(name))
        if place is None:
            reading.note(
                Severity.ERROR if name in _MEANT else Severity.WARNING,
                element,
                Message(
                    "bpmn_unknown_attribute", "<{tag}> has no attribute “{name}”.", {"tag": tag, "name": str(name)}
                ),
                Message("bpmn_unknown_attribute_remedy", "Remove it; it is left out."),
            )
        elif place.target:
            _check_reference(reading, element, place, str(raw), ids)
        elif not _fits(place, str(raw).strip()):
            _bad_value(reading, element, place, str(raw))
    for place in entry.attributes.values():
        if place.required and element.get(place.name) is None and (tag, place.name) not in _NOT_NEEDED:
            reading.error(
                element,
                Message("bpmn_attribute_missing", "<{tag}> lacks {name}.", {"tag": tag, "name": place.name}),
                Message("bpmn_attribute_missing_remedy", "Add the attribute {name}.", {"name": place.name}),
            )


def _fits(place: Place, value: str) -> bool:
    match place.kind:
        case "bool":
            return value in _BOOLEANS
        case "int":
            return bool(_INTEGER.fullmatch(value))
        case "word":
            return value in place.words
        case _:
            return True


def _bad_value(reading: Reading, element: Element, place: Place, value: str) -> None:
    wanted = {"bool": "true, false", "int": "1, 2, 3 …"}.get(place.kind) or ", ".join(sorted(place.words))
    params: dict[str, object] = {"name": place.name, "value": value}
    reading.error(
        element,
        Message("bpmn_attribute_value", "{name} cannot be “{value}”.", params),
        Message("bpmn_attribute_value_remedy", "Write one of: {wanted}.", {"wanted": wanted}),
    )


def _check_children(reading: Reading, element: Element, entry: Entry, ids: dict[str, str]) -> None:
    tag = tag_of(element)
    counts: dict[str, int] = {}
    for part in element:
        name = tag_of(part)
        if not name:
            if tag not in _OPEN and is_element(part) and split(str(part.tag))[0] not in _DRAWING:
                _foreign_child(reading, element, part)
            continue
        place = entry.children.get(name)
        if place is None:
            if name in VOCABULARY or name in REFERENCES:
                _misplaced(reading, part, name, tag)
            continue
        counts[name] = counts.get(name, 0) + 1
        if counts[name] == 2 and not place.many:
            _repeated(reading, part, name, tag)
        if place.target:
            _check_reference(reading, part, place, text_of(part), ids)
    given = [name for name in _ONE_OF.get(tag, ()) if counts.get(name)]
    if len(given) > 1:
        params: dict[str, object] = {"tag": tag, "names": ", ".join(given)}
        reading.error(
            element,
            Message("bpmn_one_of", "<{tag}> may hold only one of these: {names}.", params),
            Message("bpmn_one_of_remedy", "Keep the one that is meant."),
        )
    for place in entry.children.values():
        if place.required and not place.name.startswith("%") and not counts.get(place.name):
            reading.error(
                element,
                Message("bpmn_child_missing", "<{tag}> lacks its <{name}>.", {"tag": tag, "name": place.name}),
                Message("bpmn_child_missing_remedy", "Add the element <{name}>.", {"name": place.name}),
            )


def _foreign_child(reading: Reading, element: Element, part: Element) -> None:
    reading.warning(
        part,
        Message(
            "bpmn_foreign_child",
            "<{tag}> of another namespace stands directly in <{parent}> and is left out.",
            {"tag": split(str(part.tag))[1], "parent": tag_of(element)},
        ),
        Message("bpmn_foreign_child_remedy", "Foreign elements belong inside <extensionElements>."),
    )


def _misplaced(reading: Reading, part: Element, name: str, parent: str) -> None:
    reading.error(
        part,
        Message("bpmn_misplaced", "<{name}> may not stand in <{parent}>.", {"name": name, "parent": parent}),
        Message("bpmn_misplaced_remedy", "Move it to an element that may hold it."),
    )


def _repeated(reading: Reading, part: Element, name: str, parent: str) -> None:
    reading.error(
        part,
        Message("bpmn_repeated", "<{parent}> may hold only one <{name}>.", {"name": name, "parent": parent}),
        Message("bpmn_repeated_remedy", "Remove all but one."),
    )


def _check_reference(reading: Reading, element: Element, place: Place, value: str, ids: dict[str, str]) -> None:
    reference = local_reference(value)
    if not reference or _points_outside(reading, element, value):
        if not reference:
            _dangling(reading, element, place, value)
        return
    kind = ids.get(reference)
    if kind is None:
        _dangling(reading, element, place, value)
    elif "any" not in place.target and kind not in place.target:
        severity = Severity.WARNING if place.soft else Severity.ERROR
        params: dict[str, object] = {"name": place.name, "value": reference, "kind": kind}
        reading.note(
            severity,
            element,
            Message("bpmn_reference_kind", "{name} points at “{value}”, which is a <{kind}>.", params),
            Message("bpmn_reference_kind_remedy", "It must point at: {wanted}.", {"wanted": _wanted(place)}),
        )


def _wanted(place: Place) -> str:
    return ", ".join(sorted(place.target))


def _points_outside(reading: Reading, element: Element, value: str) -> bool:
    """True where the prefix names another file's namespace."""
    prefix, colon, _ = value.strip().partition(":")
    if not colon:
        return False
    namespace = element.nsmap.get(prefix)
    return namespace is not None and namespace not in {reading.root.get("targetNamespace"), BPMN}


def _dangling(reading: Reading, element: Element, place: Place, value: str) -> None:
    severity = Severity.WARNING if place.soft else Severity.ERROR
    params: dict[str, object] = {"name": place.name, "value": value.strip()}
    reading.note(
        severity,
        element,
        Message("bpmn_reference_dangling", "{name} points at “{value}”, which this file does not have.", params),
        Message("bpmn_reference_dangling_remedy", "Choose an existing element, or remove the reference."),
    )
