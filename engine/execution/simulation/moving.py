"""Running instances move to changed files where every element that they stand on is still there, of the same kind."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping

from engine.execution.compiler import ProgramCode
from engine.execution.compiler.code import NodeCode, ProcessCode
from engine.execution.machine.state import State
from engine.execution.machine.state_reading import read_state
from engine.execution.machine.state_text import write_state
from engine.execution.machine.stepping import open_waits
from engine.execution.simulation.instances import SimInstance
from engine.execution.simulation.records import MigrationReport
from engine.execution.simulation.world import World

Map = Mapping[str, str]
_PINNED = "An instance on SpiffWorkflow ends on the version that it started on."


def migrate(world: World, program: ProgramCode, mapping: Map, *, dry_run: bool) -> MigrationReport:
    """Move each running instance that can be moved; the others stay as they are, each with its reasons."""
    report = MigrationReport()
    moved: dict[str, str] = {}
    for instance in world.instances.values():
        if not instance.is_running:
            continue
        reasons = _reasons(instance, program, mapping) if world.runtime.name == "machine" else [_PINNED]
        if reasons:
            report.blocked[instance.id] = reasons
        else:
            report.moved.append(instance.id)
            moved[instance.id] = _renamed(instance.state, (instance.program, program), mapping)
    if not dry_run:
        _take_over(world, program, moved)
    return report


def _take_over(world: World, program: ProgramCode, moved: Map) -> None:
    world.program = program
    for instance_id, state in moved.items():
        instance = world.instances[instance_id]
        instance.state = state
        instance.program = program
        instance.waits = {wait.id: wait for wait in open_waits(program, state)}


def _reasons(instance: SimInstance, new: ProgramCode, mapping: Map) -> list[str]:
    state = read_state(instance.state, instance.program)
    reasons: list[str] = []
    for process, nodes in _stands_on(state):
        if process.digest != instance.program.digest:
            continue  # called in another deployment, which does not change
        target = new.processes.get(mapping.get(process.id, process.id))
        if target is None:
            reasons.append(f"The new files have no process “{process.id}”.")
            continue
        for node in nodes:
            reasons += _reason(node, process, target, mapping)
    return list(dict.fromkeys(reasons))


def _stands_on(state: State) -> Iterable[tuple[ProcessCode, list[NodeCode]]]:
    for scope in state.scopes.values():
        nodes = [token.node for token in scope.tokens.values()] + [scope.process.nodes[i] for i in scope.joins]
        nodes += [waiting.node for waiting in scope.waits.values()]
        nodes += [waiting.node for token in scope.tokens.values() for waiting in token.waits.values()]
        yield scope.process, nodes


def _reason(node: NodeCode, process: ProcessCode, target: ProcessCode, mapping: Map) -> list[str]:
    found = target.by_id.get(mapping.get(node.id, node.id))
    if found is None:
        return [f"The new “{target.id}” has no element “{mapping.get(node.id, node.id)}”."]
    if found.does is not node.does or len(found.events) != len(node.events):
        return [f"“{node.id}” is a {node.source.kind}, but “{found.id}” a {found.source.kind}."]
    if [mapping.get(process.nodes[i].id, process.nodes[i].id) for i in node.armed] != [
        target.nodes[i].id for i in found.armed
    ]:
        return [f"“{found.id}” has other boundary events than “{node.id}”."]
    if node.index in process.reaches and node.incoming != found.incoming:
        return [f"The half-filled join “{node.id}” has other incoming flows."]
    return []


def _renamed(text: str, programs: tuple[ProgramCode, ProgramCode], mapping: Map) -> str:
    """Rename the elements in a copy of the state and write it for the new program."""
    old, new = programs
    saved = json.loads(text)
    for row in (*saved["scopes"], *saved["tokens"], *saved["waits"], *saved["incidents"]):
        if row.get("digest") == old.digest:
            row["digest"] = new.digest
        for place in ("node", "process"):
            if place in row:
                row[place] = mapping.get(row[place], row[place])
        if "joins" in row:
            row["joins"] = {mapping.get(name, name): counts for name, counts in row["joins"].items()}
    saved["process"] = mapping.get(saved["process"], saved["process"])
    return write_state(read_state(json.dumps(saved), new), new.digest)
