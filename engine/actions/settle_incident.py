"""Operations retry or skip what has stopped; both are recorded with who and why."""

from __future__ import annotations

from engine.actions.advance_instance import advance_instance
from engine.actions.case_record import CaseRecord, lock
from engine.actions.fire_start import skip_start
from engine.actions.keep_answers import keep_reason
from engine.actions.operation import acting, require_reason
from engine.actions.permission import require_role
from engine.execution.runtime import IncidentRetried
from engine.jobs import FIRE_START, enqueue, retry_job, skip_job
from engine.model.errors import Conflict
from engine.model.people import Role
from engine.model.running import Incident, Instance
from engine.store import counters, rows
from engine.store.transaction import Tx


def retry_incident(tx: Tx, incident_id: str, *, reason: str) -> None:
    """Try again what the incident names, now. Raises Invalid without a reason, Conflict for one that is settled."""
    require_role(tx, Role.ADMINISTRATOR, Role.MANAGER)
    require_reason(reason)
    _settle(tx, incident_id, how="retried", reason=reason.strip())


def skip_incident(tx: Tx, incident_id: str, *, reason: str) -> None:
    """Go on behind the failing element without its output. Raises Invalid without a reason, Conflict for a settled one."""
    require_role(tx, Role.ADMINISTRATOR, Role.MANAGER)
    require_reason(reason)
    _settle(tx, incident_id, how="skipped", reason=reason.strip())


def _settle(tx: Tx, incident_id: str, *, how: str, reason: str) -> None:
    """Close the incident's row and let the machine or the job go on."""
    incident = rows.get(tx, Incident, incident_id)
    record = lock(tx, incident.case_id) if incident.case_id is not None else None
    incident = rows.get(tx, Incident, incident_id, lock=True)
    if incident.state != "open":
        raise Conflict("incident_settled", "This incident was settled already. Reload the list.")
    if record is None:
        _finish(tx, incident, how)
        _give_job(tx, incident, how)
        return
    _finish(tx, incident, how)
    record.note("incident_settled", incident=incident.id, how=how, reason=keep_reason(record, reason))
    if incident.job_id is not None:
        _give_job(tx, incident, how)
    record.flush()
    if incident.job_id is None:
        _give_machine(lock(acting(tx), record.case_id), incident, how)


def _finish(tx: Tx, incident: Incident, how: str) -> None:
    """Write who settled it, when and how."""
    actor = tx.actor.person_id
    rows.update(tx, Incident, incident.id, state="settled", settled_at=tx.now, settled_by=actor, settled_how=how)
    counters.add(tx, "incidents", "open", -1)


def _give_job(tx: Tx, incident: Incident, how: str) -> None:
    """Put the failed job back, or drop it and answer its wait without a result."""
    if incident.job_id is None:
        return
    if how == "retried":
        retry_job(tx, incident.job_id)
        return
    job = skip_job(tx, incident.job_id)
    if job.name == FIRE_START:
        skip_start(tx, str(job.args["start"]))
    if job.instance_id and job.wait_id:
        enqueue(tx, "answer_wait", case_id=job.case_id, instance_id=job.instance_id, wait_id=job.wait_id)


def _give_machine(record: CaseRecord, incident: Incident, how: str) -> None:
    """Let the token go on where it stands."""
    if incident.instance_id is None or incident.machine_incident_id is None:
        return
    event = IncidentRetried(incident.machine_incident_id, skip=how == "skipped")
    advance_instance(record.tx, record, rows.get(record.tx, Instance, incident.instance_id), event)
