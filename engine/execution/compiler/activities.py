"""What an activity does is settled once: by its kind, and by what the diagram gives it to do."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.execution.compiler.code import Does, JobCode, LoopCode, MappingCode, MultiCode, UserCode
from engine.execution.compiler.refusals import Refusals
from engine.execution.decisions import DecisionSet
from engine.execution.expressions import Expression, Script, in_our_words
from engine.model.bpmn import (
    DataMapping,
    EventDefinition,
    EventKind,
    ExpressionText,
    MultiInstance,
    Node,
    NodeKind,
    StandardLoop,
)
from engine.model.errors import Message


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What names inside a process may refer to."""

    processes: frozenset[str]
    decisions: Mapping[str, DecisionSet]


@dataclass(frozen=True, slots=True)
class Work:
    """What a node does, and the compiled things that it does it with."""

    does: Does
    job: JobCode | None = None
    script: Script | None = None
    script_value: Expression | None = None
    user: UserCode | None = None
    called: str = ""


_BY_KIND = {
    NodeKind.START_EVENT: Does.PASS,
    NodeKind.CATCH_EVENT: Does.CATCH,
    NodeKind.BOUNDARY_EVENT: Does.BOUNDARY,
    NodeKind.TASK: Does.PASS,
    NodeKind.MANUAL_TASK: Does.PASS,
    NodeKind.RECEIVE_TASK: Does.RECEIVE,
    NodeKind.EXCLUSIVE: Does.EXCLUSIVE,
    NodeKind.PARALLEL: Does.PARALLEL,
    NodeKind.INCLUSIVE: Does.INCLUSIVE,
    NodeKind.EVENT_BASED: Does.EVENT_BASED,
    NodeKind.COMPLEX: Does.COMPLEX,
}


def work_of(refusals: Refusals, node: Node, around: Surroundings) -> Work:
    """Settle what the node does; what the machine cannot do is a finding and passes for the rest of the compilation."""
    match node.kind:
        case NodeKind.USER_TASK:
            return Work(Does.USER, user=_user(refusals, node))
        case NodeKind.RECEIVE_TASK if not node.events:  # no message can come: a person confirms the receipt
            return Work(Does.USER, user=_user(refusals, node))
        case NodeKind.SERVICE_TASK:
            return _job(refusals, node)
        case NodeKind.SEND_TASK | NodeKind.THROW_EVENT | NodeKind.END_EVENT:
            return _sending(refusals, node)
        case NodeKind.SCRIPT_TASK:
            return _script(refusals, node)
        case NodeKind.RULE_TASK:
            return _rule(refusals, node, around)
        case NodeKind.CALL_ACTIVITY:
            return _call(refusals, node, around)
        case NodeKind.SUBPROCESS | NodeKind.TRANSACTION | NodeKind.AD_HOC:
            return Work(Does.EVENT_SUBPROCESS if node.triggered_by_event else Does.SUBPROCESS)
        case NodeKind.CATCH_EVENT if any(event.kind is EventKind.LINK for event in node.events):
            return Work(Does.PASS)
        case kind:
            return Work(_BY_KIND.get(kind, Does.PASS))  # what does not run is a finding of its own


def _user(refusals: Refusals, node: Node) -> UserCode:
    facts = node.user
    code = UserCode(
        assignee=refusals.text(node.performers.assignee),
        candidate_users=refusals.text(node.performers.candidate_users),
        candidate_groups=node.performers.candidate_groups,
        priority=refusals.text(facts.priority if facts else None),
        due=refusals.text(facts.due if facts else None),
        queue=_computed(refusals, node.performers.queue),
        role=_computed(refusals, node.performers.role),
    )
    worked_out = (code.assignee, code.candidate_users, code.priority, code.due, code.queue, code.role)
    return replace(code, is_fixed=not any(worked_out))


def _computed(refusals: Refusals, written: str) -> Expression | None:
    """A name that begins with = is worked out when its task opens."""
    return refusals.text(ExpressionText(written, "feel")) if written.startswith("=") else None


def _job(refusals: Refusals, node: Node) -> Work:
    if node.notify is not None:
        to = node.notify.to
        return Work(Does.JOB, JobCode("notify", key=to, to=_computed(refusals, to), letter=node.notify.letter))
    connector = node.connector
    if connector is not None:
        job = JobCode("connector", connector.key, attempts=connector.attempts, backoff=connector.backoff)
        return Work(Does.JOB, job)
    if node.script is not None:
        return Work(Does.SCRIPT, script_value=refusals.text(node.script))
    refusals.refuse(
        Message("service_without_work", "The {kind} names no connector and no letter.", {"kind": node.kind.value}),
        Message("service_without_work_remedy", "Give it an mg:connector or mg:notify, or make it a manual task."),
    )
    return Work(Does.PASS)


