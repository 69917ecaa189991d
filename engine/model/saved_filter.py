"""A saved filter is a name for values of one list's own questions: never an address, so it leads nowhere else."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

LONGEST_NAME = 60
LONGEST_VALUE = 200
MOST = 50
"""So many a person keeps."""


class KeptList(StrEnum):
    """The lists whose filters can be kept."""

    INBOX = "inbox"
    CASES = "cases"
    TASKS = "tasks"


_WORK = frozenset({"holding", "colour", "category", "words", "sort"})
QUESTIONS: Mapping[KeptList, frozenset[str]] = {
    KeptList.INBOX: _WORK | {"list", "priority"},
    KeptList.CASES: frozenset({"status", "stage", "queue", "category", "overdue", "customer", "q", "sort"}),
    KeptList.TASKS: _WORK | {"queue", "owner", "size"},
}
"""What each list asks in its address; the place in it is not kept."""
_LOOKS = frozenset({"sort", "size"})


@dataclass(frozen=True, slots=True, kw_only=True)
class SavedFilter:
    """Somebody's filter; `queue_key` names the queue whose members and lead see it too."""

    id: str
    person_id: str
    kept_list: KeptList
    name: str
    answers: Mapping[str, object] = field(default_factory=dict[str, object])
    queue_key: str | None = None
    created_at: datetime


def answers_of(kept_list: KeptList, given: Mapping[str, str]) -> dict[str, str]:
    """What of an address belongs to the list, without what is empty."""
    asked = QUESTIONS[kept_list]
    return {name: value[:LONGEST_VALUE] for name, value in sorted(given.items()) if name in asked and value.strip()}


def narrows(answers: Mapping[str, str]) -> bool:
    """Whether they hide anything, and do not only sort or lead to one's own tasks."""
    return any(name not in _LOOKS and (name, value) != ("list", "mine") for name, value in answers.items())
