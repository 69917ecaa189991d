"""What a rule sees: one file as read, or one level of one process; every fault becomes a finding here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Protocol

from engine.definitions.bpmn import ReadResult
from engine.definitions.bpmn.names import Element, bpmn, local_reference, tag_of, text_of
from engine.model.bpmn import Body, Definitions, EventKind, Flow, Node, Process
from engine.model.errors import Finding, Message, Severity


class Place(Protocol):
    """What a finding can point at."""

    @property
    def id(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def line(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Diagram:
    """One file. `force` treats every process as executable."""

    result: ReadResult
    force: bool = False
    _elements: dict[str, Element] = field(init=False, compare=False, default_factory=dict[str, Element])

    def __post_init__(self) -> None:
        if self.result.root is not None:
            self._elements.update(
                (element.get("id") or "", element) for element in self.result.root.iter() if tag_of(element)
            )

    def element(self, element_id: str) -> Element | None:
        """The BPMN element with this id, as written."""
        return self._elements.get(element_id) if element_id else None

    def all(self, *tags: str) -> Iterator[Element]:
        """Every BPMN element with one of these names."""
        root = self.result.root
        return iter(()) if root is None else root.iter(*map(bpmn, tags))

    @staticmethod
    def inside(element: Element, tag: str) -> Iterator[Element]:
        """The BPMN elements of one name inside an element."""
        return element.iter(bpmn(tag))

    def event_definitions(self, event: Element, tag: str) -> Iterator[Element]:
        """The event definitions of one kind that an event has: its own, and those of the file that it refers to."""
        yield from self.inside(event, tag)
        for reference in self.inside(event, "eventDefinitionRef"):
            shared = self.element(local_reference(text_of(reference)))
            if shared is not None and tag_of(shared) == tag:
                yield shared

    @property
    def definitions(self) -> Definitions:
        return self.result.definitions

    def runs(self, process: Process) -> bool:
        """True where the process is meant to run: it says so or says nothing, and there is something in it."""
        return (self.force or process.executable is not False) and bool(process.body.nodes)

    def fault(self, place: Place, message: Message, remedy: Message, severity: Severity = Severity.ERROR) -> Finding:
        """A finding at a node, a flow or a process."""
        return Finding(
            severity,
            message,
            remedy,
            file=self.definitions.file,
            line=place.line,
            element_id=place.id,
            element_name=place.name,
        )

    def element_fault(self, element: Element, message: Message, remedy: Message) -> Finding:
        """An error at an element that the model does not carry; it is named by its nearest ancestor with an id."""
        owner: Element | None = element
        while owner is not None and not owner.get("id"):
            owner = owner.getparent()
        named = element if owner is None else owner
        return Finding(
            Severity.ERROR,
            message,
            remedy,
            file=self.definitions.file,
            line=element.sourceline or 0,
            element_id=named.get("id") or "",
            element_name=named.get("name") or "",
        )

    def levels(self) -> Iterator[Level]:
        """Every process and, inside it, every subprocess."""
        for process in self.definitions.processes:
            yield Level(self, process, None, process.body)
            for node in process.body.walk():
                if node.body is not None:
                    yield Level(self, process, node, node.body)


@dataclass(frozen=True, slots=True)
class Level:
    """The inside of a process (`owner` is None) or of a subprocess."""

    diagram: Diagram
    process: Process
    owner: Node | None
    body: Body
    by_id: dict[str, Node] = field(init=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "by_id", {node.id: node for node in self.body.nodes})

    @property
    def runs(self) -> bool:
        return self.diagram.runs(self.process)

    @property
    def is_event_subprocess(self) -> bool:
        return self.owner is not None and self.owner.triggered_by_event

    def error(self, place: Place, message: Message, remedy: Message) -> Finding:
        """A fault that forbids deployment."""
        return self.diagram.fault(place, message, remedy)

    def warning(self, place: Place, message: Message, remedy: Message) -> Finding:
        """A fault that does not forbid deployment."""
        return self.diagram.fault(place, message, remedy, Severity.WARNING)

    def note(self, place: Place, message: Message, remedy: Message) -> Finding:
        """Something that may well be meant."""
        return self.diagram.fault(place, message, remedy, Severity.INFORMATION)

    def incoming(self, node: Node) -> list[Flow]:
        return [self.body.flows[place] for place in node.incoming]

    def outgoing(self, node: Node) -> list[Flow]:
        return [self.body.flows[place] for place in node.outgoing]


def has(node: Node, kind: EventKind) -> bool:
    """True where one of the event's definitions is of this kind."""
    return any(event.kind is kind for event in node.events)
