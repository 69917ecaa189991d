"""A letter is handed over outside any transaction, then recorded; the same Message-ID again is the same letter (promise 6)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.actions.answer_job import answer_job
from engine.actions.case_record import lock
from engine.actions.permission import require_system
from engine.execution.runtime import JobDone
from engine.model.case import Case, CaseMessage
from engine.model.errors import ChannelError
from engine.model.ports import Channel, Envelope, Evidence
from engine.model.running import Job
from engine.store import rows
from engine.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Handover:
    """A letter ready to be handed over."""

    channel: Channel
    envelope: Envelope
    message_id: str


def prepare_letter(tx: Tx, job: Job) -> Handover:
    """Read what is to be handed over. Raises ChannelError for a channel that this installation lacks."""
    require_system(tx)
    message = rows.get(tx, CaseMessage, str(job.args["message"]))
    case = rows.get(tx, Case, message.case_id)
    channel = tx.ports.channels.get(message.channel)
    if channel is None:
        raise ChannelError(
            "channel_missing",
            "There is no channel “{channel}” in this installation.",
            permanent=True,
            channel=message.channel,
        )
    envelope = Envelope(
        recipient=message.recipient,
        subject=message.subject,
        body=message.body,
        language=case.language,
        case_number=case.number,
    )
    return Handover(channel, envelope, message.message_id or message.id)


def perform_letter(handover: Handover) -> Evidence:
    """Hand the letter over; no transaction is open."""
    return handover.channel.send(handover.envelope, message_id=handover.message_id)


def record_letter(tx: Tx, job: Job, evidence: Evidence) -> None:
    """Keep the evidence and answer the wait of the process."""
    require_system(tx)
    message = rows.get(tx, CaseMessage, str(job.args["message"]))
    record = lock(tx, message.case_id)
    rows.update(tx, CaseMessage, message.id, state="sent", sent_at=evidence.accepted_at, reference=evidence.reference)
    record.note("letter_sent", message=message.id, letter=message.letter, channel=message.channel)
    record.flush()
    if job.instance_id and job.wait_id:
        answer_job(tx, job.instance_id, JobDone(job.wait_id, {}))
