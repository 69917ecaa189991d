"""What is collected while one file is read: findings, names behind references, ids of elements without one."""

from __future__ import annotations

from engine.definitions.bpmn.extensions import Extensions
from engine.definitions.bpmn.names import Element, children, tag_of, text_of
from engine.model.bpmn import ExpressionText, NodeKind
from engine.model.errors import Finding, Message, Severity

FLOW_NODES = frozenset(str(kind) for kind in NodeKind)


class Reading:
    """The state of reading one file; readers add to it and ask it, nobody else sees it."""

    def __init__(self, root: Element, file: str, language: str) -> None:
        self.root = root
        self.file = file
        self.language = language
        self.findings: list[Finding] = []
        self.messages: dict[str, str] = {}
        self.signals: dict[str, str] = {}
        self.errors: dict[str, str] = {}
        self.escalations: dict[str, str] = {}
        self.operations: dict[str, str] = {}
        self.operation_names: dict[str, str] = {}
        self.correlations: dict[str, dict[str, ExpressionText]] = {}
        self.global_tasks: frozenset[str] = frozenset()
        self.item_names: dict[str, str] = {}
        self.data_stores: tuple[str, ...] = ()
        self.named_ports: set[str] = set()
        self.node_ids: dict[Element, str] = {}
        self._extensions: dict[Element, Extensions] = {}
        self._name_nodes()

    def extensions(self, element: Element) -> Extensions:
        """The foreign attributes and elements of an element, the same object each time."""
        found = self._extensions.get(element)
        if found is None:
            found = self._extensions[element] = Extensions(element)
        return found

    def error(self, element: Element, message: Message, remedy: Message) -> None:
        """Note a fault that forbids deployment."""
        self.note(Severity.ERROR, element, message, remedy)

    def warning(self, element: Element, message: Message, remedy: Message) -> None:
        """Note a fault that does not forbid deployment."""
        self.note(Severity.WARNING, element, message, remedy)

    def note(self, severity: Severity, element: Element, message: Message, remedy: Message) -> None:
        """Note a fault of the nearest element that has an id."""
        owner: Element | None = element
        while owner is not None and not (owner.get("id") or owner in self.node_ids):
            owner = owner.getparent()
        owner = element if owner is None else owner
        self.findings.append(
            Finding(
                severity,
                message,
                remedy,
                file=self.file,
                line=line_of(element),
                element_id=self.node_ids.get(owner) or owner.get("id") or "",
                element_name=(owner.get("name") or "").strip(),
            )
        )

    def _name_nodes(self) -> None:
        """Give nodes without an id the name of their place: `__endEvent_2` is the second end event of the file."""
        places: dict[str, int] = {}
        for element in self.root.iter():
            tag = tag_of(element)
            if tag in FLOW_NODES:
                places[tag] = places.get(tag, 0) + 1
                self.node_ids[element] = (element.get("id") or "").strip() or f"__{tag}_{places[tag]}"


def line_of(element: Element) -> int:
    """The line of the element's start tag, from 1."""
    return element.sourceline or 0


def documentation(element: Element) -> str:
    """The text of all documentation elements, one paragraph each."""
    return "\n\n".join(filter(None, (text_of(part) for part in children(element, "documentation"))))
