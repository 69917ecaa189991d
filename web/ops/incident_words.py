"""What stopped, in words, and who can remove the cause where operations cannot."""

from __future__ import annotations

from engine.queries.incidents import IncidentLine
from web.language import N_, _
from web.words import word_of

AT_CUSTOMER = frozenset({"address_wrong", "mail_refused"})
_KINDS = {
    "address_wrong": N_("A letter without an address"),
    "channel_missing": N_("A letter without a way to leave"),
    "deadlock": N_("Branches that wait for each other for ever"),
    "instance_failed": N_("An error that the diagram does not catch"),
    "job_crashed": N_("The program stumbled"),
    "job_lost": N_("A job that ended the program"),
    "job_unknown": N_("A job of a newer program"),
    "no_answer": N_("Another system that does not answer"),
}
_LETTER = N_("A letter that could not leave")
_SERVICE = N_("Another system that could not be used")
_STEP = N_("A step that could not be done")


def incident_kind(code: str) -> str:
    """What kind of thing stopped."""
    if code in _KINDS:
        return word_of(_KINDS, code)
    if code.startswith(("mail", "outbox", "post", "letter")):
        return str(_LETTER)
    return str(_SERVICE) if code.startswith(("http", "connector")) else str(_STEP)


def advice_on(line: IncidentLine) -> str:
    """Who can remove the cause, where it is not for operations to do."""
    if line.incident.code in AT_CUSTOMER:
        return _(
            "Whoever works on case {number} can correct the address there, under Customer. Once it is corrected, retry here.",
            number=line.case_number or "–",
        )
    if line.incident.code == "channel_missing":
        return _("Whoever installed Makegood sets up this way for letters. Once it is there, retry here.")
    return ""
