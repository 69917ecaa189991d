"""Which names each node reads and which it writes, as far as the files say; what comes from outside is open."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.execution.compiler.code import EventCode, MappingCode, NodeCode, ProgramCode
from engine.execution.expressions import Expression
from engine.model.bpmn import EventKind, NodeKind
from engine.model.dmn import DecisionTable
from engine.model.form import Form

_TOLD = frozenset({NodeKind.RECEIVE_TASK, NodeKind.CATCH_EVENT, NodeKind.BOUNDARY_EVENT, NodeKind.START_EVENT})
_BRING = frozenset({EventKind.MESSAGE, EventKind.SIGNAL, EventKind.ERROR, EventKind.ESCALATION})
_DONE_OUTSIDE = frozenset({NodeKind.SERVICE_TASK, NodeKind.SEND_TASK})
COUNTED = frozenset(
    [
        "loopCounter",
        "nrOfInstances",
        "nrOfActiveInstances",
        "nrOfCompletedInstances",
        "activationCount",
        "waitingForStart",
        "result",
    ]
)
"""Names that the machine gives by itself."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What stands beside the diagrams of a deployment."""

    program: ProgramCode
    forms: Mapping[str, Form]

    def table(self, key: str) -> DecisionTable | None:
        """The table behind a decision's key, where it is one."""
        found = self.program.decisions.get(key)
        if found is None:
            return None
        logic = found.decisions[found.key_of(key)].decision.logic
        return logic if isinstance(logic, DecisionTable) else None


@dataclass(frozen=True, slots=True)
class Writes:
    """`names` leave the node, `kept` are written in its own scope; `open` says that others may come which no file names."""

    names: frozenset[str] = frozenset()
    kept: frozenset[str] = frozenset()
    open: bool = False


def writes_of(node: NodeCode, around: Surroundings) -> Writes:
    """Say what the completion of one node writes, without what the nodes inside it write."""
    own, unknown = _own(node, around)
    mapped = frozenset(each.target for each in node.outputs if each.target)
    used = frozenset[str]().union(*(each.source.names for each in node.outputs if each.source is not None))
    names = (own - used | mapped) if node.outputs else own
    unknown = unknown or any(each.everything for each in node.outputs)
    inner = frozenset(each.target for each in node.inputs if each.target)
    if node.multi is None:
        return Writes(names, inner, unknown)
    collected = frozenset({node.multi.output_collection} - {""})
    return Writes(mapped | collected, inner | names | frozenset({node.multi.item} - {""}), unknown)


def _own(node: NodeCode, around: Surroundings) -> tuple[frozenset[str], bool]:
    source = node.source
    variable = frozenset({source.result_variable} - {""})
    if node.script is not None:
        return node.script.writes, False
    if source.decision is not None:
        return _decided(node, around)
    if source.kind is NodeKind.USER_TASK:
        return _filled_in(node, around)
    if source.kind in _DONE_OUTSIDE and not source.kind.startswith("send"):
        return variable, not (variable or node.outputs or node.script_value)
    if source.kind in _TOLD:
        brings = [event for event in node.events if event.kind in _BRING]
        named = frozenset(event.payload_variable for event in brings if event.payload_variable)
        return named, any(not event.payload_variable for event in brings)
    return variable, False


def _filled_in(node: NodeCode, around: Surroundings) -> tuple[frozenset[str], bool]:
    user = node.source.user
    outcome = frozenset({"outcome"} if user is not None and user.outcomes else ())
    form = around.forms.get(user.form) if user is not None else None
    return (outcome, True) if form is None else (form.names | outcome, False)


def _decided(node: NodeCode, around: Surroundings) -> tuple[frozenset[str], bool]:
    call = node.source.decision
    if call is None or call.result_variable:
        return frozenset({call.result_variable} if call else ()), False
    table = around.table(call.decision)
    return (frozenset(), True) if table is None else (frozenset(o.name for o in table.outputs if o.name), False)


def reads_of(node: NodeCode, around: Surroundings) -> frozenset[str]:
    """Say which names of the scopes around it one node reads."""
    local = frozenset(each.target for each in node.inputs) | COUNTED
    if node.multi is not None:
        local |= {node.multi.item}
    inside = frozenset[str]().union(*(text.names for text in _inside(node)))
    if node.script is not None:
        inside |= node.script.reads
    call = node.source.decision
    if call is not None and (table := around.table(call.decision)) is not None:
        inside |= {
            column.expression.text.strip() for column in table.inputs if column.expression.text.strip().isidentifier()
        }
    taken = frozenset[str]().union(*(each.source.names for each in node.outputs if each.source is not None))
    own, unknown = _own(node, around)
    outside = frozenset[str]().union(*(text.names for text in _outside(node)))
    return (inside - local) | outside - COUNTED | (frozenset() if unknown or node.body else taken - own - local)


def _outside(node: NodeCode) -> Iterator[Expression]:
    """Texts that are worked out beside the node."""
    yield from (flow.condition for flow in node.outgoing if flow.condition is not None)
    yield from _sources(node.inputs)
    if node.multi is not None:
        yield from filter(None, (node.multi.cardinality, node.multi.collection))


def _inside(node: NodeCode) -> Iterator[Expression]:
    """Texts that see the node's own inputs too."""
    user = node.user
    if user is not None:
        yield from filter(None, (user.assignee, user.candidate_users, user.priority, user.due, user.queue, user.role))
    if node.multi is not None:
        yield from filter(None, (node.multi.completion,))
    if node.loop is not None and node.loop.condition is not None and node.body is None:
        yield node.loop.condition
    yield from filter(None, (node.script_value, node.job.to if node.job else None))
    for event in node.events:
        yield from _of_event(event)


def _of_event(event: EventCode) -> Iterator[Expression]:
    yield from filter(None, (event.condition, event.timer.expression if event.timer else None))
    yield from (text for _, text in event.payload)


def _sources(mappings: tuple[MappingCode, ...]) -> Iterator[Expression]:
    yield from (each.source for each in mappings if each.source is not None)
