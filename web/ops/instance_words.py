"""Places and waits of a running process as people read them."""

from __future__ import annotations

from datetime import timedelta

from babel.support import LazyProxy

from engine.execution.operations import Place, Standing
from engine.model.duration import parse_period
from engine.queries.instance_page import InstancePage
from web.filters import duration, moment
from web.language import N_, _, drawn
from web.ops.job_words import job_name
from web.words import clock_name, task_state_name, word_of

_PHASES: dict[str, LazyProxy] = {
    Standing.WORKING: N_("at work"),
    Standing.WAITING: N_("waits here"),
    Standing.HOLDING: N_("something inside is at work"),
    Standing.STUCK: N_("stuck"),
    Standing.JOINING: N_("waits for the other branches"),
}


def phase_name(phase: Standing) -> str:
    """What a token is about."""
    return word_of(_PHASES, phase)


def where_in(place: Place) -> str:
    """The parts that a place lies in, outermost first; nothing for the top of the process."""
    told: list[str] = []
    for level in place.path:
        if level.parent is not None and level.element_id != place.element_id:
            name = drawn(level.name)
            told.append(name if level.item is None else _("{name}, number {item}", name=name, item=level.item + 1))
    return " › ".join(dict.fromkeys(told))


def opens(found: InstancePage, wait_id: str) -> list[str]:
    """What is open under a wait: usually one thing."""
    told = [
        _(
            "Task: {state}, with {owner}",
            state=task_state_name(task.state),
            owner=found.people.get(task.owner_id or "", "–"),
        )
        if task.owner_id
        else _("Task: {state}", state=task_state_name(task.state))
        for task in found.tasks
        if task.wait_id == wait_id
    ]
    told += [
        timer_text(timer.due_at and moment(timer.due_at), timer.clock_key, timer.at)
        for timer in found.timers
        if timer.wait_id == wait_id
    ]
    told += [message_text(each.name, each.action) for each in found.messages if each.wait_id == wait_id]
    told += [_("Job: {job}", job=job_name(job.name)) for job in found.jobs if job.wait_id == wait_id]
    return told


def timer_text(due: object, clock: str, at: str) -> str:
    """When a timer fires."""
    if clock:
        return _("Timer: {at} of the clock “{clock}”", at=threshold_text(at), clock=clock_name(clock))
    return _("Timer: {due}", due=due) if due else _("Timer")


def threshold_text(at: str) -> str:
    """A threshold of a clock: a share of it, or a time before its due."""
    before = at.removesuffix(" before")
    if before == at:
        return "100 %" if at == "due" else at.replace("%", " %")
    period = parse_period(before)
    return _("{time} before", time=duration(period.exact + timedelta(days=period.days + 30 * period.months)))


def message_text(name: str, action: str) -> str:
    """What is awaited: a button that is pressed, a signal or a message."""
    if action:
        return _("Button: {action}", action=drawn(action))
    signal = name.removeprefix("signal:")
    return _("Signal: {name}", name=signal) if signal != name else _("Message: {name}", name=name)
