"""A notice is kept as a kind with parameters; here it becomes a sentence for its reader."""

from __future__ import annotations

from collections.abc import Mapping

from babel.support import LazyProxy

from engine.queries.notices import NoticeLine
from web.language import N_, drawn
from web.words import letter_name

SAID: Mapping[str, tuple[LazyProxy, str]] = {
    "task_allocated": (N_("“{task}” is with you."), "info"),
    "task_given": (N_("“{task}” was given to you."), "info"),
    "task_taken_away": (N_("“{task}” went to somebody else."), "done"),
    "escalation_50": (N_("Half of the time for “{task}” is used."), "soon"),
    "escalation_80": (N_("80 % of the time for “{task}” is used."), "soon"),
    "escalation_100": (N_("The time for “{task}” is used up; nobody present could take it."), "late"),
    "statutory_warning": (N_("The legal due of this case is near: the answer must leave in time."), "soon"),
    "statutory_missed": (N_("The legal due of this case was missed."), "late"),
    "reply_arrived": (N_("The customer answered."), "ok"),
    "no_reply": (N_("The customer did not answer in time."), "soon"),
    "special_mode_approved": (N_("Special mode was approved."), "ok"),
    "special_mode_refused": (N_("Special mode was refused."), "late"),
    "special_mode_sent_back": (N_("Special mode was sent back: say more, or ask for less."), "soon"),
}

USED_UP: Mapping[bool, LazyProxy] = {
    True: N_("The time for “{task}” is used up; it is with you now."),
    False: N_("The time for “{task}” is used up; it is with {holder} now."),
}
"""What is said once the clock has run out, by whether the task is with the reader."""


class _Places(dict[str, object]):
    def __missing__(self, key: str) -> str:
        return "–"


def said(line: NoticeLine) -> str:
    """The sentence of a notice."""
    kind = line.notice.kind
    if kind not in SAID:
        return f"{letter_name(kind)}."
    words = {name: drawn(str(value)) if name == "task" else value for name, value in line.notice.params.items()}
    template = USED_UP[line.holder_id == line.notice.person_id] if _put_before(line) else SAID[kind][0]
    return str(template).format_map(_Places({**words, "holder": line.holder}))


def _put_before(line: NoticeLine) -> bool:
    return line.notice.kind == "escalation_100" and line.holder_id is not None


def tone(line: NoticeLine) -> str:
    """The tone of its mark."""
    return SAID[line.notice.kind][1] if line.notice.kind in SAID else "info"


def reason(line: NoticeLine) -> str:
    """What the sender wrote, where somebody wrote something."""
    text = str(line.notice.params.get("reason") or "")
    return "" if text == "delegated" else text
