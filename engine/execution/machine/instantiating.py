"""A message begins a process at a receive task or behind an event-based gateway: what came is done, the rest is waited for."""

from __future__ import annotations

from engine.execution.compiler.code import Does, NodeCode
from engine.execution.machine.arming import open_all, plan_catch
from engine.execution.machine.run import Run
from engine.execution.machine.state import Phase, Role


def begin_inside(run: Run, node: NodeCode) -> None:
    """Begin as if the node had waited; behind a parallel gateway the other events are still awaited (BPMN 2.0.2, 10.6.6)."""
    root = run.state.root
    gateway = _gateway_before(root.process.nodes, node)
    if gateway is not None:
        run.log += [gateway.entered, gateway.completed]
    run.log.append(node.entered)
    _remember_keys(run, node)
    token = run.spawn(root, node)
    token.phase = Phase.TAKE
    run.queue.append(token)
    if gateway is None or gateway.source.event_gateway_type != "Parallel":
        return
    for flow in gateway.outgoing:
        if flow.target != node.index:
            other = run.spawn(root, root.process.nodes[flow.target])
            other.via = flow.id
            run.queue.append(other)


def await_others(run: Run, node: NodeCode, came: int) -> None:
    """Begin at a start event that wants several triggers together: one came, the others are waited for."""
    run.log.append(node.entered)
    _remember_keys(run, node)
    token = run.spawn(run.state.root, node)
    left = [each for each in plan_catch(run, run.state.root, node, Role.OWN) if each.event != came]
    if left:
        open_all(run, token, left)
        return
    token.phase = Phase.TAKE
    run.queue.append(token)


def _gateway_before(nodes: tuple[NodeCode, ...], node: NodeCode) -> NodeCode | None:
    before = (each for each in nodes if each.does is Does.EVENT_BASED and each.source.instantiate)
    return next((each for each in before if any(flow.target == node.index for flow in each.outgoing)), None)


def _remember_keys(run: Run, node: NodeCode) -> None:
    """The first message sets the key, by which the other messages of this instance are known (R15)."""
    view = run.view(run.state.root)
    for event in node.events:
        for key, text in event.correlation:
            value = text.evaluate(view)
            if value is not None:
                run.state.keys.setdefault(key, value)
