"""An element may take the place of another where what is at work there can go on in it; else the instance stays (R19)."""

from __future__ import annotations

from engine.execution.compiler.code import Does, NodeCode, ProcessCode
from engine.execution.machine.state import Phase, Scope, ScopeKind, Token, WaitKind
from engine.execution.operations.crossing import Crossing
from engine.execution.operations.working import named
from engine.model.bpmn import NodeKind
from engine.model.errors import Message

FLOW_WITHOUT_ID = "__sequenceFlow_"
_ALIKE = ({Does.RECEIVE, Does.CATCH},)
_PLAIN_BODIES = {NodeKind.SUBPROCESS, NodeKind.TRANSACTION}
_NEVER = frozenset({Does.BOUNDARY, Does.EVENT_SUBPROCESS})


def check_tokens(crossing: Crossing) -> None:
    """Note every reason why a token cannot stand in the new version where it would."""
    stuck = {t.token.id: t.phase for t in crossing.state.troubles.values() if t.token is not None}
    for token, home in crossing.owners():
        found = crossing.needed(token.node, home)
        if found is None:
            continue
        if token.id in stuck and stuck[token.id] in (Phase.ENTER, Phase.PERFORM) and not (token.waits or token.below):
            _check_again(crossing, token.node, found)
        else:
            _check_going_on(crossing, token, found)


def _check_again(crossing: Crossing, node: NodeCode, found: NodeCode) -> None:
    """What stopped is tried again as a whole, so another kind may take its place: diagrams are mended that way."""
    if found.does in _NEVER or found.joins or found.source.kind is NodeKind.START_EVENT:
        _differs(crossing, node, found)


def _check_going_on(crossing: Crossing, token: Token, found: NodeCode) -> None:
    node = token.node
    if not _are_alike(node, found) or [e.kind for e in node.events] != [e.kind for e in found.events]:
        _differs(crossing, node, found)
        return
    if (node.multi is None, node.loop is None) != (found.multi is None, found.loop is None):
        crossing.refuse(
            Message(
                "migrate_times",
                "“{element}” is at work and is done once in one version, several times in the other; let it end first.",
                {"element": named(node)},
            )
        )
    elif node.multi is not None and found.multi is not None and node.multi.sequential != found.multi.sequential:
        crossing.refuse(
            Message(
                "migrate_order",
                "The items of “{element}” are at work, one by one in one version, all at once in the other; let them end first.",
                {"element": named(node)},
            )
        )
    _check_jobs(crossing, token, found)
    for scope in token.below.values():
        if scope.kind is ScopeKind.CALL:
            _check_call(crossing, scope, found)


def _are_alike(node: NodeCode, found: NodeCode) -> bool:
    if node.does is Does.SUBPROCESS and found.does is Does.SUBPROCESS:
        return node.source.kind is found.source.kind or {node.source.kind, found.source.kind} == _PLAIN_BODIES
    return node.does is found.does or any({node.does, found.does} == alike for alike in _ALIKE)


def _differs(crossing: Crossing, node: NodeCode, found: NodeCode) -> None:
    crossing.refuse(
        Message(
            "migrate_kind",
            "“{element}” cannot go on as “{other}”, which is another kind of element in the new version; say what else takes its place.",
            {"element": named(node), "other": named(found)},
        )
    )


def _check_jobs(crossing: Crossing, token: Token, found: NodeCode) -> None:
    """A job in flight was given to one connector; its result belongs to no other, unless somebody says so."""
    node = token.node
    for waiting in token.waits.values():
        if waiting.kind is not WaitKind.JOB or waiting.facts.get("go") or node.id in crossing.plan.mapping:
            continue
        old, new = node.job, found.job
        if old is None or new is None or (old.kind, old.key, old.letter) != (new.kind, new.key, new.letter):
            crossing.refuse(
                Message(
                    "migrate_job",
                    "“{element}” is being done at this moment, and the new version does it otherwise; "
                    "wait for its result, or say that “{element}” takes its own place.",
                    {"element": named(node)},
                )
            )


def _check_call(crossing: Crossing, scope: Scope, found: NodeCode) -> None:
    """A called process goes on in the process that takes its place, which the new activity has to call."""
    at_work = scope.process.id
    wanted = crossing.renamed(at_work) if scope.id in crossing.homes else at_work
    if found.called != wanted:
        crossing.refuse(
            Message(
                "migrate_call",
                "“{element}” has called the process “{process}”, which is still at work, and would call “{other}” now; "
                "let it end first, or say that “{other}” takes the place of “{process}”.",
                {"element": named(found), "process": at_work, "other": found.called},
            )
        )


def join_flows(crossing: Crossing, scope: Scope, join: NodeCode, home: ProcessCode) -> dict[str, str] | None:
    """Give what takes the place of each flow that holds a token before a half-filled join; None where something does not."""
    found = crossing.needed(join, home)
    if found is None:
        return None
    sources = {flow.id: scope.process.nodes[flow.source] for node in scope.process.nodes for flow in node.outgoing}
    came = dict.fromkeys([*scope.joins.get(join.index, ()), *scope.resets.get(join.index, ())])
    images = {flow: _flow(crossing, (flow, sources[flow]), found, home) for flow in came}
    kept = {flow: image for flow, image in images.items() if image is not None}
    fits = found.joins and found.does is join.does and found.needs == join.needs
    if fits and len(kept) == len(images) == len(set(kept.values())):
        return kept
    if is_released(crossing, join, found):
        return {}
    crossing.refuse(
        Message(
            "migrate_join",
            "“{element}” has got some of the ways that it brings together, and the new version leads them there "
            "otherwise; let it go on first, or say what takes the place of “{element}” or of these ways.",
            {"element": named(join)},
        )
    )
    return None


def is_released(crossing: Crossing, join: NodeCode, found: NodeCode) -> bool:
    """Whether somebody has said that what waits at the join goes on at an element that does not wait."""
    return join.id in crossing.plan.mapping and not found.joins and found.does not in _NEVER


def _flow(crossing: Crossing, old: tuple[str, NodeCode], join: NodeCode, home: ProcessCode) -> str | None:
    """By what the mapping says, else from the same element, else by the same id."""
    flow, source = old
    mapped = crossing.plan.mapping.get(flow)
    if mapped is not None:
        return mapped if mapped in join.incoming else None
    origins = {each.id: home.nodes[each.source].id for node in home.nodes for each in node.outgoing}
    same = [each for each in join.incoming if origins[each] == crossing.renamed(source.id)]
    if flow in same or len(same) == 1:
        return flow if flow in same else same[0]
    has_id = not flow.startswith(FLOW_WITHOUT_ID)
    return flow if has_id and flow in join.incoming and not same else None
