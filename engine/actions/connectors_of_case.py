"""The inner connectors: what a diagram does to its own case, inside the step's transaction; they answer nothing unless said."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from engine.actions.case_record import CaseRecord
from engine.actions.close_case import close_case
from engine.actions.decide_case import decide_case
from engine.actions.escalate_task import escalate_task
from engine.actions.join_case import join_case
from engine.actions.lapse_case import lapse_case
from engine.actions.record_dispatch import record_dispatch
from engine.actions.settle_special_mode import settle_special_mode
from engine.execution.runtime import JobWait
from engine.model.errors import NotFound
from engine.model.running import Instance

PREFIX = "case."
Inner = Callable[[CaseRecord, Instance, Mapping[str, object]], dict[str, object]]
INNER: Mapping[str, Inner] = {
    "case.decide": decide_case,
    "case.dispatched": record_dispatch,
    "case.lapse": lapse_case,
    "case.close": close_case,
    "case.join": join_case,
    "case.escalate": escalate_task,
    "case.special_mode": settle_special_mode,
}


def is_inner(wait: JobWait) -> bool:
    """Whether this work changes only the database and is done in the step's own transaction."""
    return wait.kind == "connector" and wait.key.startswith(PREFIX)


def call(record: CaseRecord, instance: Instance, wait: JobWait) -> dict[str, object]:
    """Carry out an inner connector; raises NotFound for a key that does not exist."""
    inner = INNER.get(wait.key)
    if inner is None:
        raise NotFound(
            "connector_unknown",
            "There is no connector “{key}”. Those of a case are: {known}.",
            key=wait.key,
            known=", ".join(sorted(INNER)),
        )
    return inner(record, instance, wait.inputs)
