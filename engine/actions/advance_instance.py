"""One step of an instance: advance the machine, keep its new state, and turn what happened into rows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from engine.actions import connectors_of_case
from engine.actions.case_record import CaseRecord
from engine.actions.permission import require_case, require_sight, require_system
from engine.actions.record_happenings import record_happenings
from engine.actions.stored_data import facts_of_step, keep_stored
from engine.execution.programs import program_of, runtime_named, runtime_of
from engine.execution.runtime import (
    DataStored,
    Event,
    InstanceEnded,
    JobDone,
    JobFailed,
    JobWait,
    Start,
    Step,
    TimerFired,
)
from engine.model.errors import BpmnError, MakegoodError, StorageTrouble
from engine.model.records import changed
from engine.model.running import Instance, InstanceStatus
from engine.store import rows, settings
from engine.store.transaction import Tx, tried


@dataclass(slots=True)
class Advance:
    """The instance as it stands while its step, and the inner connectors that follow from it, are carried out."""

    record: CaseRecord
    instance: Instance
    state: str | None
    fired_at: datetime | None = None


def advance_instance(tx: Tx, record: CaseRecord, instance: Instance, event: Event) -> None:
    """Give `event` to an instance of the locked case and carry out everything that follows inside the database.

    Raises Conflict where the event fits no open wait (a late result is the caller's to drop, R4).
    """
    require_sight(tx, record)
    _run(Advance(record, instance, instance.state), event)


def fire_instance(record: CaseRecord, instance: Instance, event: TimerFired, due: datetime) -> None:
    """Fire a timer of an instance; the machine's `now` is the timer's due (R10)."""
    require_system(record.tx)
    _run(Advance(record, instance, instance.state, due), event)


def start_instance(tx: Tx, record: CaseRecord, *, key: str, event: Start, due: datetime | None = None) -> Instance:
    """Start the newest version of the process `event.process_id` of deployment `key` on the locked case.

    A start timer's `due` is the machine's `now` then (R10).
    """
    require_case(tx, record.case)
    deployment = tx.catalog.newest(key)
    instance = Instance(
        id=tx.new_id(),
        case_id=record.case_id,
        deployment_id=deployment.id,
        process_id=event.process_id,
        runtime=runtime_of(program_of(deployment), event.process_id),
        started_by=tx.actor.person_id,
        state="",
        started_at=tx.now,
    )
    rows.insert(tx, instance)
    record.is_new = False
    record.note("process_started", process=event.process_id, version=deployment.version)
    _run(Advance(record, instance, None, due), event)
    return instance


def carry_out(record: CaseRecord, instance: Instance, step: Step) -> None:
    """Carry out a step that operations have asked for, with everything that follows inside the database."""
    require_case(record.tx, record.case)
    _run(Advance(record, instance, step.state), step)


def _run(advance: Advance, first: Event | Step) -> None:
    """Advance, record, and answer inner connectors until none is left; the state is written once at the end."""
    tx = advance.record.tx
    deployment = tx.catalog.by_id(advance.instance.deployment_id)
    program = program_of(deployment, zone=settings.zone(tx).key, deployments=tx.catalog)
    runtime = runtime_named(advance.instance.runtime)
    pending = [first]
    for current in pending:
        facts = facts_of_step(advance.record, program, deployment.id)
        now = advance.fired_at if advance.fired_at is not None and isinstance(current, TimerFired | Start) else tx.now
        step = (
            current
            if isinstance(current, Step)
            else runtime.advance(program, advance.state, with_facts(current, facts), now)
        )
        advance.state = step.state
        advance.record.variables_of = partial(runtime.variables, program, step.state)
        inner = record_happenings(advance.record, advance.instance, step)
        if program.stores:
            for stored in [happening for happening in step.happenings if isinstance(happening, DataStored)]:
                keep_stored(advance.record, deployment.key, stored)
        pending += [
            found if isinstance(found, JobFailed) else answer(advance.record, advance.instance, found)
            for found in inner
        ]
        _keep(advance, step)
    changes: dict[str, object] = {"state": advance.state, "version": advance.instance.version + 1}
    if advance.instance.ended_at is not None:
        changes |= {"status": advance.instance.status, "ended_at": advance.instance.ended_at}
    rows.update(tx, Instance, advance.instance.id, **changes)
    advance.record.flush()


def with_facts(event: Event, facts: Mapping[str, object]) -> Event:
    """The event with what its step may read, unless it was made with that."""
    return event if event.facts is facts else changed(event, {"facts": facts})


def _keep(advance: Advance, step: Step) -> None:
    if not step.running and advance.instance.status.is_live:
        ended = {"status": how_ended(step), "ended_at": advance.record.tx.now}
        advance.instance = changed(advance.instance, ended)


def how_ended(step: Step) -> InstanceStatus:
    """How the machine says that the instance ended."""
    ends = [happening.how for happening in step.happenings if isinstance(happening, InstanceEnded)]
    return InstanceStatus(ends[-1]) if ends else InstanceStatus.COMPLETED


def answer(record: CaseRecord, instance: Instance, wait: JobWait) -> Event:
    """Carry out an inner connector: its result, its modelled error, or its refusal as an incident; a letter left out is done."""
    record.settled.add((instance.id, wait.id))  # it never had a job
    if wait.kind == "notify":
        record.note("letter_left_out", letter=wait.letter)
        return JobDone(wait.id)
    before = record.kept()
    try:
        with tried(record.tx):
            result = connectors_of_case.call(record, instance, wait)
    except BpmnError as error:
        record.go_back(before)
        return JobFailed(wait.id, error_code=error.code, payload=error.payload)
    except StorageTrouble:
        raise
    except MakegoodError as refusal:
        record.go_back(before)
        return JobFailed(wait.id, message=str(refusal))
    record.refresh()
    return JobDone(wait.id, result)
