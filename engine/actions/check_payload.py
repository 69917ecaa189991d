"""What a message from outside carries is new to the process: it never overwrites what people, tables or the case itself settle."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from engine.actions.case_facts import COLUMNS, MIRRORED
from engine.actions.form_of_task import forms_in
from engine.actions.permission import require_signed_in
from engine.execution.programs import program_of
from engine.model.dmn import Decision, DecisionTable
from engine.model.errors import FieldError, Invalid, Message
from engine.model.running import Deployed
from engine.model.values import normalise
from engine.store.transaction import Tx

ALWAYS = frozenset({"outcome", "special_mode", "special_mode_limit", *COLUMNS, *MIRRORED})


def check_payload(tx: Tx, deployments: Iterable[Deployed], payload: Mapping[str, object]) -> None:
    """Raise Invalid naming every value that only a form, a table or the case may set (R2), or that is no value at all."""
    if tx.actor.is_system or not payload:
        return
    require_signed_in(tx)
    normalise(dict(payload), "payload")
    taken = sorted(payload.keys() & frozenset(ALWAYS.union(*(settled_elsewhere(tx, one) for one in deployments))))
    if taken:
        fault = Message(
            "payload_taken", "Only the process itself sets this. Leave it out, or complete the task for it."
        )
        raise Invalid(
            "payload_invalid",
            "The message cannot set {names}.",
            fields=[FieldError(f"payload.{name}", fault) for name in taken],
            names=", ".join(taken),
        )


def settled_elsewhere(tx: Tx, deployment: Deployed) -> set[str]:
    """The names that the forms and the tables of a deployment give."""
    require_signed_in(tx)
    forms = forms_in(deployment.contents)
    asked = {field.name for form in forms.values() for field in form.fields}
    tables = program_of(deployment, deployments=tx.catalog).decisions.values()
    given = {name for found in tables for decision in found.file.decisions for name in outputs_of(decision)}
    return asked | given


def outputs_of(decision: Decision) -> set[str]:
    """The names that a decision gives."""
    columns = decision.logic.outputs if isinstance(decision.logic, DecisionTable) else ()
    return {decision.variable, *(column.name for column in columns)}
