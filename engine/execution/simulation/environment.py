"""What is set for all is the environment; a process that a condition starts begins when that makes it true (BPMN 2.0.2, 10.5.2)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.execution.compiler.code import StartCode
from engine.execution.expressions import is_true
from engine.execution.runtime import Start
from engine.execution.simulation.world import World


def change_environment(world: World, values: Mapping[str, object]) -> None:
    """Set values of the environment; start each process whose condition was not true and is now, with these values.

    The condition sees nothing of any instance. Where one cannot be judged nothing is changed, and its refusal goes up.
    """
    changed = {**world.environment, **values}
    conditions = [(start, start.event.condition) for start in world.program.starts]
    true = {_key(start): start for start, condition in conditions if condition and is_true(condition.evaluate(changed))}
    beginning = [start for key, start in true.items() if key not in world.true_starts]
    world.environment, world.true_starts = changed, frozenset(true)
    for start in beginning:
        world.start(Start(start.process_id, values, start.element_id, event=start.place))


def _key(start: StartCode) -> str:
    return f"{start.process_id} {start.element_id} {start.place}"
