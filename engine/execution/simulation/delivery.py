"""Messages go to the one that waits for them, else start a process, else are kept; signals go to all of their moment (R15)."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta

from engine.execution.compiler import StartCode
from engine.execution.correlation import accepts
from engine.execution.machine import visible
from engine.execution.runtime import (
    MessageReceived,
    MessageThrown,
    MessageWait,
    SignalReceived,
    SignalThrown,
    SignalWait,
    Start,
)
from engine.execution.simulation.instances import SimInstance
from engine.execution.simulation.world import KeptMessage, World
from engine.model.bpmn import EventKind, NodeKind
from engine.model.errors import Conflict, MakegoodError, NotFound

TIME_TO_LIVE = timedelta(days=30)
_SETTLE = 100_000
_THROWING = frozenset({NodeKind.THROW_EVENT, NodeKind.END_EVENT, NodeKind.SEND_TASK})


def settle(world: World) -> None:
    """Do all that is to be done at this moment: thrown messages and signals, kept messages, jobs."""
    for _ in range(_SETTLE):
        if world.thrown:
            _deliver_thrown(world, *world.thrown.popleft())
        elif world.subscribed:
            _offer_kept(world, *world.subscribed.pop(0))
        elif world.jobs:
            world.run_job(*world.jobs.popleft())
        else:
            return
    raise Conflict("simulation_endless", "The instances keep each other busy without end; correct the diagrams.")


def send(world: World, message: KeptMessage) -> int:
    """Deliver a message; give how many instances took it. Raises Conflict where several wait, NotFound where nobody ever will."""
    found = _waiting_for(world, message)
    if len(found) > 1:
        raise Conflict(
            "message_ambiguous",
            "{count} places wait for the message “{name}”; give it a key that tells them apart.",
            count=len(found),
            name=message.name,
        )
    if found:
        instance, wait = found[0]
        world.step(instance, MessageReceived(wait.id, message.payload, message.correlation))
        return 1
    starts = [start for start in world.program.starts if _is(start, EventKind.MESSAGE, message.name)]
    if len(starts) > 1:
        raise Conflict(
            "message_ambiguous_start", "Several processes start with the message “{name}”.", name=message.name
        )
    if starts:
        values = {**message.payload, **message.correlation}
        world.start(Start(starts[0].process_id, values, starts[0].element_id, event=starts[0].place))
        return 1
    if not _can_be_received(world, message.name):
        raise NotFound("message_unknown", "No process here ever waits for the message “{name}”.", name=message.name)
    world.kept.append(message)
    return 0


def _waiting_for(world: World, message: KeptMessage) -> list[tuple[SimInstance, MessageWait]]:
    return [
        (instance, wait)
        for instance in world.instances.values()
        if instance.is_running and not instance.suspended
        for wait in instance.waits.values()
        if isinstance(wait, MessageWait) and _fits(instance, wait, message)
    ]


def _fits(instance: SimInstance, wait: MessageWait, message: KeptMessage) -> bool:
    if wait.name != message.name:
        return False
    needs_variables = bool(message.correlation.keys() - (wait.correlation or {}).keys())
    known = visible(instance.program, instance.state, wait.id, {}) if needs_variables else {}
    return accepts(wait, message.correlation, message.payload, known)


def _is(start: StartCode, kind: EventKind, name: str) -> bool:
    return start.event.kind is kind and start.event.name == name


def _can_be_received(world: World, name: str) -> bool:
    return any(
        event.kind is EventKind.MESSAGE and event.name == name and node.source.kind not in _THROWING
        for process in world.program.processes.values()
        for node in process.nodes
        for event in node.events
    )


def _offer_kept(world: World, instance_id: str, wait_id: str) -> None:
    """A new subscription takes the oldest kept message that fits it."""
    instance = world.instance(instance_id)
    wait = instance.waits.get(wait_id)
    if not isinstance(wait, MessageWait) or instance.suspended:
        return
    world.kept = [message for message in world.kept if message.at + TIME_TO_LIVE > world.now]
    for message in world.kept:
        if _fits(instance, wait, message):
            world.kept.remove(message)
            world.step(instance, MessageReceived(wait.id, message.payload, message.correlation))
            if wait_id in instance.waits:
                world.subscribed.append((instance_id, wait_id))  # it stays open and may take the next one
            return


def _deliver_thrown(world: World, thrower: str, thrown: MessageThrown | SignalThrown) -> None:
    if isinstance(thrown, SignalThrown):
        broadcast(world, thrown.name, thrown.payload, but=thrower)
        return
    message = KeptMessage(thrown.name, thrown.payload, thrown.correlation or {}, world.now)
    try:
        send(world, message)
    except NotFound:
        return  # thrown to somewhere outside these files
    except MakegoodError as error:
        instance = world.instance(thrower)
        instance.add_incident(f"message-{len(instance.incidents)}", thrown.element_id, error.message)


def broadcast(world: World, name: str, payload: Mapping[str, object], *, but: str = "") -> int:
    """Give a signal to all who wait for it now, and start what it starts; give how many took it."""
    taken = 0
    for instance in [i for i in world.instances.values() if i.is_running and not i.suspended and i.id != but]:
        hit = False
        for wait in [w for w in instance.waits.values() if isinstance(w, SignalWait) and w.name == name]:
            if wait.id in instance.waits:
                world.step(instance, SignalReceived(wait.id, payload))
                hit = True
        taken += hit
    for start in world.program.starts:
        if _is(start, EventKind.SIGNAL, name):
            world.start(Start(start.process_id, payload, start.element_id, event=start.place))
            taken += 1
    return taken
