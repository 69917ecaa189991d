"""What no tool draws, and what would take long to look through, is refused before anybody looks."""

from __future__ import annotations

from typing import Final

from lxml import etree

from engine.definitions.bpmn.names import BPMN, Element
from engine.model.errors import Finding, Message, Severity

MAX_ATTRIBUTES: Final = 1_000  # of one element; looking through them takes the square of their number
MAX_VALUE: Final = 100_000  # characters of one attribute
MAX_ELEMENTS: Final = 200_000
MAX_STEPS: Final = 25_000  # what has an id in BPMN's namespace; a drawing of 5,000 tasks in a row has 10,000


def too_much(root: Element, file: str) -> Finding | None:
    """A finding about the first thing of which there is too much."""
    steps = 0
    for count, part in enumerate(root.iter(etree.Element), 1):
        attributes = len(part.attrib)
        if attributes > MAX_ATTRIBUTES:
            params: dict[str, object] = {"count": attributes, "limit": MAX_ATTRIBUTES}
            told = Message("xml_attributes", "An element has {count} attributes; {limit} are allowed.", params)
            return _refusal(file, part, told)
        if attributes and max(map(len, part.values())) > MAX_VALUE:
            params = {"limit": MAX_VALUE}
            told = Message("xml_attribute_long", "An attribute is longer than {limit} characters.", params)
            return _refusal(file, part, told)
        steps += str(part.tag).startswith(f"{{{BPMN}}}") and ("id" in part.attrib or "sourceRef" in part.attrib)
        if count > MAX_ELEMENTS or steps > MAX_STEPS:
            return _refusal(
                file,
                part,
                Message(
                    "xml_elements",
                    "The file has more than {steps} nodes and flows, or more than {limit} elements.",
                    {"steps": MAX_STEPS, "limit": MAX_ELEMENTS},
                ),
            )
    return None


def _refusal(file: str, part: Element, message: Message) -> Finding:
    remedy = Message("xml_too_much_remedy", "Draw less in one file, or leave out what no tool needs.")
    return Finding(Severity.ERROR, message, remedy, file=file, line=part.sourceline or 0)
