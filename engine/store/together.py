"""Jobs that run together hold their cases together: what one of them looks up in its case is read for all the cases at once."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

Condition = tuple[tuple[str, object], ...]


class NotTogether(Exception):
    """Something was refused, so that everything is undone and each job is done again by itself; its cause says what."""


@dataclass(slots=True)
class Together:
    """The cases, which are held; and lists of their rows by kind, condition and case, each until one of its rows is written.

    `numbered` are cases that were looked for by their numbers.
    """

    cases: set[str] = field(default_factory=set[str])
    numbered: dict[str, str] = field(default_factory=dict[str, str])
    lists: dict[type, dict[Condition, dict[str, list[Any]]]] = field(
        default_factory=dict[type, dict[Condition, dict[str, list[Any]]]]
    )

    def written(self, kind: type, case_id: object) -> None:
        """Forget the lists of this kind in one case, or in all of them where nobody knows in which one a row was written."""
        for lists in self.lists.get(kind, {}).values():
            if isinstance(case_id, str):
                lists.pop(case_id, None)
            else:
                lists.clear()  # it stays, empty: from now on each case is read by itself
