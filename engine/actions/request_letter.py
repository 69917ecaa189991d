"""A letter to a customer is a message row and an outer job in the same transaction; people inside get a notice (R29)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.actions.case_record import CaseRecord
from engine.actions.keep_answers import resolved
from engine.actions.letter_values import letter_values
from engine.actions.notify_people import leads_of, tell
from engine.definitions.letters import Letter, letter_name, render_letter
from engine.execution.runtime import JobWait
from engine.jobs import enqueue
from engine.model.case import CaseMessage, Customer
from engine.model.running import Instance
from engine.model.task import OPEN_STATES, Task
from engine.store import people, rows

LEFT_OUT = "letters_left_out"


@dataclass(frozen=True, slots=True)
class Address:
    """Where a letter goes: an e-mail address or a postal one, and in which language."""

    channel: str
    recipient: str
    language: str
    party: str


def is_left_out(record: CaseRecord, wait: JobWait) -> bool:
    """Whether the case was registered with the wish to write no such letter: it was acknowledged long ago, elsewhere."""
    left_out = record.case.facts.get(LEFT_OUT)
    return wait.kind == "notify" and wait.key == "customer" and isinstance(left_out, list) and wait.letter in left_out


def request_letter(record: CaseRecord, instance: Instance, wait: JobWait) -> None:
    """Write the letter now, hand it over later; the wait is answered when it has been handed over."""
    to = str(resolved(record.tx, wait.key) or "")
    if to != "customer" and "@" not in to:
        told = [tell(record, person, wait.letter or "notice", dedupe=wait.id) for person in insiders(record, to)]
        record.note("people_told", kind=wait.letter, people=sorted(set(told)))
        enqueue(record.tx, "answer_wait", {}, case_id=record.case.id, instance_id=instance.id, wait_id=wait.id)
        return
    address = address_of(record, to)
    letter = write(record, instance, wait, address)
    message = letter_row(record, f"{instance.id}:{wait.id}", wait.letter, address, letter)
    rows.insert(record.tx, message)
    record.note("letter_written", letter=wait.letter, message=message.id, channel=address.channel)
    enqueue(
        record.tx,
        "send_letter",
        {"message": message.id},
        case_id=record.case.id,
        instance_id=instance.id,
        wait_id=wait.id,
        max_attempts=wait.attempts,
        backoff=wait.backoff,
    )


def letter_row(record: CaseRecord, wait_ref: str, name: str, address: Address, letter: Letter) -> CaseMessage:
    """The row of a letter that waits to be handed over, with the Message-ID that it keeps for good."""
    return CaseMessage(
        id=record.tx.new_id(),
        case_id=record.case.id,
        kind="letter",
        direction="out",
        channel=address.channel,
        recipient=address.recipient,
        letter=name,
        subject=letter.subject,
        body=letter.body,
        state="queued",
        dedupe_key=wait_ref,
        message_id=f"<{record.tx.new_id()}@makegood>",
        wait_ref=wait_ref,
        created_at=record.tx.now,
        author_id=record.tx.actor.person_id,
    )


def address_of(record: CaseRecord, to: str) -> Address:
    """An outside address as it stands, or the customer's by the medium they asked for."""
    case = record.case
    if "@" in to:
        return Address("email", to, case.language, case.party)
    customer = rows.get(record.tx, Customer, case.customer_id) if case.customer_id else None
    if customer is not None and customer.email and case.medium != "post":
        return Address("email", customer.email, case.language, case.party)
    return Address("post", customer.address if customer is not None else "", case.language, case.party)


def write(record: CaseRecord, instance: Instance, wait: JobWait, address: Address) -> Letter:
    """The clerk's own text where the process hands one in, else the template of the deployment."""
    files = record.tx.catalog.by_id(instance.deployment_id).files
    name = letter_name(files, wait.letter, party=address.party, language=address.language)
    values = letter_values(record, wait.inputs)
    return render_letter(files[name], values, name=name)


def insiders(record: CaseRecord, role: str) -> list[str]:
    """The people behind `owner`, `lead`, `manager`, `asker`, or a login."""
    tasks = rows.find(record.tx, Task, case_id=record.case.id, state=tuple(sorted(OPEN_STATES)))
    queues = sorted({task.queue or record.case.queue for task in tasks} or {record.case.queue})
    leads = [lead for queue in queues for lead in leads_of(record, queue)]
    match role:
        case "owner":
            owners = [task.owner_id for task in tasks if task.owner_id]
            return sorted(set(owners)) or leads
        case "lead":
            return leads
        case "manager":
            return people.managers(record.tx)
        case "asker":
            return people.askers_of_special_mode(record.tx, record.case.id)
        case _:
            person = people.by_id_or_login(record.tx, role)
            return [person.id] if person is not None else leads
