"""Only evidence of dispatch stops a statutory clock: mail accepted by the server, or a posting date and reference (R25)."""

from __future__ import annotations

from collections.abc import Mapping
from zoneinfo import ZoneInfo

from engine.actions.case_clocks import as_clock, change_clock, stop_clock
from engine.actions.case_record import CaseRecord
from engine.actions.inputs import day_of, text_of
from engine.actions.permission import require_case
from engine.model.case import CaseMessage, ClockRow
from engine.model.clock import ClockState
from engine.model.clock_changes import withdraw_lapse
from engine.model.errors import Invalid
from engine.model.running import Instance
from engine.model.zones import local_day
from engine.store import rows, settings


def record_dispatch(record: CaseRecord, instance: Instance, inputs: Mapping[str, object]) -> dict[str, object]:
    """Keep the evidence and stop every clock of the case; evidence dated before the due withdraws a lapse.

    Raises Invalid for a posting day in the future, Conflict for evidence that comes after a lapse.
    """
    require_case(record.tx, record.case)
    letter = last_answer(record)
    day, sent = day_of(inputs, "on"), letter.sent_at if letter is not None else None
    if day is not None and day > settings.today(record.tx):
        raise Invalid(
            "dispatch_in_future", "The letter cannot have been posted on {day}: that is still to come.", day=day
        )
    medium = text_of(inputs, "medium") or (letter.channel if letter is not None else "email")
    reference = text_of(inputs, "reference") or (letter.reference if letter is not None else "")
    if medium == "post" and (not (day or sent) or not reference):
        raise Invalid("dispatch_evidence", "For a letter by post, give the day of posting and its reference.")
    record.note(
        "dispatched",
        medium=medium,
        on=day or local_day(sent or record.tx.now, settings.zone(record.tx)),
        reference=reference,
    )
    for clock in rows.find(record.tx, ClockRow, case_id=record.case_id):
        on = day or local_day(sent or record.tx.now, ZoneInfo(clock.zone))
        if clock.state == ClockState.LAPSED:
            change_clock(record, clock, withdraw_lapse(as_clock(clock), on, record.tx.now))
            record.note("lapse_withdrawn", clock=clock.key, on=on, reference=reference)
        elif clock.state != ClockState.STOPPED:
            stop_clock(record, clock, on=on)
    return {}


def last_answer(record: CaseRecord) -> CaseMessage | None:
    """The answer that was handed over last: its acceptance by the mail server is the evidence (R25)."""
    letters = rows.find(record.tx, CaseMessage, case_id=record.case_id, kind="letter", state="sent", order_by="id DESC")
    return next((letter for letter in letters if letter.letter.startswith("answer")), None)
