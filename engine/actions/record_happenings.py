"""What a step did becomes rows: tasks, timers, subscriptions, jobs, incidents, decision records, the path and the stage."""

from __future__ import annotations

from collections.abc import Mapping
from hashlib import sha256

from engine.actions import connectors_of_case
from engine.actions.arm_timer import arm_timer
from engine.actions.case_facts import MIRRORED, PERSONAL_FACTS
from engine.actions.case_record import CaseRecord
from engine.actions.close_wait import close_wait
from engine.actions.open_task import open_task
from engine.actions.request_letter import is_left_out, request_letter
from engine.actions.start_clocks import start_statutory
from engine.actions.subscribe_message import subscribe_message
from engine.actions.throw_signal import subscribe_signal, throw_signal
from engine.execution.decisions import SEMANTICS
from engine.execution.runtime import (
    Completed,
    DecisionMade,
    Entered,
    IncidentCleared,
    IncidentRaised,
    InstanceEnded,
    JobFailed,
    JobWait,
    MessageThrown,
    MessageWait,
    SignalThrown,
    SignalWait,
    Step,
    TaskWait,
    TimerWait,
    VariableWritten,
    Wait,
    WaitClosed,
    WaitOpened,
)
from engine.jobs import enqueue
from engine.model.case import CaseStage
from engine.model.errors import Invalid, Message, NotFound
from engine.model.records import maker
from engine.model.running import DecisionRecordRow, Incident, Instance
from engine.model.values import canonical_json
from engine.store import counters, path_events, rows

_decision_record = maker(DecisionRecordRow)


def record_happenings(record: CaseRecord, instance: Instance, step: Step) -> list[JobWait | JobFailed]:
    """Write what happened, in order; give back what is answered at once: inner connectors, letters left out or broken."""
    inner: list[JobWait | JobFailed] = []
    path: list[str] = []
    for happening in step.happenings:
        match happening:
            case Completed(element_id=element):
                path.append(element)
            case WaitOpened(wait=wait):
                if isinstance(wait, JobWait) and (connectors_of_case.is_inner(wait) or is_left_out(record, wait)):
                    inner.append(wait)
                else:
                    inner += open_wait(record, instance, wait)
            case WaitClosed(wait_id=closed):
                close_wait(record, instance, happening)
                if inner:
                    inner = [one for one in inner if (one.id if isinstance(one, JobWait) else one.wait_id) != closed]
            case Entered(stage=stage):
                if stage:
                    enter_stage(record, stage)
            case _:
                record_other(record, instance, happening)
    path_events.append(record.tx, instance.id, path)
    return inner


def open_wait(record: CaseRecord, instance: Instance, wait: Wait) -> list[JobFailed]:
    """Keep one row for what the instance now waits for; a letter that cannot be written is its wait's failure (R5)."""
    match wait:
        case TaskWait():
            open_task(record, instance, wait)
        case TimerWait():
            arm_timer(record, instance, wait)
        case MessageWait():
            subscribe_message(record, instance, wait)
        case SignalWait():
            subscribe_signal(record, instance, wait)
        case JobWait(kind="notify"):
            try:
                request_letter(record, instance, wait)
            except (Invalid, NotFound) as refusal:
                return [JobFailed(wait.id, message=str(refusal))]
        case JobWait():
            name = "continue_instance" if wait.kind == "continue" else "call_connector"
            enqueue(
                record.tx,
                name,
                {"key": wait.key, "inputs": dict(wait.inputs)},
                case_id=record.case_id,
                instance_id=instance.id,
                wait_id=wait.id,
                max_attempts=wait.attempts,
                backoff=wait.backoff,
            )
    return []


def record_other(record: CaseRecord, instance: Instance, happening: object) -> None:
    """Variables that the case mirrors, decisions, thrown messages, incidents and the end."""
    match happening:
        case VariableWritten(name=name, value=value) if name in MIRRORED:
            mirror(record, name, value)
        case DecisionMade():
            keep_decision(record, instance, happening)
        case MessageThrown(name=name, payload=payload, correlation=correlation):
            args = {"name": name, "payload": dict(payload), "correlation": dict(correlation or {})}
            enqueue(record.tx, "deliver_message", args, case_id=record.case_id)
        case SignalThrown(name=name, payload=payload):
            throw_signal(record, name, payload)
        case IncidentRaised():
            raise_incident(record, instance, happening)
        case IncidentCleared(incident_id=incident_id):
            settle_incident(record, instance, incident_id)
        case InstanceEnded(how=how, code=code):
            record.note("process_ended", process=instance.process_id, how=how, code=code)
            if how == "failed":
                failure = IncidentRaised("", code or instance.process_id, failed_message(instance, code))
                raise_incident(record, instance, failure)
        case _:
            pass


