"""One letter of a case to be read in full or printed: who wrote, to whom, when, and every word of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from engine.definitions.letter_values import long_day
from engine.model.case import Case, CaseMessage
from engine.model.errors import NotFound
from engine.queries.case_parts import visible_case
from engine.store import rows
from engine.store.settings import company
from engine.store.transaction import Tx


@dataclass(frozen=True, slots=True, kw_only=True)
class SentLetter:
    """A letter with its case, the house that wrote it, and its day in the house's zone and the letter's language."""

    case: Case
    message: CaseMessage
    company: Mapping[str, str]
    written_on: str


def sent_letter(tx: Tx, number: str, message_id: str) -> SentLetter:
    """Read a letter; raises NotFound for one that is not of this case, or a case that the actor may not see."""
    case = visible_case(tx, number)
    message = rows.maybe(tx, CaseMessage, message_id)
    if message is None or message.case_id != case.id or message.kind != "letter":
        raise NotFound("letter_not_found", "There is no such letter in case {number}.", number=case.number)
    house = company(tx)
    at = (message.sent_at or message.created_at).astimezone(ZoneInfo(house["zone"]))
    day = long_day(at.date(), case.language)
    return SentLetter(case=case, message=message, company=house, written_on=day)
