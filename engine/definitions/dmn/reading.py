"""The parts of a DMN file by name, and the findings that gather while one file is read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.model.dmn import Cell
from engine.model.errors import Finding, Message, Severity

Element = etree._Element

NAMESPACES: Final = frozenset(
    {
        "http://www.omg.org/spec/DMN/20151101/dmn.xsd",
        "http://www.omg.org/spec/DMN/20151101/dmn11.xsd",
        "http://www.omg.org/spec/DMN/20180521/MODEL/",
        "https://www.omg.org/spec/DMN/20191111/MODEL/",
        "https://www.omg.org/spec/DMN/20211108/MODEL/",
        "https://www.omg.org/spec/DMN/20230324/MODEL/",
        "https://www.omg.org/spec/DMN/20240513/MODEL/",
    }
)
_HARMLESS: Final = frozenset({"dmn_unknown", "dmn_no_logic", "dmn_decision_id"})
"""Faults that leave a part empty and change nothing else."""
BESIDE: Final = frozenset({"description", "extensionElements"})
"""Notes for people and tools, which any element may have."""


def parts(element: Element, *names: str) -> Iterator[Element]:
    """Give the DMN elements right below, all or those of these names."""
    for part in element:
        if isinstance(part.tag, str):
            name = etree.QName(part)
            if name.namespace in NAMESPACES and (not names or name.localname in names):
                yield part


def part_of(element: Element, *names: str) -> Element | None:
    return next(parts(element, *names), None)


def local(element: Element) -> str:
    return etree.QName(element).localname


def line_of(element: Element | None) -> int:
    return (element.sourceline or 0) if element is not None else 0


def text_of(element: Element | None) -> str:
    """The text of an element's `text` child, else its own."""
    if element is None:
        return ""
    inner = part_of(element, "text")
    return "".join((inner if inner is not None else element).itertext()).strip()


class Reading:
    """What is collected while one file is read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []
        self.language = ""
        self.namespace = ""
        self.import_names: dict[str, str] = {}
        self.owner = ""
        self.unread: set[str] = set()

    def note(self, element: Element, message: Message, remedy: Message, *, severity: Severity = Severity.ERROR) -> None:
        if severity is Severity.ERROR and message.code not in _HARMLESS:
            self.unread.add(self.owner)
        owner: Element | None = element
        while owner is not None and not owner.get("id"):
            owner = owner.getparent()
        owner = element if owner is None else owner
        self.findings.append(
            Finding(
                severity,
                message,
                remedy,
                file=self.file,
                line=line_of(element),
                element_id=owner.get("id") or "",
                element_name=owner.get("name") or owner.get("label") or "",
            )
        )

    def unknown(self, element: Element) -> None:
        self.note(
            element,
            Message("dmn_unknown", "“{element}” is not understood in a decision file.", {"element": local(element)}),
            Message("dmn_unknown_remedy", "Use what DMN 1.5 knows, or remove it."),
        )

    def check_language(self, element: Element) -> None:
        language = element.get("expressionLanguage") or self.language
        if language and "feel" not in language.lower() and "/dmn/" not in language.lower():
            self.note(
                element,
                Message("dmn_language", "The expression language “{language}” is not FEEL.", {"language": language}),
                Message("dmn_language_remedy", "Write it in FEEL and remove the attribute."),
            )

    def cell(self, element: Element | None) -> Cell | None:
        if element is None:
            return None
        inner = part_of(element, "text")
        return Cell(text_of(element), line_of(inner if inner is not None else element))

    def type_name(self, element: Element | None, attribute: str = "typeRef") -> str:
        """Give the declared type as DMN 1.2 writes it: plain, or with the name of its import in front."""
        if element is None:
            return ""
        declared = element.get(attribute)
        if declared is None:
            declared = text_of(part_of(element, attribute))
        declared = declared.strip()
        prefix, colon, name = declared.partition(":")
        if not colon:
            return declared
        imported = self.import_names.get(element.nsmap.get(prefix) or "")
        return f"{imported}.{name}" if imported else name

    def target(self, element: Element, name: str) -> str:
        reference = part_of(element, name)
        return self.reference(reference) if reference is not None else ""

    def reference(self, element: Element) -> str:
        """Give the id that is meant, with its file's namespace in front where that is another file."""
        namespace, hash_sign, key = (element.get("href") or "").strip().rpartition("#")
        if namespace in ("", self.namespace) or not hash_sign:
            return key
        return f"{namespace}#{key}"
