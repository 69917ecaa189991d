"""The diagram of a deployment as it was drawn, and what its elements are called; it never changes once deployed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from engine.definitions.bpmn import read_bpmn
from engine.model.errors import NotFound
from engine.model.running import Contents
from engine.queries.letters_ahead import tasks_before_letters
from engine.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node of a diagram."""

    id: str
    name: str
    kind: str
    documentation: str = ""


@dataclass(frozen=True, slots=True)
class Drawing:
    """A BPMN file of a deployment with its flow nodes in the order of the file; after `before_letters` a letter may leave."""

    file: str
    xml: bytes
    elements: Mapping[str, Element]
    before_letters: frozenset[str] = frozenset()

    def name_of(self, element_id: str) -> str:
        """The element's name, or its id where it has none."""
        found = self.elements.get(element_id)
        return found.name or element_id if found is not None else element_id


def drawing_of(tx: Tx, deployment_id: str, process_id: str) -> Drawing:
    """The diagram in a deployment that holds a process; raises NotFound."""
    deployment = tx.catalog.by_id(deployment_id)
    for drawing, processes in _drawings(deployment.contents):
        if process_id in processes:
            return drawing
    raise NotFound("drawing_missing", "The process {process} has no diagram here.", process=process_id)


@lru_cache(maxsize=64)
def _drawings(contents: Contents) -> tuple[tuple[Drawing, frozenset[str]], ...]:
    found: list[tuple[Drawing, frozenset[str]]] = []
    for name, content in contents.files.items():
        if not name.endswith(".bpmn"):
            continue
        definitions = read_bpmn(content, file=name).definitions
        elements = {
            node.id: Element(node.id, node.name, str(node.kind), node.documentation)
            for process in definitions.processes
            for node in process.body.walk()
        }
        before = frozenset[str]().union(*map(tasks_before_letters, definitions.processes))
        processes = frozenset(each.id for each in definitions.processes)
        found.append((Drawing(name, content, elements, before), processes))
    return tuple(found)
