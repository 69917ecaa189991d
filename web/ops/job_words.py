"""What jobs do, in words."""

from __future__ import annotations

from web.language import N_
from web.words import word_of

_JOBS = {
    "fire_timer": N_("Fire a timer"),
    "deliver_message": N_("Deliver a message"),
    "deliver_kept": N_("Deliver a kept message"),
    "answer_wait": N_("Let a process go on"),
    "continue_instance": N_("Let a process go on"),
    "deliver_signal": N_("Deliver a signal"),
    "fire_start": N_("Begin a process at its time"),
    "start_process": N_("Begin a process by a signal"),
    "move_instance": N_("Move a case to another version"),
    "undo_move": N_("Take a case back to its version"),
    "note_joined": N_("Note a joined case"),
    "send_letter": N_("Hand over a letter"),
    "call_connector": N_("Call a service"),
}


def job_name(name: object) -> str:
    """The job's name."""
    return word_of(_JOBS, name)
