"""Foreign attributes and elements are taken by who understands them; what nobody took becomes a finding."""

from __future__ import annotations

from engine.definitions.bpmn.names import FAMILIES, Element, bpmn, is_element, split


class Extensions:
    """What other namespaces say on one BPMN element. Taking a part marks it as understood."""

    def __init__(self, element: Element) -> None:
        self.attributes: dict[tuple[str, str], str] = {}
        self.elements: list[tuple[tuple[str, str], Element]] = []
        for name, value in element.attrib.items():
            if str(name).startswith("{"):
                self.attributes[_family_and_local(str(name))] = str(value)
        for holder in element.findall(bpmn("extensionElements")):
            self.elements += [(_family_and_local(str(part.tag)), part) for part in holder if is_element(part)]

    def take(self, family: str, local: str) -> str:
        """The attribute's text; the empty text where it is missing."""
        return self.attributes.pop((family, local), "").strip()

    def take_elements(self, family: str, local: str) -> list[Element]:
        """All extension elements of this name."""
        found = [part for name, part in self.elements if name == (family, local)]
        if found:
            self.elements = [(name, part) for name, part in self.elements if name != (family, local)]
        return found

    def take_element(self, family: str, local: str) -> Element | None:
        """The first extension element of this name; a second one stays behind and is reported."""
        for place, (name, part) in enumerate(self.elements):
            if name == (family, local):
                del self.elements[place]
                return part
        return None


def parts(element: Element, local: str) -> list[Element]:
    """The children of a foreign element that have this local name and the element's own namespace."""
    namespace, _ = split(str(element.tag))
    return element.findall(f"{{{namespace}}}{local}")


def _family_and_local(name: str) -> tuple[str, str]:
    namespace, local = split(name)
    return FAMILIES.get(namespace, namespace), local
