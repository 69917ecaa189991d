"""A token leaves a node by its outgoing flows, in file order; a single one carries it on, several make new tokens."""

from __future__ import annotations

from collections.abc import Sequence

from engine.execution.compiler.code import Does, FlowCode, NodeCode
from engine.execution.expressions import is_true
from engine.execution.machine.reading import view_of
from engine.execution.machine.run import Run, Stuck
from engine.execution.machine.state import Phase, Token

_ENTER, _LEAVE = Phase.ENTER, Phase.LEAVE  # an enumeration's member costs a look-up each time it is named


def leave(run: Run, token: Token) -> None:
    """Send the token on; a node without outgoing flows ends it."""
    node = token.node
    token.phase = _LEAVE
    if node.plain:
        if node.outgoing:  # as `follow` does; by far the most tokens go this way
            flow = node.outgoing[0]
            token.node = token.scope.process.nodes[flow.target]
            token.via = flow.id
            token.phase = _ENTER
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
    token.phase = _ENTER
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
    taken = [
        flow
        for flow in node.outgoing
        if not flow.is_default and (flow.condition is None or is_true(flow.condition.evaluate(view)))
    ]
    return taken or (default_of(node),)


def choose_one(run: Run, token: Token) -> FlowCode:
    """Give the first flow that is true, else the default; raise Stuck where there is neither."""
    node = token.node
    view = view_of(token.scope, run.facts)
    for flow in node.outgoing:
        condition = flow.condition
        if not flow.is_default and (condition is None or is_true(condition.evaluate(view))):
            return flow
    return default_of(node)


def default_of(node: NodeCode) -> FlowCode:
    """Give the default flow; raise Stuck where there is none."""
    if node.default is not None:
        return node.default
    raise Stuck(
        "no_flow",
        "None of the ways out of “{element}” is true, and none is the default; correct the values and try again.",
        element=node.source.name or node.id,
    )
