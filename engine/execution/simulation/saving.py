"""A simulation is saved as one canonical JSON text; its files are given again when it is restored."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypeAlias

from engine.execution.machine.stepping import open_waits
from engine.execution.programs import runtime_named
from engine.execution.simulation.instances import SimInstance
from engine.execution.simulation.library import Shelf, known_version
from engine.execution.simulation.records import DecisionRecord, Incident, Notice
from engine.execution.simulation.world import Connectors, KeptMessage, World
from engine.model.clock_rows import clock_from_plain, clock_to_plain
from engine.model.errors import Invalid
from engine.model.values import canonical_json, from_canonical

FORMAT = 1
Saved: TypeAlias = dict[str, Any]  # a JSON object; its shape is what this module writes


def saved_world(world: World) -> bytes:
    """Write everything but the files and the connectors."""
    plain: Saved = {
        "format": FORMAT,
        "runtime": world.runtime.name,
        "now": world.now,
        "counter": world.counter,
        "arming": world.arming,
        "instances": [_instance(instance) for instance in world.instances.values()],
        "armed": [[instance, wait, order] for (instance, wait), order in world.armed.items()],
        "kept": [[m.name, dict(m.payload), dict(m.correlation), m.at] for m in world.kept],
        "notices": [[n.letter, n.to, n.element_id, n.instance, n.at] for n in world.notices],
        "start_timers": world.start_timers,
    }
    if world.environment:
        plain["environment"] = {"values": dict(world.environment), "true": sorted(world.true_starts)}
    if world.stores:
        plain["stores"] = world.stores
    if older := world.shelf.versions[:-1]:
        plain["older"] = [{name: b64encode(data).decode() for name, data in v.files.items()} for v in older]
    return canonical_json(plain).encode()


def _instance(instance: SimInstance) -> Saved:
    return {
        "id": instance.id,
        "process": instance.process_id,
        "digest": instance.program.digest,
        "state": instance.state,
        "ended": instance.ended,
        "suspended": instance.suspended,
        "trace": instance.trace,
        "clocks": {key: clock_to_plain(clock) for key, clock in instance.clocks.items()},
        "incidents": [[i.element_id, i.code, i.message, i.id] for i in instance.incidents.values()],
        "decisions": [[d.decision, d.result, list(d.fired)] for d in instance.decisions],
        "performers": instance.performers,
    }


def read_world(data: bytes, files: Mapping[str, bytes], connectors: Connectors) -> World:
    """Make a world from what was saved and the files of its newest version; raise Invalid for anything else."""
    try:
        return _world(_object(from_canonical(data.decode())), files, connectors)
    except (ValueError, KeyError, TypeError, IndexError, AttributeError) as error:
        raise _unreadable() from error


def _world(saved: Saved, files: Mapping[str, bytes], connectors: Connectors) -> World:
    if saved.get("format") != FORMAT:
        raise _unreadable()
    shelf = Shelf()
    for older in saved.get("older", ()):
        shelf.add(known_version({name: b64decode(text) for name, text in older.items()}))
    world = World(known_version(files), connectors, saved["now"], shelf=shelf)
    world.runtime = runtime_named(saved.get("runtime", "machine"))
    world.counter, world.arming = saved["counter"], saved["arming"]
    for row in saved["instances"]:
        world.instances[row["id"]] = _read_instance(row, world)
    world.armed = {(instance, wait): order for instance, wait, order in saved["armed"]}
    world.kept = [KeptMessage(name, payload, keys, at) for name, payload, keys, at in saved["kept"]]
    world.notices = [Notice(*row) for row in saved["notices"]]
    world.start_timers = saved["start_timers"]
    world.stores = saved.get("stores", {})
    around = saved.get("environment", {"values": {}, "true": ()})
    world.environment, world.true_starts = around["values"], frozenset(around["true"])
    return world


def _read_instance(row: Saved, world: World) -> SimInstance:
    program = world.shelf.of_digest(row.get("digest", "")) or world.program
    instance = SimInstance(row["id"], row["process"], program, row["state"], row["ended"], row["suspended"])
    instance.waits = {wait.id: wait for wait in open_waits(program, row["state"])}
    instance.trace = row["trace"]
    instance.clocks = {key: clock_from_plain(clock) for key, clock in row["clocks"].items()}
    instance.incidents = {i[3]: Incident(i[0], i[1], i[2], instance.id, i[3]) for i in row["incidents"]}
    instance.decisions = [DecisionRecord(d[0], d[1], tuple(d[2]), instance.id) for d in row["decisions"]]
    instance.performers = row["performers"]
    return instance


def _unreadable() -> Invalid:
    return Invalid("simulation_format", "This is no saved simulation that this version can read.")


def _object(value: object) -> Saved:
    if not isinstance(value, dict):
        raise _unreadable()
    return value


def moment_of(world: World, now: datetime) -> datetime:
    """The later of the saved moment and the given one; time does not run backwards."""
    return max(world.now, now)
