"""The rules of BPMN 2.0.2 itself; they hold for drawings and for processes that run."""

from collections.abc import Iterator

from engine.definitions.standard.boundaries import BOUNDARY_RULES
from engine.definitions.standard.collaborations import COLLABORATION_RULES
from engine.definitions.standard.data import DATA_RULES
from engine.definitions.standard.diagram import Diagram
from engine.definitions.standard.events import EVENT_RULES
from engine.definitions.standard.flows import FLOW_RULES
from engine.definitions.standard.moved_data import MOVED_DATA_RULES
from engine.definitions.standard.subprocesses import SUBPROCESS_RULES
from engine.model.errors import Finding

LEVEL_RULES = (*FLOW_RULES, *EVENT_RULES, *BOUNDARY_RULES, *SUBPROCESS_RULES)
FILE_RULES = (*DATA_RULES, *MOVED_DATA_RULES, *COLLABORATION_RULES)


def standard_findings(diagram: Diagram) -> Iterator[Finding]:
    """Give what BPMN's own rules say about one file, without what reading it found."""
    for file_rule in FILE_RULES:
        yield from file_rule(diagram)
    for level in diagram.levels():
        for level_rule in LEVEL_RULES:
            yield from level_rule(level)


__all__ = ["standard_findings"]
