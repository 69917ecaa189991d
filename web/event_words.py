"""What the audit trail keeps as codes is told as sentences in the reader's language, with who did it and for whom."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal

from babel.support import LazyProxy

from engine.model.audit import AuditEvent
from web.filters import day, money
from web.language import N_, _, drawn
from web.words import clock_name, key_name, letter_name, outcome_name, role_name, special_mode_name, stage_name

TOLD: Mapping[str, tuple[LazyProxy, str]] = {
    "registered": (N_("Registered as {number}"), "ok"),
    "process_started": (N_("The process “{process}” began, version {version}"), "done"),
    "process_ended": (N_("The process “{process}” ended"), "done"),
    "stage_changed": (N_("Stage: {stage}"), "info"),
    "classified": (N_("Classified as {category}"), "info"),
    "table_evaluated": (N_("The table “{decision}” was asked"), "done"),
    "task_opened": (N_("New task: {task}"), "info"),
    "task_claimed": (N_("Task taken: {task}"), ""),
    "task_started": (N_("Task started: {task}"), ""),
    "task_released": (N_("Task given back: {task}"), ""),
    "task_completed": (N_("Task done: {task}"), "ok"),
    "task_exited": (N_("Task no longer needed: {task}"), "done"),
    "reassigned": (N_("Task given to {owner}: {task}"), "soon"),
    "level_raised": (N_("Nobody could take it, so it went up to {role}: {task}"), "soon"),
    "nobody_to_escalate_to": (N_("Nobody present could take it over: {task}"), "late"),
    "action_pressed": (N_("{action}"), ""),
    "escalated": (N_("Escalated: {level} % of the clock “{clock}” is used"), "soon"),
    "people_told": (N_("Told inside the house: {kind}"), "done"),
    "letter_written": (N_("Letter written: {letter}"), "info"),
    "letter_sent": (N_("Letter sent: {letter}"), "ok"),
    "letter_left_out": (N_("Letter not written: {letter}"), "done"),
    "letter_dropped": (N_("Letter no longer needed, not sent: {letter}"), "done"),
    "letter_failed": (N_("Letter could not be sent: {letter}"), "late"),
    "dispatched": (N_("Answer dispatched"), "ok"),
    "decided": (N_("Decision: {outcome}"), "ok"),
    "clock_started": (N_("Clock “{clock}” runs until {due}"), "info"),
    "clock_stopped": (N_("Clock “{clock}” stopped"), "done"),
    "clock_lapsed": (N_("Clock “{clock}” ran out"), "late"),
    "clock_rule_changed": (N_("Clock “{clock}” now follows another rule"), "soon"),
    "lapse_withdrawn": (N_("The lapse was taken back: the answer had left in time"), "soon"),
    "threshold_skipped": (N_("Threshold {at} of “{clock}” was past already"), "done"),
    "timer_fired": (N_("Timer: {element}"), "done"),
    "message_received": (N_("Message arrived: {element}"), "info"),
    "signal_thrown": (N_("Signal sent: {name}"), "info"),
    "special_mode_requested": (N_("Special mode asked for"), "special"),
    "special_mode_settled": (N_("{status}"), "special"),
    "commented": (N_("Comment added"), ""),
    "attached": (N_("File attached"), ""),
    "customer_changed": (N_("Customer’s data changed: {field}"), ""),
    "case_closed": (N_("Case closed"), "done"),
    "case_reopened": (N_("Case reopened"), "soon"),
    "case_joined": (N_("Joined to case {to}"), "info"),
    "duplicate_joined": (N_("Case {number} was joined to this one"), "info"),
    "incident_raised": (N_("Something is stuck at “{element}”; operations look at it"), "late"),
    "incident_settled": (N_("What was stuck goes on"), "ok"),
    "process_suspended": (N_("Operations suspended the process"), "soon"),
    "process_resumed": (N_("Operations let the process go on"), "ok"),
    "process_cancelled": (N_("Operations cancelled the process “{process}”"), "late"),
    "process_moved": (N_("Moved from version {before_version} to version {version}"), "soon"),
    "move_undone": (N_("Taken back to version {version}"), "soon"),
    "token_moved": (N_("Operations moved the case to “{element}”"), "soon"),
    "rewound": (N_("Operations took the case back to “{element}”"), "soon"),
    "step_skipped": (N_("Operations left out “{element}”"), "soon"),
    "variable_set": (N_("Operations changed the variable “{name}”"), "soon"),
    "late_result": (N_("A late result was put aside"), "done"),
}


_REASONED = frozenset(
    {
        "process_suspended",
        "process_resumed",
        "process_cancelled",
        "process_moved",
        "move_undone",
        "token_moved",
        "rewound",
        "step_skipped",
        "variable_set",
        "incident_settled",
    }
)


@dataclass(frozen=True, slots=True)
class Names:
    """The names behind the keys of events: people, tasks and elements of the diagram."""

    people: Mapping[str, str]
    tasks: Mapping[str, str] = field(default_factory=dict[str, str])
    elements: Mapping[str, str] = field(default_factory=dict[str, str])


@dataclass(frozen=True, slots=True)
class Line:
    """One event as a page shows it."""

    at: datetime
    title: str
    text: str
    who: str
    tone: str


def told(event: AuditEvent, names: Names) -> Line:
    """The event as a sentence."""
    template, tone = TOLD.get(event.kind, (None, "done"))
    words = _words(event, names)
    title = key_name(event.kind) if template is None else str(template).format_map(_Places(words))
    text = " ".join(part for part in _more(event, names, words) if part)
    return Line(event.at, title, text, who(event, names), _tone(event, tone))


def who(event: AuditEvent, names: Names) -> str:
    """The person, “B for A” where somebody stood in, or the program."""
    actor = names.people.get(event.actor_id or "", "") or _("Makegood")
    absent = event.on_behalf_of or (str(event.data.get("behalf") or "") if event.kind == "task_completed" else "")
    person = names.people.get(absent, "")
    return _("{actor} for {absent}", actor=actor, absent=person) if person and person != actor else actor


class _Places(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return "–"


def _words(event: AuditEvent, names: Names) -> dict[str, str]:
    return {
        name: _word(name, value, names) for name, value in _with_task(event, names).items() if value not in (None, "")
    }


def _with_task(event: AuditEvent, names: Names) -> dict[str, object]:
    data: dict[str, object] = dict(event.data)
    task = str(data.get("task") or "")
    if task:
        element = names.elements.get(str(data.get("element") or ""), "")
        data["task"] = drawn(str(names.tasks.get(task) or data.get("name") or element or _("a task")))
    return data


def _word(name: str, value: object, names: Names) -> str:
    if name in ("owner", "before", "behalf", "by", "approved_by"):
        found = names.people.get(str(value))
        if found is not None:
            return found
    readers: Mapping[str, Callable[[object], str]] = {
        "stage": stage_name,
        "clock": clock_name,
        "outcome": outcome_name,
        "status": special_mode_name,
        "role": role_name,
        "letter": letter_name,
        "kind": letter_name,
        "element": lambda key: drawn(names.elements.get(str(key), str(key))),
        "action": lambda text: drawn(str(text)),
        "at": lambda threshold: "100 %" if threshold == "due" else str(threshold),
    }
    if name in readers:
        return readers[name](value)
    if isinstance(value, date):
        return day(value)
    if isinstance(value, Decimal):
        return money(value)
    return (
        key_name(value)
        if name in ("category", "channel", "medium", "root_cause", "field", "decision", "process")
        else str(value)
    )


def _more(event: AuditEvent, names: Names, words: Mapping[str, str]) -> list[str]:
    """The second line: with whom, why, by which way."""
    match event.kind:
        case "task_opened" if "owner" in words:
            return [_("With {person}.", person=words["owner"])]
        case "task_completed" if "outcome" in words:
            return [_("Outcome: {outcome}.", outcome=words["outcome"])]
        case "reassigned":
            reason = str(event.data.get("why") or "")
            why = {"escalation": _("the clock ran out"), "delegated": _("delegated")}.get(reason, reason.rstrip(" ."))
            return [
                _("Before: {person}.", person=words["before"]) if "before" in words else "",
                _("Reason: {reason}.", reason=why) if why else "",
            ]
        case "decided":
            return _decision(event, words)
        case kind if kind in _REASONED:
            asked = _("Asked for by {person}.", person=words["by"]) if "by" in words else ""
            return [asked, _("Reason: {reason}.", reason=words["reason"].rstrip(" .")) if words.get("reason") else ""]
        case "letter_written" | "letter_sent" if "channel" in words:
            return [_("By {channel}.", channel=words["channel"])]
        case "dispatched":
            said = [_("By {channel}.", channel=words["medium"])] if "medium" in words else []
            return [*said, _("Reference {reference}.", reference=words["reference"]) if "reference" in words else ""]
        case "escalated" | "people_told":
            return [_("Told: {people}.", people=_people(event, names))] if _people(event, names) else []
        case "clock_started" | "clock_rule_changed" if "rule" in words:
            return [_("Rule {rule}.", rule=words["rule"])]
        case "clock_lapsed" if event.data.get("effect") == "accepted_by_law":
            return [_("The complaint is accepted by law.")]
        case "case_closed" if "root_cause" in words:
            return [_("Root cause: {cause}.", cause=words["root_cause"])]
        case _:
            return []


def _decision(event: AuditEvent, words: Mapping[str, str]) -> list[str]:
    if event.data.get("basis") == "law":
        return [_("By law, because the answer did not leave in time.")]
    return [
        _("Decided by {person}.", person=words["by"]) if "by" in words else "",
        _("Checked by {person}.", person=words["approved_by"]) if "approved_by" in words else "",
        _("It takes the place of an earlier decision.") if event.data.get("supersedes") else "",
    ]


def _people(event: AuditEvent, names: Names) -> str:
    told = event.data.get("told") or event.data.get("people") or ()
    ids = told if isinstance(told, list | tuple) else ()
    return ", ".join(names.people.get(str(person), "") for person in ids if names.people.get(str(person)))


def _tone(event: AuditEvent, tone: str) -> str:
    if event.kind == "decided":
        return {"rejected": "late", "partly_accepted": "soon"}.get(str(event.data.get("outcome")), "ok")
    if event.kind == "process_ended" and event.data.get("how") == "failed":
        return "late"
    return tone
