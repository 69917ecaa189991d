"""Incidents with the case, the step and the job that they stopped; for administrators and managers."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from engine.model.case import Case
from engine.model.errors import Forbidden
from engine.model.lists import Listed, Place
from engine.model.people import Person, Role
from engine.model.running import Incident, Instance, Job
from engine.queries.addresses import as_seen_by, params_seen_by
from engine.queries.drawings import drawing_of
from engine.store import ops_lists, rows
from engine.store.transaction import Tx

WATCHERS = (Role.ADMINISTRATOR, Role.MANAGER)


@dataclass(frozen=True, slots=True)
class IncidentLine:
    """An incident; `element` is what the diagram calls the step, `job` is there while its job is."""

    incident: Incident
    case_number: str
    process: str
    element: str
    job: Job | None
    settled_by: str


def require_watcher(tx: Tx) -> None:
    """Only administrators and managers look into the engine."""
    if not tx.actor.is_system and not tx.actor.has(*WATCHERS):
        raise Forbidden("not_an_operator", "Only administrators and managers look at incidents, jobs and letters.")


def incidents(tx: Tx, state: str, place: Place | None = None, *, size: int = 30) -> Listed[IncidentLine]:
    """One page of the open or the settled ones, the newest first."""
    require_watcher(tx)
    page = ops_lists.incidents(tx, state, place, size)
    return Listed(_lines(tx, page.rows), page.next, page.previous)


def incident(tx: Tx, incident_id: str) -> IncidentLine:
    """One incident; raises NotFound."""
    require_watcher(tx)
    return _lines(tx, [rows.get(tx, Incident, incident_id)])[0]


def open_incidents(tx: Tx) -> int:
    """How many are open."""
    require_watcher(tx)
    return rows.count(tx, Incident, state="open")


def _lines(tx: Tx, found: Sequence[Incident]) -> list[IncidentLine]:
    cases = {case.id: case.number for case in rows.find(tx, Case, id=_ids(each.case_id for each in found))}
    jobs = {job.id: job for job in rows.find(tx, Job, id=_ids(each.job_id for each in found))}
    people = {person.id: person.name for person in rows.find(tx, Person, id=_ids(each.settled_by for each in found))}
    return [
        IncidentLine(
            replace(each, params=params_seen_by(tx.actor, each.params)),
            cases.get(each.case_id or "", ""),
            *_step(tx, each),
            _seen(tx, jobs.get(each.job_id or "")),
            people.get(each.settled_by or "", ""),
        )
        for each in found
    ]


def _seen(tx: Tx, job: Job | None) -> Job | None:
    """The job as the actor may see it: what a service was told may be a customer's matter."""
    if job is None or tx.actor.sees_cases:
        return job
    return replace(job, args={}, last_error=as_seen_by(tx.actor, job.last_error))


def _step(tx: Tx, found: Incident) -> tuple[str, str]:
    """The process and the step's name in its diagram."""
    instance = rows.maybe(tx, Instance, found.instance_id)
    if instance is None:
        return "", found.element_id
    return instance.process_id, drawing_of(tx, instance.deployment_id, instance.process_id).name_of(found.element_id)


def _ids(found: Iterable[str | None]) -> tuple[str, ...]:
    return tuple({each for each in found if each})
