"""The whole file of one case: facts, clocks, people, decisions, letters, what happened, and where its processes are."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from engine.model.archive import ArchivedCase
from engine.model.audit import AuditEvent
from engine.model.case import Attachment, AttachmentContent, Case, Customer
from engine.model.decision import Decision, SpecialMode
from engine.model.errors import NotFound
from engine.model.running import DecisionRecordRow, Incident, Instance
from engine.model.task import Task
from engine.queries.case_parts import (
    ClockView,
    Written,
    attachments_of,
    clocks_of,
    comments_of,
    decisions_of,
    description_of,
    events_with_texts,
    messages_of,
    names_of,
    special_modes_of,
    visible_case,
)
from engine.queries.where_it_is import InstanceView, instances_of, receives
from engine.store import audit, rows
from engine.store.transaction import Tx

_PERSON_KEYS = ("owner", "before", "behalf", "by", "approved_by")


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseFile:
    """`names` are of all people in the file, `tasks` all tasks, `awaits` the names of messages it can take now."""

    case: Case
    customer: Customer | None
    complainant: Customer | None
    earlier: str
    joined_to: str
    description: str
    clocks: Sequence[ClockView]
    tasks: Sequence[Task]
    decisions: Sequence[Decision]
    special_modes: Sequence[SpecialMode]
    records: Sequence[DecisionRecordRow]
    messages: Sequence[Written]
    comments: Sequence[Written]
    attachments: Sequence[Written]
    incidents: Sequence[Incident]
    events: Sequence[AuditEvent]
    instances: Sequence[InstanceView]
    awaits: frozenset[str]
    names: Mapping[str, str]

    @property
    def open_tasks(self) -> list[Task]:
        """The tasks that somebody can still do."""
        return [task for task in self.tasks if task.is_open]

    @property
    def elements(self) -> dict[str, str]:
        """The names of the elements of all its diagrams."""
        return {step.id: step.name for view in self.instances for step in view.drawing.elements.values() if step.name}


def case_file(tx: Tx, number: str) -> CaseFile:
    """Read the file; raises NotFound for a case that does not exist or that the actor may not see."""
    case = visible_case(tx, number)
    tasks = rows.find(tx, Task, case_id=case.id, order_by="id")
    decisions, special = decisions_of(tx, case.id), special_modes_of(tx, case.id)
    events = events_with_texts(tx, audit.events_of(tx, case.id))
    earlier = case.facts.get("earlier_case")
    return CaseFile(
        case=case,
        customer=rows.maybe(tx, Customer, case.customer_id),
        complainant=rows.maybe(tx, Customer, case.complainant_id),
        earlier=str(earlier) if earlier else "",
        joined_to=number_of(tx, case.joined_to_id),
        description=description_of(tx, case.id),
        clocks=clocks_of(tx, case.id),
        tasks=tasks,
        decisions=decisions,
        special_modes=special,
        records=rows.find(tx, DecisionRecordRow, case_id=case.id, order_by="at, id"),
        messages=messages_of(tx, case.id, kinds=("letter", "question", "reply", "withdrawal", "note")),
        comments=comments_of(tx, case.id),
        attachments=attachments_of(tx, case.id),
        incidents=rows.find(tx, Incident, case_id=case.id, state="open", order_by="id"),
        events=events,
        instances=instances_of(tx, case.id),
        awaits=receives(tx, case),
        names=names_of(tx, people_in(tasks, decisions, special, events)),
    )


def people_in(
    tasks: Sequence[Task], decisions: Sequence[Decision], special: Sequence[SpecialMode], events: Sequence[AuditEvent]
) -> Iterable[str | None]:
    """The ids of all people in a file."""
    for task in tasks:
        yield from (task.owner_id, task.delegator_id, task.closed_by, task.on_behalf_of)
    for decision in decisions:
        yield from (decision.decided_by, decision.on_behalf_of, decision.approved_by)
    for mode in special:
        yield from (mode.asked_by, mode.decided_by, mode.second_by)
    for event in events:
        yield from (event.actor_id, event.on_behalf_of)
        yield from (str(event.data[key]) for key in _PERSON_KEYS if event.data.get(key))
        for key in ("told", "people"):
            several = event.data.get(key)
            yield from (str(person) for person in several) if isinstance(several, list | tuple) else ()


def number_of(tx: Tx, case_id: str | None) -> str:
    """The number of another case, or nothing."""
    found = rows.maybe(tx, Case, case_id) or rows.maybe(tx, ArchivedCase, case_id)
    return found.number if found is not None else ""


def attachment_of(tx: Tx, number: str, attachment_id: str) -> tuple[Attachment, bytes]:
    """A file of a case with its bytes; raises NotFound."""
    case = visible_case(tx, number)
    found = rows.maybe(tx, Attachment, attachment_id)
    content = rows.maybe(tx, AttachmentContent, found.digest) if found is not None else None
    if found is None or content is None or found.case_id != case.id or found.erased_at is not None:
        raise NotFound("attachment_not_found", "There is no such file in case {number}.", number=case.number)
    return found, content.content


def diagram_of(tx: Tx, number: str, instance_id: str) -> bytes:
    """The BPMN file that an instance of the case runs on; raises NotFound."""
    case = visible_case(tx, number)
    for view in instances_of(tx, case.id):
        if view.instance.id == instance_id:
            return view.drawing.xml
    raise NotFound("instance_not_found", "There is no such process in case {number}.", number=case.number)


__all__ = ["CaseFile", "Instance", "attachment_of", "case_file", "diagram_of"]