def _sending(refusals: Refusals, node: Node) -> Work:
    if node.notify is not None or node.connector is not None:
        return _job(refusals, node)
    if node.kind is NodeKind.END_EVENT:
        return Work(Does.END)
    if node.kind is NodeKind.THROW_EVENT:
        linking = any(event.kind is EventKind.LINK for event in node.events)
        return Work(Does.THROW if node.events and not linking else Does.PASS)
    return Work(Does.THROW) if node.events else _job(refusals, node)


def _script(refusals: Refusals, node: Node) -> Work:
    if node.script is None or not node.script.body.strip():
        return Work(Does.PASS)
    if node.result_variable:
        ours = in_our_words(node.script.body, node.script.language)
        value = node.script if ours is None else ExpressionText(ours, "python", node.script.line)
        return Work(Does.SCRIPT, script_value=refusals.text(value))
    return Work(Does.SCRIPT, script=refusals.script(node.script))


def _rule(refusals: Refusals, node: Node, around: Surroundings) -> Work:
    call = node.decision
    if call is None and (node.connector or node.notify):
        return _job(refusals, node)
    key = call.decision if call else ""
    if key not in around.decisions and not (key and call and leads_elsewhere(call.binding)):
        refusals.refuse(
            Message("decision_unknown", "The decision “{decision}” is in none of the files.", {"decision": key}),
            Message("decision_unknown_remedy", "Name a decision of a DMN file of the same deployment."),
        )
    if call:
        _check_binding(refusals, call.binding)
    return Work(Does.RULE)


def _call(refusals: Refusals, node: Node, around: Surroundings) -> Work:
    call = node.call
    called = call.process if call else ""
    if called not in around.processes and not (called and call and leads_elsewhere(call.binding)):
        refusals.refuse(
            Message("process_unknown", "The called process “{process}” is in none of the files.", {"process": called}),
            Message("process_unknown_remedy", "Name a process of a BPMN file of the same deployment."),
        )
    if call:
        _check_binding(refusals, call.binding)
    return Work(Does.CALL, called=called)


def _check_binding(refusals: Refusals, binding: str) -> None:
    if binding not in ("", "deployment") and not leads_elsewhere(binding):
        refusals.refuse(
            Message("binding_not_run", "The binding “{binding}” says no version.", {"binding": binding}),
            Message("binding_not_run_remedy", "Write deployment, latest or version:3."),
        )


def leads_elsewhere(binding: str) -> bool:
    """Whether the reference is looked up when it is used, in the deployments of that moment (R17)."""
    kind, _, number = binding.partition(":")
    return binding == "latest" or (kind == "version" and number.isdecimal())


def mappings(refusals: Refusals, written: tuple[DataMapping, ...]) -> tuple[MappingCode, ...]:
    """Compile data mappings in file order."""
    return tuple(MappingCode(m.target, refusals.text(m.source), m.everything) for m in written)


def multi(refusals: Refusals, marker: MultiInstance | None) -> MultiCode | None:
    """Compile a multi-instance marker; one that says no number is a finding."""
    if marker is None:
        return None
    thrown = marker.throws if marker.behavior in ("one", "none") else None
    code = MultiCode(
        marker.sequential,
        cardinality=refusals.text(marker.cardinality),
        collection=refusals.text(marker.collection),
        item=marker.item,
        output_collection=marker.output_collection,
        output_item=refusals.text(marker.output_item),
        completion=refusals.text(marker.completion),
        throws=None if thrown is None else _known_by(thrown),
        throws_each=marker.behavior == "none",
        complex=_complex(refusals, marker) if marker.behavior == "complex" else (),
    )
    if marker.cardinality is None and marker.collection is None:
        refusals.refuse(
            Message("multi_without_number", "The multi-instance activity says neither a number nor a collection."),
            Message("multi_without_number_remedy", "Write a loop cardinality or name a collection."),
        )
    return code


def _known_by(event: EventDefinition) -> tuple[EventKind, str]:
    return event.kind, event.name or event.code or ""


def _complex(refusals: Refusals, marker: MultiInstance) -> tuple[tuple[Expression, tuple[EventKind, str]], ...]:
    written = ((refusals.text(each.condition), each.throws) for each in marker.complex)
    return tuple((condition, _known_by(event)) for condition, event in written if condition is not None and event)


def loop(refusals: Refusals, marker: StandardLoop | None) -> LoopCode | None:
    """Compile a standard loop marker."""
    if marker is None:
        return None
    return LoopCode(refusals.text(marker.condition), marker.test_before, marker.maximum)
