"""The rules of BPMN 2.0.2 itself; they hold for drawings and for processes that run."""

from engine.checks.standard.boundaries import BOUNDARY_RULES
from engine.checks.standard.collaborations import COLLABORATION_RULES
from engine.checks.standard.data import DATA_RULES
from engine.checks.standard.events import EVENT_RULES
from engine.checks.standard.flows import FLOW_RULES
from engine.checks.standard.subprocesses import SUBPROCESS_RULES

LEVEL_RULES = (*FLOW_RULES, *EVENT_RULES, *BOUNDARY_RULES, *SUBPROCESS_RULES)
FILE_RULES = (*DATA_RULES, *COLLABORATION_RULES)

__all__ = ["FILE_RULES", "LEVEL_RULES"]