def failed_message(instance: Instance, code: str) -> Message:
    """Say that an error end event was caught by nobody (R6)."""
    return Message(
        "instance_failed",
        "The process {process} ended with the error {error} that nothing in the diagram catches. The case needs a person.",
        {"process": instance.process_id, "error": code or "–"},
    )


def enter_stage(record: CaseRecord, stage: str) -> None:
    """Set the stage that the customer sees; a name that is no stage of ISO 10002 is kept out by `check`."""
    if stage == record.case.stage or stage not in set(CaseStage):
        return
    counters.add(record.tx, "cases_by_stage", record.case.stage, -1)
    counters.add(record.tx, "cases_by_stage", stage, 1)
    record.note("stage_changed", stage=stage, before=record.case.stage)
    record.change(stage=CaseStage(stage))


def mirror(record: CaseRecord, name: str, value: object) -> None:
    """Copy a variable that lists and reports need to the case's own column."""
    if name == "priority":
        if isinstance(value, int) and not isinstance(value, bool):
            record.change(priority=min(max(value, 1), 5))
        return
    text = "" if value is None else str(value)
    if not text and name in ("sector", "medium"):
        return
    if name == "category" and text != record.case.category:
        counters.add(record.tx, "cases_by_category", record.case.category, -1)
        counters.add(record.tx, "cases_by_category", text, 1)
        record.note("classified", category=text, before=record.case.category)
    record.change(**{name: text})
    if name in ("sector", "category"):
        start_statutory(record)


def keep_decision(record: CaseRecord, instance: Instance, made: DecisionMade) -> None:
    """Keep inputs, result and rules of a table; personal inputs as a salted reference (R23)."""
    inputs = {name: by_reference(record, name, value) for name, value in made.inputs.items()}
    row = _decision_record(
        id=record.tx.new_id(),
        case_id=record.case_id,
        instance_id=instance.id,
        element_id=made.element_id,
        decision=made.decision,
        digest=made.digest or record.tx.catalog.by_id(instance.deployment_id).digest,
        semantics=SEMANTICS,
        inputs=inputs,
        result=made.result,
        fired=[dict(rule) for rule in made.fired],
        at=made.at or record.tx.now,
    )
    rows.insert(record.tx, row)
    record.note("table_evaluated", decision=made.decision, record=row.id)


def by_reference(record: CaseRecord, name: str, value: object) -> object:
    """A personal value becomes the case's key and a salted digest; others stay as they are."""
    if name not in PERSONAL_FACTS or not value:
        return value
    salted = sha256(f"{record.case_id}:{name}:{canonical_json(value)}".encode()).hexdigest()
    reference: Mapping[str, str] = {"of": name, "case": record.case_id, "digest": salted}
    return dict(reference)


def raise_incident(record: CaseRecord, instance: Instance, raised: IncidentRaised) -> None:
    """Show a stop of the machine to operations; the token waits before the failing element (R5, R6)."""
    row = Incident(
        id=record.tx.new_id(),
        case_id=record.case_id,
        instance_id=instance.id,
        machine_incident_id=raised.incident_id or None,
        job_id=None,
        element_id=raised.element_id,
        code=raised.message.code,
        template=raised.message.template,
        params=dict(raised.message.params),
        created_at=record.tx.now,
    )
    rows.insert(record.tx, row)
    counters.add(record.tx, "incidents", "open", 1)
    record.note("incident_raised", incident=row.id, element=raised.element_id, code=raised.message.code)


def settle_incident(record: CaseRecord, instance: Instance, machine_incident_id: str) -> None:
    """Close the incident's row once the machine has gone on."""
    open_ones = rows.find(
        record.tx, Incident, instance_id=instance.id, machine_incident_id=machine_incident_id, state="open"
    )
    for row in open_ones:
        actor = record.tx.actor.person_id
        rows.update(record.tx, Incident, row.id, state="settled", settled_at=record.tx.now, settled_by=actor)
        counters.add(record.tx, "incidents", "open", -1)
        record.note("incident_settled", incident=row.id)
