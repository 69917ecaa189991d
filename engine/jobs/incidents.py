"""A job that failed for good is an incident that people see; they retry it or skip it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from engine.model.duration import parse_period
from engine.model.errors import Conflict, Message
from engine.model.running import Incident, IncidentState, Job, JobState, Timer, TimerState
from engine.store import audit, counters, rows
from engine.store.transaction import Tx

FIRE_TIMER = "fire_timer"
FIRE_START = "fire_start"
LONGEST_PAUSE = timedelta(hours=6)


def fail(tx: Tx, job: Job, message: Message, *, permanent: bool = False) -> None:
    """Set a failed job back for its next attempt, or make it an incident once its attempts are used up."""
    if permanent or job.attempts >= job.max_attempts:
        _give_up(tx, job, message)
        return
    again = tx.now + pause_after(job)
    rows.update(tx, Job, job.id, state=JobState.PENDING, due_at=again, leased_until=None, last_error=str(message))


def pause_after(job: Job) -> timedelta:
    """Give the time until the next attempt, at most six hours: the back-off, doubled each time, or the pause that is its turn."""
    done = max(job.attempts - 1, 0)
    pauses = job.backoff.split() or [job.backoff]
    period = parse_period(pauses[min(done, len(pauses) - 1)])
    first = period.exact + timedelta(days=period.days + 30 * period.months)
    doublings = min(done, 20) if len(pauses) == 1 else 0
    return min(min(first, LONGEST_PAUSE) * (1 << doublings), LONGEST_PAUSE)


def retry_job(tx: Tx, job_id: str) -> Job:
    """Let a failed job run again from its first attempt; raise Conflict where it has not failed."""
    job = _failed(tx, job_id)
    settle_of_job(tx, job, "retried")
    rows.update(tx, Job, job.id, state=JobState.PENDING, attempts=0, due_at=tx.now, leased_until=None, last_error="")
    tx.after_commit.append(tx.wake)
    return replace(job, state=JobState.PENDING, attempts=0)


def skip_job(tx: Tx, job_id: str) -> Job:
    """Drop a failed job without its effect; whoever skips it lets its instance go on. Raise Conflict where it has not failed."""
    job = _failed(tx, job_id)
    settle_of_job(tx, job, "skipped")
    if job.name == FIRE_TIMER:
        skipped = {"state": TimerState.SKIPPED, "settled_at": tx.now}
        rows.update_where(tx, Timer, skipped, id=str(job.args["timer"]), state=TimerState.PENDING)
    rows.delete(tx, Job, id=job.id)
    return job


def settle_of_job(tx: Tx, job: Job, how: str) -> None:
    """Close the open incidents of a job."""
    for incident in rows.find(tx, Incident, job_id=job.id, state=IncidentState.OPEN):
        rows.update(
            tx,
            Incident,
            incident.id,
            state=IncidentState.SETTLED,
            settled_at=tx.now,
            settled_by=tx.actor.person_id,
            settled_how=how,
        )
        counters.add(tx, "incidents", "open", -1)
        if incident.case_id is not None:
            audit.append(tx, incident.case_id, "incident_settled", {"incident": incident.id, "how": how})


def _give_up(tx: Tx, job: Job, message: Message) -> None:
    rows.update(tx, Job, job.id, state=JobState.FAILED, leased_until=None, last_error=str(message))
    incident = Incident(
        id=tx.new_id(),
        case_id=job.case_id,
        instance_id=job.instance_id,
        job_id=job.id,
        element_id=str(job.args.get("element", "")),
        code=message.code,
        template=message.template,
        params={name: _kept(value) for name, value in message.params.items()},
        created_at=tx.now,
    )
    rows.insert(tx, incident)
    counters.add(tx, "incidents", "open", 1)
    if job.case_id is not None:
        told = {"incident": incident.id, "job": job.name, "code": message.code, "attempts": job.attempts}
        audit.append(tx, job.case_id, "incident_raised", told)


def _failed(tx: Tx, job_id: str) -> Job:
    job = rows.get(tx, Job, job_id)
    if job.state is not JobState.FAILED:
        raise Conflict(
            "job_not_failed",
            "The job “{job}” has not failed; it is waiting or running. Look again later.",
            job=job.name,
        )
    return job


def _kept(value: object) -> object:
    return value if value is None or isinstance(value, str | int | Decimal | date) else str(value)
