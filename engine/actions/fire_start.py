"""A due start timer opens one case, never early; after an outage only the latest missed occurrence does (R10, R17)."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from engine.actions.late_occurrence import latest_missed
from engine.actions.permission import require_role, require_system
from engine.actions.process_starts import named
from engine.actions.start_process import start_process
from engine.model.cycle import Schedule, occurrence, parse_cycle
from engine.model.operations import StartTimer
from engine.model.people import Role
from engine.model.running import TimerState
from engine.store import rows
from engine.store.transaction import Tx


def fire_start(tx: Tx, start_id: str) -> bool:
    """Begin the process whose start timer is due and arm the next; how many were missed is kept with the one that fired."""
    require_system(tx)
    timer = rows.maybe(tx, StartTimer, start_id, lock=True)
    if timer is None or timer.state is not TimerState.PENDING or timer.due_at is None or timer.due_at > tx.now:
        return False
    key = tx.catalog.by_id(timer.deployment_id).key
    beginning = named(tx, key, timer.element_id, timer.place)
    if beginning is None or beginning.deployed.id != timer.deployment_id:  # a newer version came while it fell due
        rows.update(tx, StartTimer, timer.id, state=TimerState.CANCELLED, settled_at=tx.now)
        return False
    number, due = latest_missed(timer, tx.now)
    case = start_process(tx, beginning, payload={}, due=due)
    missed = 0 if number is None else number - int(str(timer.spec.get("occurrence") or number))
    spec = {**timer.spec, "occurrence": number, "skipped": missed} if number is not None else timer.spec
    rows.update(tx, StartTimer, timer.id, state=TimerState.FIRED, settled_at=tx.now, spec=spec, case_id=case.id)
    _arm_next(tx, timer, number)
    return True


def skip_start(tx: Tx, start_id: str) -> None:
    """Leave out an occurrence that failed; the next one is armed."""
    require_role(tx, Role.ADMINISTRATOR, Role.MANAGER)
    timer = rows.maybe(tx, StartTimer, start_id, lock=True)
    if timer is None or timer.state is not TimerState.PENDING:
        return
    rows.update(tx, StartTimer, timer.id, state=TimerState.SKIPPED, settled_at=tx.now)
    _arm_next(tx, timer, latest_missed(timer, tx.now)[0])


def _arm_next(tx: Tx, timer: StartTimer, fired: int | None) -> None:
    """Arm the occurrence after the one that fired."""
    text, armed = timer.spec.get("cycle"), timer.spec.get("starts_at")
    if fired is None or not isinstance(text, str) or not isinstance(armed, datetime):
        return
    zone = ZoneInfo(str(timer.spec.get("zone") or "UTC"))
    following = occurrence(Schedule(parse_cycle(text, zone), armed, zone), fired + 1)
    if following is None:
        return
    spec = {**timer.spec, "occurrence": following.number}
    rows.insert(tx, replace(timer, id=tx.new_id(), due_at=following.at, spec=spec, armed_at=tx.now))
