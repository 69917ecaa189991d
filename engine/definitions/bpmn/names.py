"""Namespaces and qualified names of BPMN files; a family is one meaning behind several namespaces."""

from __future__ import annotations

from typing import Final

from lxml import etree

Element = etree._Element

BPMN: Final = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI: Final = "http://www.omg.org/spec/BPMN/20100524/DI"
MG: Final = "urn:makegood:bpmn:1"
XSI_TYPE: Final = "{http://www.w3.org/2001/XMLSchema-instance}type"

FAMILIES: Final = {
    MG: "mg",
    "http://camunda.org/schema/1.0/bpmn": "camunda",
    "http://activiti.org/bpmn": "camunda",
    "http://flowable.org/bpmn": "camunda",
    "http://camunda.org/schema/zeebe/1.0": "zeebe",
    "http://spiffworkflow.org/bpmn/schema/1.0/core": "spiffworkflow",
}

# They say how a shape looks or who drew it, never what happens.
VISUAL: Final = frozenset(
    {
        "http://www.w3.org/2001/XMLSchema-instance",
        "http://www.w3.org/XML/1998/namespace",
        "http://bpmn.io/schema/bpmn/biocolor/1.0",
        "http://www.omg.org/spec/BPMN/non-normative/color/1.0",
        "http://camunda.org/schema/modeler/1.0",
        "http://www.omg.org/spec/DD/20100524/DI",
        "http://www.omg.org/spec/DD/20100524/DC",
        BPMNDI,
    }
)


def bpmn(tag: str) -> str:
    """The qualified name of a BPMN element."""
    return f"{{{BPMN}}}{tag}"


def split(name: str) -> tuple[str, str]:
    """Namespace and local part of a qualified name."""
    if name.startswith("{"):
        namespace, _, local = name[1:].partition("}")
        return namespace, local
    return "", name


def local_reference(text: str | None) -> str:
    """The id that a QName reference points at; a prefix names a namespace and is no part of the id."""
    return (text or "").strip().rpartition(":")[2]


def is_element(element: Element) -> bool:
    """False for comments and processing instructions, which lxml lists among the children."""
    return isinstance(element.tag, str)


def tag_of(element: Element) -> str:
    """The local name of a BPMN element; the empty text for anything else."""
    tag = element.tag
    if isinstance(tag, str) and tag.startswith(_PREFIX):
        return tag[len(_PREFIX) :]
    return ""


_PREFIX: Final = f"{{{BPMN}}}"


def children(element: Element, *tags: str) -> list[Element]:
    """The BPMN children with one of these names, in file order."""
    wanted = {bpmn(tag) for tag in tags}
    return [child for child in element if child.tag in wanted]


def child(element: Element, tag: str) -> Element | None:
    """The first BPMN child with this name."""
    return element.find(bpmn(tag))


def text_of(element: Element | None) -> str:
    """All text inside, without the spaces around it."""
    return "" if element is None else "".join(element.itertext()).strip()


def words(text: str) -> frozenset[str]:
    """The words of a text as a set: a long list of names stays readable."""
    return frozenset(text.split())


def flag(element: Element, name: str, default: bool = False) -> bool:
    """A boolean attribute as XML Schema writes it."""
    value = element.get(name)
    return default if value is None else value.strip() in {"true", "1"}
