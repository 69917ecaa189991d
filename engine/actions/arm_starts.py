"""Only the newest version's start timers are armed; the older version's are cancelled in the same transaction (R17)."""

from __future__ import annotations

from engine.actions.permission import require_role
from engine.execution.compiler.code import ProgramCode, StartCode
from engine.execution.machine.timers import arm_timer
from engine.execution.machine.waits import moment
from engine.execution.programs import program_of
from engine.model.bpmn import EventKind
from engine.model.errors import Invalid, MakegoodError
from engine.model.operations import StartTimer
from engine.model.people import Role
from engine.model.running import Deployed, TimerState
from engine.store import rows, settings, start_timers
from engine.store.transaction import Tx


def arm_starts(tx: Tx, deployed: Deployed) -> list[StartTimer]:
    """Arm the start timers of a version that has just become the newest; raises Invalid for a time that none is."""
    require_role(tx, Role.DESIGNER, Role.ADMINISTRATOR)
    start_timers.cancel_of_key(tx, deployed.key)
    program = program_of(deployed, zone=settings.zone(tx).key)
    armed = [_armed(tx, deployed, program, start) for start in program.starts if _is_timed(start)]
    rows.insert_many(tx, armed)
    return armed


def _is_timed(start: StartCode) -> bool:
    """Whether this start waits for a time of its own; the clocks of cases begin none."""
    return start.event.kind is EventKind.TIMER and start.event.timer is not None and not start.event.timer.clock


def _armed(tx: Tx, deployed: Deployed, program: ProgramCode, start: StartCode) -> StartTimer:
    """The first occurrence, worked out once, in the process's zone (R10)."""
    timer, zone = start.event.timer, program.processes[start.process_id].zone
    if timer is None:
        raise TypeError(f"{start.element_id} is no timer")
    try:
        value: object = timer.text if timer.expression is None else timer.expression.evaluate({})
        facts = arm_timer(timer, value, tx.now, zone)
    except MakegoodError as trouble:
        raise Invalid(
            "start_timer_unreadable",
            "“{element}” cannot be armed: {trouble} Correct the time in the diagram.",
            element=start.element_id,
            trouble=str(trouble),
        ) from trouble
    spec: dict[str, object] = {}
    if isinstance(facts.get("cycle"), str):
        spec = {
            "cycle": facts["cycle"],
            "occurrence": facts.get("number"),
            "starts_at": moment(facts.get("from")),
            "late_all": start.event.late_all,
            "zone": zone.key,
        }
    due = moment(facts.get("due"))
    past = due is None or due < tx.now  # a date that was past already starts nothing, or each new version would again
    return StartTimer(
        id=tx.new_id(),
        deployment_id=deployed.id,
        process_id=start.process_id,
        element_id=start.element_id,
        place=start.place,
        due_at=due,
        state=TimerState.SKIPPED if past else TimerState.PENDING,
        spec=spec,
        armed_at=tx.now,
        settled_at=tx.now if past else None,
    )
