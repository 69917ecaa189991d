"""A token leaves a node by its outgoing flows, in file order; a single one carries it on, several make new tokens."""

from __future__ import annotations

from collections.abc import Sequence

from engine.execution.compiler.code import Does, FlowCode, NodeCode
from engine.execution.expressions import is_true
from engine.execution.machine.run import Run, Stuck
from engine.execution.machine.state import Phase, Token


def leave(run: Run, token: Token) -> None:
    """Send the token on; a node without outgoing flows ends it."""
    node = token.node
    token.phase = Phase.LEAVE
    if node.plain:
        if node.outgoing:  # as `follow` does; by far the most tokens go this way
            flow = node.outgoing[0]
            token.node = token.scope.process.nodes[flow.target]
            token.via = flow.id
            token.phase = Phase.ENTER
            token.inputs = token.data = None
            run.queue.appendleft(token)
        else:
            run.drop(token)
    elif node.links >= 0:
        arrive(run, token, token.scope.process.nodes[node.links], "")
    else:
        fork(run, token, [flow for flow in choose(run, token) for _ in range(node.gives)])


def follow(run: Run, token: Token, flow: FlowCode) -> None:
    """Carry the token along one flow."""
    arrive(run, token, token.scope.process.nodes[flow.target], flow.id)


def arrive(run: Run, token: Token, node: NodeCode, via: str) -> None:
    """Put the token before a node; it goes on before all others."""
    token.node = node
    token.via = via
    token.phase = Phase.ENTER
    token.inputs = None
    token.data = None
    run.queue.appendleft(token)


def fork(run: Run, token: Token, flows: Sequence[FlowCode]) -> None:
    """Send the token along all these flows; each gets a token of its own, which wait for their turn."""
    if len(flows) == 1:
        follow(run, token, flows[0])
        return
    nodes = token.scope.process.nodes
    for flow in flows:
        branch = run.spawn(token.scope, nodes[flow.target])
        branch.via = flow.id
        run.queue.append(branch)
    run.remove(token)


def choose(run: Run, token: Token) -> Sequence[FlowCode]:
    """Give the flows that the token takes; raise Stuck where none is true and there is no default."""
    node = token.node
    if node.does is Does.PARALLEL:
        return node.outgoing
    view = run.view(token.scope, token.inputs) if node.does is Does.COMPLEX else run.view(token.scope)
    taken: list[FlowCode] = []
    for flow in node.outgoing:
        if flow.is_default:
            continue
        if flow.condition is None or is_true(flow.condition.evaluate(view)):
            taken.append(flow)
            if node.does is Does.EXCLUSIVE:
                return taken
    if taken:
        return taken
    if node.default is not None:
        return (node.default,)
    raise Stuck(
        "no_flow",
        "None of the ways out of “{element}” is true, and none is the default; correct the values and try again.",
        element=node.source.name or node.id,
    )
