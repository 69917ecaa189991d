"""A service is called outside any transaction with a key that makes a repeated call harmless to the receiver."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.actions.answer_job import answer_job
from engine.actions.permission import require_system
from engine.execution.runtime import JobDone, JobFailed
from engine.model.errors import BpmnError, ConnectorError
from engine.model.ports import Connector
from engine.model.running import Job
from engine.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Call:
    """A connector and what it is asked."""

    connector: Connector
    inputs: Mapping[str, object]
    idempotency_key: str


def prepare_call(tx: Tx, job: Job) -> Call:
    """Find the connector. Raises ConnectorError for a key that this installation lacks."""
    require_system(tx)
    key = str(job.args.get("key", ""))
    connector = tx.ports.connectors.get(key)
    if connector is None:
        raise ConnectorError(
            "connector_missing",
            "There is no connector “{key}” in this installation. Add its folder under connectors, then retry.",
            permanent=True,
            key=key,
        )
    inputs = job.args.get("inputs")
    return Call(connector, inputs if isinstance(inputs, Mapping) else {}, f"{job.instance_id}:{job.wait_id}")


def perform_call(call: Call) -> Mapping[str, object] | BpmnError:
    """Call the service; a modelled error is a result like another."""
    try:
        return call.connector.call(call.inputs, idempotency_key=call.idempotency_key)
    except BpmnError as error:
        return error


def record_call(tx: Tx, job: Job, result: Mapping[str, object] | BpmnError) -> None:
    """Give the result to the process."""
    require_system(tx)
    if not job.instance_id or not job.wait_id:
        return
    if isinstance(result, BpmnError):
        answer_job(tx, job.instance_id, JobFailed(job.wait_id, error_code=result.code, payload=result.payload))
    else:
        answer_job(tx, job.instance_id, JobDone(job.wait_id, dict(result)))
