"""Keys that the engine keeps are shown as words of the reader's language."""

from __future__ import annotations

from collections.abc import Mapping

from babel.support import LazyProxy
from flask import Flask

from web.key_words import KEYS, ROLES, STAGES, TASK_STATES
from web.language import N_, NP_, _, drawn

_ROLE_HINTS = {
    "clerk": N_("takes complaints in, works and answers them"),
    "specialist": N_("works the cases of a field"),
    "lead": N_("sees a team’s load, checks decisions"),
    "manager": N_("moves work, decides special mode"),
    "designer": N_("draws and deploys processes"),
    "administrator": N_("looks after jobs, letters and people"),
}
_SPECIAL_MODE = {
    "requested": N_("Special mode asked for"),
    "approved": N_("Special mode approved"),
    "refused": N_("Special mode refused"),
    "sent_back": N_("Special mode sent back"),
}
_OUTCOMES = {
    "accept": N_("Accept"),
    "accepted": N_("Accepted"),
    "reject": N_("Reject"),
    "rejected": N_("Rejected"),
    "partly": N_("Accept in part"),
    "partly_accepted": N_("Partly accepted"),
    "approve": N_("Approve"),
    "approved": N_("Approved"),
    "refuse": N_("Refuse"),
    "refused": N_("Refused"),
    "send_back": N_("Send back"),
    "complaint": N_("It is a complaint"),
    "not_complaint": N_("Not a complaint"),
    "not_ours": N_("Not ours"),
    "duplicate": N_("Already known"),
    "inside": N_("An expert of ours"),
    "outside": N_("An expert outside"),
    "accepted_by_law": N_("Accepted by law"),
    "withdrawn": N_("Withdrawn"),
}
CLOSE_AT_ONCE = frozenset({"not_complaint", "not_ours"})
"""Outcomes after which the customer is written to and the case is closed without anybody deciding: they are asked twice."""
_LETTERS = {
    "acknowledgement": N_("Acknowledgement"),
    "answer_accepted": N_("Answer: accepted"),
    "answer_partly": N_("Answer: partly accepted"),
    "answer_rejected": N_("Answer: rejected"),
    "escalation_50": N_("Half of the time is used"),
    "escalation_80": N_("80 % of the time is used"),
    "escalation_100": N_("The time is used up"),
    "expert_request": N_("Question to an outside expert"),
    "forwarded": N_("Forwarded to whoever is in charge"),
    "lapsed_accepted": N_("Accepted by law"),
    "no_reply": N_("The customer did not answer"),
    "question": N_("Question to the customer"),
    "question_reminder": N_("Reminder of the question"),
    "reopened": N_("The case is taken up again"),
    "reopening_refused": N_("Too late to take it up again"),
    "reply_arrived": N_("The customer answered"),
    "special_mode_result": N_("Result of special mode"),
    "statutory_missed": N_("The legal due was missed"),
    "statutory_warning": N_("The legal due comes near"),
    "withdrawn": N_("Withdrawal confirmed"),
}
_CLOCKS = {
    "statutory": N_("By law"),
    "contract": NP_("clock", "Contract"),
    "internal": N_("Internal"),
    "special_mode": N_("Special mode"),
}
_TONES = {"1": "late", "2": "soon"}


def word_of(words: Mapping[str, LazyProxy] | Mapping[str, str], key: object) -> str:
    """The word for a key; a key that has none is shown readably."""
    text = str(key)
    found = words.get(text)
    return _(str(found)) if found is not None else text.replace("_", " ").capitalize()


def role_name(role: object) -> str:
    """A role of the house, or an approval level that a task asks for."""
    return word_of(ROLES, role) if str(role) in ROLES else key_name(role)


def role_hint(role: object) -> str:
    """What somebody of the role does here, in half a sentence; nothing where the role is unknown."""
    found = _ROLE_HINTS.get(str(role))
    return "" if found is None else str(found)


def stage_name(stage: object) -> str:
    return word_of(STAGES, stage)


def task_state_name(state: object) -> str:
    return word_of(TASK_STATES, state)


def special_mode_name(status: object) -> str:
    return word_of(_SPECIAL_MODE, status)


def outcome_name(outcome: object) -> str:
    return word_of(_OUTCOMES, outcome)


def clock_name(clock: object) -> str:
    return word_of(_CLOCKS, clock)


def letter_name(letter: object) -> str:
    """What a letter or a notice of a process is about."""
    return word_of(_LETTERS, letter)


def key_name(key: object) -> str:
    """A queue, a category, a channel: its word, or the key itself, readably."""
    return word_of(KEYS, key)


def value_name(of: str, value: object) -> str:
    """The word for a value of a fact or a column; some words depend on which one."""
    found = next((key for key in (f"{of}.{value}", str(value)) if key in KEYS), "")
    return key_name(found) if found else str(value).replace("_", " ")


def queue_title(name: str) -> str:
    """The name of a queue or a level; what ships has one in every language, others are shown as they were named."""
    return _(name) if name else ""


def priority_tone(priority: object) -> str:
    """The tone of a priority's chip; 1 is the highest."""
    return _TONES.get(str(priority), "")


def add_words(app: Flask) -> None:
    """Give the words to all templates."""
    for each in (
        role_name,
        role_hint,
        stage_name,
        task_state_name,
        special_mode_name,
        outcome_name,
        clock_name,
        letter_name,
        key_name,
        priority_tone,
        queue_title,
        drawn,
    ):
        app.add_template_global(each, each.__name__)
    app.add_template_filter(drawn)
