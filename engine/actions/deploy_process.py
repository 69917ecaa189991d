"""Files become the newest version of a process; running cases keep theirs, and faulty files change nothing (R17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.actions.arm_starts import arm_starts
from engine.actions.people_for_tasks import tasks_without_people
from engine.actions.permission import require_role
from engine.checks import check_files
from engine.definitions.bpmn import read_bpmn
from engine.definitions.catalog import DIAGRAMS, queues_named
from engine.model.errors import DefinitionInvalid, FieldError, Finding, Invalid, Message, Severity
from engine.model.people import Queue, Role
from engine.model.running import Deployed
from engine.store import deployments, rows
from engine.store.transaction import Tx

LONGEST_KEY = 80


@dataclass(frozen=True, slots=True)
class Deployment:
    """The version that is newest now, whether it was made just now, what the checks warn of, and the queues that it opened."""

    deployed: Deployed
    is_new: bool
    warnings: tuple[Finding, ...] = ()
    queues: tuple[str, ...] = ()


def deploy_process(tx: Tx, key: str, files: Mapping[str, bytes]) -> Deployment:
    """Deploy the files of one process under `key`; the same bytes as the newest version change nothing.

    The start timers of the version before are cancelled, those of this one armed. Raises DefinitionInvalid with every
    finding where there is an error, Invalid for a key that is none.
    """
    require_role(tx, Role.DESIGNER, Role.ADMINISTRATOR)
    refuse_key(key)
    newest = tx.catalog.newest_or_none(key)
    if newest is not None and newest.digest == deployments.digest_of(files):
        return Deployment(newest, is_new=False)
    findings = check_files(files, now=tx.now)
    if any(finding.severity is Severity.ERROR for finding in findings):
        raise DefinitionInvalid(findings)
    deployed, is_new = deployments.keep(tx, key, files, process_ids=runnable_processes(files))
    arm_starts(tx, deployed)
    opened = _open_queues(tx, files)
    return Deployment(deployed, is_new, (*findings, *tasks_without_people(tx, files)), opened)


def refuse_key(key: str) -> None:
    """Raise Invalid for what cannot be the key of a process."""
    if not key.replace("-", "_").isidentifier() or len(key) > LONGEST_KEY:
        fault = FieldError("key", Message("key_wrong", "Use letters, digits and underscores, beginning with a letter."))
        raise Invalid("process_key", "“{key}” cannot be the key of a process.", fields=[fault], key=key)


def _open_queues(tx: Tx, files: Mapping[str, bytes]) -> tuple[str, ...]:
    """Add the queues that tasks go to and nobody has heard of; a house without any queue is not furnished yet."""
    known = {queue.key for queue in rows.find(tx, Queue)}
    fresh = tuple(key for key in queues_named(files) if known and key not in known)
    rows.insert_many(tx, [Queue(key=key, name=key.replace("_", " ").capitalize()) for key in fresh])
    return fresh


def runnable_processes(files: Mapping[str, bytes]) -> list[str]:
    """The processes of all diagrams that can run, in the order of files."""
    return [
        process.id
        for name in sorted(files)
        if name.lower().endswith(DIAGRAMS)
        for process in read_bpmn(files[name], file=name).definitions.processes
        if process.executable is not False and process.body.nodes
    ]
