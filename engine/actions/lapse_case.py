"""A statutory clock that runs out decides the case as its rule row says; only earlier dispatch takes that back (R25)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.actions.case_clocks import as_clock, change_clock, clock_of
from engine.actions.case_record import CaseRecord
from engine.actions.decide_case import put_in_force
from engine.actions.inputs import text_of
from engine.actions.permission import require_case
from engine.model.clock import ClockState
from engine.model.clock_changes import breach, lapse
from engine.model.decision import Decision
from engine.model.running import Instance
from engine.model.statutory import rule_named


def lapse_case(record: CaseRecord, instance: Instance, inputs: Mapping[str, object]) -> dict[str, object]:
    """Record the lapse: `effect` names the decision by law, or is empty where the rule gives none."""
    tx = record.tx
    require_case(tx, record.case)
    row = clock_of(record, text_of(inputs, "clock", "statutory"))
    if row is None:
        return {"effect": ""}
    clock = as_clock(row)
    effect = rule_named(clock.basis.rule, clock.basis.rule_version).lapse.decision
    if clock.state in (ClockState.RUNNING, ClockState.BREACHED):
        # Where the law does not decide, the answer is only late: it still goes out and stops the clock.
        change_clock(record, row, lapse(clock, tx.now) if effect else breach(clock, tx.now))
    record.note("clock_lapsed", clock=row.key, rule=clock.basis.rule, effect=effect)
    if not effect:
        return {"effect": ""}
    decision = Decision(
        id=tx.new_id(),
        case_id=record.case_id,
        outcome=effect,
        amount=record.case.disputed_amount,
        remedy=record.case.remedy,
        reasons="",
        basis="law",
        decided_at=tx.now,
    )
    put_in_force(record, decision)
    return {"effect": effect}
