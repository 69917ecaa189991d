"""A shipped diagram is shown with its names in the reader's language; a designer's own names stay as they were drawn."""

from __future__ import annotations

from functools import lru_cache

from lxml import etree

from web.language import catalogue, language

_MODEL = "{http://www.omg.org/spec/BPMN/20100524/MODEL}*"


def in_words(xml: bytes) -> bytes:
    """The diagram for the reader; ids, and so the marks of where a case is, stay."""
    reader = language()
    return xml if reader == "en" else _in_words(xml, reader)


@lru_cache(maxsize=32)
def _in_words(xml: bytes, reader: str) -> bytes:
    texts = catalogue(reader)
    root = etree.fromstring(xml, etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True))
    for element in root.iter(_MODEL):
        name = element.get("name")
        if name:
            element.set("name", str(texts.pgettext("diagram", name)))
    return etree.tostring(root, encoding="UTF-8", xml_declaration=True)
