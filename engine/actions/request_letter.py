"""A letter to a customer is a message row and an outer job in the same transaction; people inside get a notice (R29)."""

from __future__ import annotations

from engine.actions.case_record import CaseRecord
from engine.actions.notify_people import leads_of, tell
from engine.definitions.letter_values import written
from engine.definitions.letters import Letter
from engine.execution.runtime import JobWait
from engine.jobs import enqueue
from engine.model.case import CaseMessage
from engine.model.letter import CUSTOMER, Address, address_of, goes_outside, left_out
from engine.model.running import Instance
from engine.model.task import OPEN_STATES, Task
from engine.store import people, rows
from engine.store.letter_sources import all_resolved, letter_source, resolved


def is_left_out(record: CaseRecord, wait: JobWait) -> bool:
    """Whether it is a letter that nobody wants written again for this case."""
    return wait.kind == "notify" and wait.key == CUSTOMER and left_out(record.case, wait.letter)


def request_letter(record: CaseRecord, instance: Instance, wait: JobWait) -> None:
    """Write the letter now, hand it over later; the wait is answered when it has been handed over."""
    to = str(resolved(record.tx, record.case, wait.key) or "")
    if not goes_outside(to):
        told = [tell(record, person, wait.letter or "notice", dedupe=wait.id) for person in insiders(record, to)]
        record.note("people_told", kind=wait.letter, people=sorted(set(told)))
        enqueue(record.tx, "answer_wait", {}, case_id=record.case_id, instance_id=instance.id, wait_id=wait.id)
        return
    source = letter_source(record.tx, record.case)
    address = address_of(source, to)
    files = record.tx.catalog.by_id(instance.deployment_id).files
    said = {
        "input": all_resolved(record.tx, record.case, wait.inputs),
        "task": all_resolved(record.tx, record.case, record.variables_of()),
    }
    letter = written(source, files, wait.letter, to=address, said=said)
    message = letter_row(record, f"{instance.id}:{wait.id}", wait.letter, address, letter)
    rows.insert(record.tx, message)
    record.note("letter_written", letter=wait.letter, message=message.id, channel=address.channel)
    enqueue(
        record.tx,
        "send_letter",
        {"message": message.id},
        case_id=record.case_id,
        instance_id=instance.id,
        wait_id=wait.id,
        max_attempts=wait.attempts,
        backoff=wait.backoff,
    )


def letter_row(record: CaseRecord, wait_ref: str, name: str, address: Address, letter: Letter) -> CaseMessage:
    """The row of a letter that waits to be handed over, with the Message-ID that it keeps for good."""
    return CaseMessage(
        id=record.tx.new_id(),
        case_id=record.case_id,
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


def insiders(record: CaseRecord, role: str) -> list[str]:
    """The people behind `owner`, `lead`, `manager`, `asker`, or a login."""
    tasks = rows.find(record.tx, Task, case_id=record.case_id, state=tuple(sorted(OPEN_STATES)))
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
            return people.askers_of_special_mode(record.tx, record.case_id)
        case _:
            person = people.by_id_or_login(record.tx, role)
            return [person.id] if person is not None else leads
