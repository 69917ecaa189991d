"""Time goes on from due to due: each fires in order, ties by arming, with `now` as its due; thresholds follow their clock."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.execution.machine.timers import arm_timer, next_of
from engine.execution.machine.waits import moment
from engine.execution.operations import rests_while_suspended
from engine.execution.runtime import Start, TimerFired, TimerWait
from engine.execution.simulation.delivery import settle as settle_world
from engine.execution.simulation.instances import SimInstance
from engine.execution.simulation.world import World
from engine.model.bpmn import EventKind
from engine.model.clock import ClockState
from engine.model.clock_changes import breach
from engine.model.cycle import Late, Schedule, occurrences_due, parse_cycle
from engine.model.thresholds import parse_threshold, threshold_due, with_settled
from engine.model.thresholds import settle as settle_thresholds


@dataclass(frozen=True, slots=True)
class Turn:
    """What comes next: when, in which order of arming, and to whom."""

    due: datetime
    order: int
    instance: SimInstance | None
    wait_id: str
    occurrence: int | None = None


def pass_time(world: World, until: datetime, *, outage: bool = False) -> None:
    """Fire all that falls due until then, in order; after an outage of a cycle only the latest missed occurrence (R10)."""
    while True:
        _skip_passed_thresholds(world, until if outage else world.now)
        turn = _next(world, until, outage=outage)
        if turn is None:
            break
        world.now = max(world.now, turn.due) if not outage else turn.due
        _fire(world, turn)
        settle_world(world)
    world.now = until
    for instance in world.instances.values():
        for key, clock in instance.clocks.items():
            if clock.state is ClockState.RUNNING and clock.due.instant <= until:
                instance.clocks[key] = breach(clock, until)


def _next(world: World, until: datetime, *, outage: bool) -> Turn | None:
    turns: list[Turn] = []
    for (instance_id, wait_id), order in world.armed.items():
        instance = world.instances[instance_id]
        wait = instance.waits.get(wait_id)
        if not isinstance(wait, TimerWait) or (instance.suspended and rests_while_suspended(wait)):
            continue
        due, occurrence = _due(instance, wait, until if outage else None)
        if due is not None and due <= until:
            turns.append(Turn(due, order, instance, wait_id, occurrence))
    for number, timer in enumerate(world.start_timers):
        due = moment(timer["facts"].get("due")) if isinstance(timer["facts"], dict) else None
        if due is not None and due <= until:
            turns.append(Turn(due, -1, None, str(number)))
    return min(turns, key=lambda turn: (turn.due, turn.order), default=None)


def _due(instance: SimInstance, wait: TimerWait, outage_until: datetime | None) -> tuple[datetime | None, int | None]:
    if wait.threshold is not None:
        clock = instance.clocks.get(wait.threshold.clock)
        return (None if clock is None else threshold_due(clock, wait.threshold.at)), None
    if outage_until is None or not wait.cycle or wait.starts_at is None:
        return wait.due, None
    zone = ZoneInfo(wait.zone)
    late = Late.ALL if wait.late_all else Late.LATEST
    schedule = Schedule(parse_cycle(wait.cycle, zone), wait.starts_at, zone, late)
    found = occurrences_due(schedule, wait.occurrence, outage_until)
    if not found.fire:
        return wait.due, None
    return found.fire[0].at, found.fire[0].number


def _fire(world: World, turn: Turn) -> None:
    if turn.instance is None:
        _start_by_timer(world, int(turn.wait_id))
        return
    wait = turn.instance.waits[turn.wait_id]
    if isinstance(wait, TimerWait) and wait.threshold is not None:
        _fire_threshold(world, turn.instance, wait)
    else:
        world.step(turn.instance, TimerFired(turn.wait_id, turn.occurrence))


def _fire_threshold(world: World, instance: SimInstance, wait: TimerWait) -> None:
    """All that wait for this threshold of the clock fire together; the clock remembers it."""
    if wait.threshold is None:
        return
    clock, at = instance.clocks[wait.threshold.clock], str(parse_threshold(wait.threshold.at))
    together = [w.id for w in _threshold_waits(instance, clock.key) if w.threshold and _same(w.threshold.at, at)]
    instance.clocks[clock.key] = with_settled(clock, fired=[at])
    for wait_id in together:
        if wait_id in instance.waits:
            world.step(instance, TimerFired(wait_id))


def _same(written: str, at: str) -> bool:
    return str(parse_threshold(written)) == at


def _threshold_waits(instance: SimInstance, clock: str) -> list[TimerWait]:
    return [
        wait
        for wait in instance.waits.values()
        if isinstance(wait, TimerWait) and wait.threshold is not None and wait.threshold.clock == clock
    ]


def _skip_passed_thresholds(world: World, now: datetime) -> None:
    """Of several thresholds past at once only the highest fires; the others are recorded as skipped (R11)."""
    for instance in world.instances.values():
        if not instance.is_running:
            continue
        for key, clock in list(instance.clocks.items()):
            wanted = [wait.threshold.at for wait in _threshold_waits(instance, key) if wait.threshold is not None]
            found = settle_thresholds(clock, wanted, now)
            if found.skipped:
                instance.clocks[key] = with_settled(clock, skipped=found.skipped)


def arm_starts(world: World, mapping: Mapping[str, str] | None = None) -> None:
    """Arm the timer start events of the newest files; one that was armed before keeps its time (R17)."""
    renamed = mapping or {}
    before = {
        (renamed.get(process, process), renamed.get(element, element)): timer["facts"]
        for timer in world.start_timers
        for process, element in [(str(timer["process"]), str(timer["element"]))]
    }
    world.start_timers = []
    for start in world.program.starts:
        timer = start.event.timer
        if start.event.kind is EventKind.TIMER and timer is not None and not timer.clock:
            facts = before.get((start.process_id, start.element_id))
            if facts is None:
                value = timer.text if timer.expression is None else timer.expression.evaluate({})
                facts = arm_timer(timer, value, world.now, world.program.processes[start.process_id].zone)
            world.start_timers.append({"process": start.process_id, "element": start.element_id, "facts": facts})


def _start_by_timer(world: World, number: int) -> None:
    timer = world.start_timers[number]
    process, facts = str(timer["process"]), timer["facts"]
    if not isinstance(facts, dict):
        return
    fired = facts.get("number", 1)
    following = next_of(facts, fired if isinstance(fired, int) else 1, world.program.processes[process].zone)
    timer["facts"] = following or {}
    world.start(Start(process, {}, str(timer["element"])))
