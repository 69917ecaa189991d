"""What a process needs to run here, beyond being good BPMN; drawings are spared."""

from engine.checks.running.reachability import REACHABILITY_RULES
from engine.checks.running.tasks import TASK_RULES
from engine.checks.supported import everything_runs

RUNNING_RULES = (everything_runs, *REACHABILITY_RULES, *TASK_RULES)

__all__ = ["RUNNING_RULES"]
