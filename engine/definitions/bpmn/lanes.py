"""Lanes, nested as drawn, and the way from a node to the lanes that hold it."""

from __future__ import annotations

from engine.definitions.bpmn.names import Element, bpmn, child, children, local_reference, text_of
from engine.definitions.bpmn.performers import read_performers
from engine.definitions.bpmn.reading import Reading, line_of
from engine.model.bpmn import Lane


class LaneMap:
    """All lanes of one process; `around` gives those of a node, the innermost first."""

    def __init__(self, reading: Reading, process: Element) -> None:
        self.by_body: dict[Element, tuple[Lane, ...]] = {}
        self._parents: dict[str, Lane] = {}
        self._of_node: dict[str, Lane] = {}
        for laneset in process.iter(bpmn("laneSet")):
            body = laneset.getparent()
            if body is not None:
                self.by_body[body] = self.by_body.get(body, ()) + self._read(reading, laneset)

    def _read(self, reading: Reading, laneset: Element) -> tuple[Lane, ...]:
        found: list[Lane] = []
        pending: list[tuple[Element, Lane | None]] = [(lane, None) for lane in reversed(children(laneset, "lane"))]
        while pending:
            element, parent = pending.pop()
            lane = Lane(
                id=element.get("id") or f"__lane_{line_of(element)}_{len(found)}",
                name=(element.get("name") or "").strip(),
                nodes=tuple(local_reference(text_of(ref)) for ref in children(element, "flowNodeRef")),
                performers=read_performers(reading, element),
                parent="" if parent is None else parent.id,
                line=line_of(element),
            )
            found.append(lane)
            if parent is not None:
                self._parents[lane.id] = parent
            for node in lane.nodes:
                self._of_node[node] = lane
            inner = child(element, "childLaneSet")
            if inner is not None:
                pending += [(nested, lane) for nested in reversed(children(inner, "lane"))]
        return tuple(found)

    def around(self, reading: Reading, node: Element) -> tuple[Lane, ...]:
        """The lanes of a node; what is inside a subprocess lies in the lanes of the subprocess."""
        place: Element | None = node
        while place is not None:
            lane = self._of_node.get(reading.node_ids.get(place, ""))
            if lane is not None:
                return self._chain(lane)
            place = place.getparent()
        return ()

    def _chain(self, lane: Lane) -> tuple[Lane, ...]:
        chain = [lane]
        while chain[-1].id in self._parents:
            chain.append(self._parents[chain[-1].id])
        return tuple(chain)
