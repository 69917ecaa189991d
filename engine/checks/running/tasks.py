"""What people meet at run time: somebody does each task, clocks exist, stages and buttons mean something."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from engine.definitions.standard.diagram import Level, has
from engine.model.bpmn import EventKind, NodeKind
from engine.model.case import CaseStage
from engine.model.errors import Finding, Message

_RUNTIMES = frozenset({"", "machine", "spiff"})
_OF_CASE = "case."
CASE_CONNECTORS = tuple(
    f"{_OF_CASE}{name}" for name in ("close", "decide", "dispatched", "escalate", "join", "lapse", "special_mode")
)
CLOCKS = ("contract", "special_mode", "statutory")


def somebody_does_each_task(level: Level) -> Iterator[Finding]:
    """A user task, or its lane, says who may do it."""
    for node in level.body.nodes:
        who = node.performers
        named = (who.queue, who.role, who.assignee, who.candidate_users, who.candidate_groups, who.same_as)
        if node.kind is NodeKind.USER_TASK and not any(named):
            yield level.warning(
                node,
                Message("task_nobody", "The task names nobody who could do it."),
                Message("task_nobody_remedy", "Set mg:queue or mg:role on the task or its lane."),
            )


def thresholds_name_their_clock(level: Level) -> Iterator[Finding]:
    """A threshold belongs to a clock."""
    for node in level.body.nodes:
        for event in node.events:
            if event.kind is EventKind.TIMER and event.at and not event.clock:
                yield level.error(
                    node,
                    Message("threshold_no_clock", "The timer has the threshold {at} and no clock.", {"at": event.at}),
                    Message("threshold_no_clock_remedy", "Add mg:clock=“contract” or another clock."),
                )
            if event.kind is EventKind.TIMER and event.clock and event.timer is not None:
                yield level.error(
                    node,
                    Message("threshold_and_time", "The timer has both a clock and a time of its own."),
                    Message("threshold_and_time_remedy", "Keep one of the two."),
                )


def clocks_are_known(level: Level) -> Iterator[Finding]:
    """A clock that nobody starts would never be over."""
    for node in level.body.nodes:
        named = {event.clock for event in node.events} | ({node.user.clock} if node.user else set())
        for clock in sorted(named - {"", *CLOCKS}):
            yield level.warning(
                node,
                Message("clock_unknown", "No case has a clock “{clock}”; nothing happens by it.", {"clock": clock}),
                Message("clock_unknown_remedy", "Use one of: {clocks}.", {"clocks": ", ".join(CLOCKS)}),
            )


def connectors_of_the_case_exist(level: Level) -> Iterator[Finding]:
    """What a diagram does to its own case is one of the things that can be done to it."""
    for node in level.body.nodes:
        key = node.connector.key if node.connector else ""
        if key.startswith(_OF_CASE) and key not in CASE_CONNECTORS:
            yield level.error(
                node,
                Message("connector_unknown", "There is no connector “{key}”.", {"key": key}),
                Message("connector_unknown_remedy", "Use one of: {known}.", {"known": ", ".join(CASE_CONNECTORS)}),
            )


def stages_are_known(level: Level) -> Iterator[Finding]:
    """A stage is one of those that customers see."""
    stages = {str(stage) for stage in CaseStage}
    for node in level.body.nodes:
        if node.stage and node.stage not in stages:
            yield level.error(
                node,
                Message("stage_unknown", "“{stage}” is no stage of a case.", {"stage": node.stage}),
                Message("stage_unknown_remedy", "Use one of: {stages}.", {"stages": ", ".join(sorted(stages))}),
            )


def buttons_can_be_told_apart(level: Level) -> Iterator[Finding]:
    """Outcomes of a task differ, and an action is a message that can be sent."""
    for node in level.body.nodes:
        outcomes = Counter(node.user.outcomes if node.user else ())
        for outcome in (name for name, count in outcomes.items() if count > 1):
            yield level.error(
                node,
                Message("outcome_twice", "The outcome “{outcome}” is offered twice.", {"outcome": outcome}),
                Message("outcome_twice_remedy", "Remove one."),
            )
        if node.action and not has(node, EventKind.MESSAGE):
            yield level.error(
                node,
                Message(
                    "action_no_message",
                    "The button “{action}” stands on an event without a message.",
                    {"action": node.action},
                ),
                Message("action_no_message_remedy", "Put mg:action on a message boundary event."),
            )


def the_runtime_exists(level: Level) -> Iterator[Finding]:
    """A process runs on the machine, or on a runtime that is there."""
    if level.owner is None and level.process.runtime not in _RUNTIMES:
        yield level.error(
            level.process,
            Message("runtime_unknown", "There is no runtime “{runtime}”.", {"runtime": level.process.runtime}),
            Message("runtime_unknown_remedy", "Remove mg:runtime; the process then runs on the machine."),
        )


TASK_RULES = (
    somebody_does_each_task,
    thresholds_name_their_clock,
    clocks_are_known,
    connectors_of_the_case_exist,
    stages_are_known,
    buttons_can_be_told_apart,
    the_runtime_exists,
)
