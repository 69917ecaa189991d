"""Running cases go to another version: dry run first, each for itself, blocked ones say why, and undo while nothing moved."""

from __future__ import annotations

import pytest

from engine.actions.deploy_process import deploy_process
from engine.actions.migrate_instances import Foreseen, foresee_move, migrate_instances
from engine.actions.save_draft import save_draft
from engine.actions.undo_migration import undo_migration
from engine.model.case import Case
from engine.model.errors import Conflict, Forbidden, Invalid
from engine.model.operations import Asked, Migration, MovedInstance, MoveOrder, MoveState
from engine.model.people import SYSTEM
from engine.model.running import Deployment, Instance, Timer, TimerState
from engine.model.task import TaskState
from engine.store import audit
from tests.engine.actions.conftest import DIAGRAM, FILES, Desk
from tests.engine.actions.test_suspending import keeps_its_promises

REMINDED = DIAGRAM.replace(
    b'<bpmn:userTask id="opinion"',
    b'<bpmn:boundaryEvent id="slow" attachedToRef="work" cancelActivity="false"><bpmn:timerEventDefinition>'
    b"<bpmn:timeDuration>P3D</bpmn:timeDuration></bpmn:timerEventDefinition></bpmn:boundaryEvent>"
    b'<bpmn:endEvent id="slow_end"/><bpmn:sequenceFlow id="sf" sourceRef="slow" targetRef="slow_end"/>'
    b'<bpmn:userTask id="opinion"',
)
RENAMED = DIAGRAM.replace(b'id="work" name="Work on it"', b'id="repair" name="Repair it"').replace(
    b'Ref="work"', b'Ref="repair"'
)
WHY = "The reminder was missing"


def deploy(desk: Desk, diagram: bytes) -> str:
    with desk.store.begin(SYSTEM) as tx:
        return deploy_process(tx, "complaint", {**FILES, "complaint.bpmn": diagram}).deployed.id


def order(desk: Desk, to: str, mapping: dict[str, str] | None = None, instance: str = "") -> MoveOrder:
    (first,) = desk.all(Deployment, key="complaint", version=1)
    return MoveOrder(first.id, to, mapping or {}, instance)


def look(desk: Desk, given: MoveOrder) -> list[Foreseen]:
    with desk.store.read(desk.person("eva")) as tx:
        return foresee_move(tx, given)


def move(desk: Desk, given: MoveOrder) -> Migration:
    with desk.store.begin(desk.person("eva")) as tx:
        asked = migrate_instances(tx, given, Asked(WHY))
    desk.settle()
    keeps_its_promises(desk)
    return asked


def undo(desk: Desk, asked: Migration) -> None:
    with desk.store.begin(desk.person("eva")) as tx:
        undo_migration(tx, asked.id, Asked("It was too early"))
    desk.settle()
    keeps_its_promises(desk)


def version_of(desk: Desk, case: Case) -> int:
    (instance,) = desk.all(Instance, case_id=case.id)
    return int(desk.all(Deployment, id=instance.deployment_id)[0].version)


def test_a_claimed_task_keeps_its_owner_and_draft_and_gets_the_new_timer(desk: Desk) -> None:
    case = desk.register()
    task = desk.claim("anna", desk.task(case, "work"))
    with desk.store.begin(desk.person("anna")) as tx:
        save_draft(tx, task.id, values={"note": "half"})
    move(desk, order(desk, deploy(desk, REMINDED)))
    after = desk.task(case, "work")
    assert (after.id, after.owner_id, after.state, after.draft) == (
        task.id,
        task.owner_id,
        TaskState.RESERVED,
        {"note": "half"},
    )
    assert [timer.state for timer in desk.all(Timer, element_id="slow")] == [TimerState.PENDING]
    assert version_of(desk, case) == 2
    desk.wait(days=3)
    desk.complete("anna", after, data={})
    keeps_its_promises(desk)


def test_a_renamed_task_is_blocked_until_it_is_mapped(desk: Desk) -> None:
    blocked, further = desk.register(), desk.register(subject="A toaster that burns")
    desk.do("anna", further, "work")
    to = deploy(desk, RENAMED)
    (one, other) = look(desk, order(desk, to))
    assert one.problems
    assert not other.problems
    asked = move(desk, order(desk, to))
    states = {row.case_id: row for row in desk.all(MovedInstance, migration_id=asked.id)}
    assert states[blocked.id].state is MoveState.BLOCKED
    assert states[blocked.id].said
    assert states[further.id].state is MoveState.MOVED
    assert (version_of(desk, blocked), version_of(desk, further)) == (1, 2)
    move(desk, order(desk, to, {"work": "repair"}))
    assert desk.task(blocked, "repair").name == "Repair it"
    desk.do("anna", blocked, "repair")
    keeps_its_promises(desk)


def test_a_dry_run_changes_nothing_and_says_what_would(desk: Desk) -> None:
    case = desk.register()
    before = desk.all(Instance, case_id=case.id)
    (found,) = look(desk, order(desk, deploy(desk, REMINDED)))
    assert found.case_number == case.number
    assert found.changes
    assert desk.all(Instance, case_id=case.id) == before


def test_a_migration_is_undone_while_nothing_has_moved_since(desk: Desk) -> None:
    stays, goes_on = desk.register(), desk.register(subject="A toaster that burns")
    task = desk.task(stays, "work")
    asked = move(desk, order(desk, deploy(desk, RENAMED), {"work": "repair"}))
    desk.do("anna", goes_on, "repair")
    undo(desk, asked)
    assert (version_of(desk, stays), version_of(desk, goes_on)) == (1, 2)
    again = desk.task(stays, "work")
    assert (again.id, again.name) == (task.id, "Work on it")
    states = {row.case_id: row for row in desk.all(MovedInstance, migration_id=asked.id)}
    assert states[stays.id].state is MoveState.UNDONE
    assert "gone on" in repr(states[goes_on.id].said) or "moved" in repr(states[goes_on.id].said)
    desk.do("anna", stays, "work")
    keeps_its_promises(desk)


def test_undoing_arms_again_what_the_new_version_had_dropped(desk: Desk) -> None:
    first = deploy(desk, REMINDED)
    case = desk.register()
    (timer,) = desk.all(Timer, element_id="slow")
    to = deploy(desk, DIAGRAM.replace(b"Work on it", b"Work on it now"))
    asked = move(desk, MoveOrder(first, to))
    assert [each.state for each in desk.all(Timer, element_id="slow")] == [TimerState.CANCELLED]
    undo(desk, asked)
    (again,) = desk.all(Timer, element_id="slow")
    assert (again.state, again.due_at) == (TimerState.PENDING, timer.due_at)
    desk.wait(days=3)
    assert desk.task(case, "work").name == "Work on it"
    keeps_its_promises(desk)


def test_one_case_alone_is_moved(desk: Desk) -> None:
    one, other = desk.register(), desk.register(subject="A toaster that burns")
    (instance,) = desk.all(Instance, case_id=one.id)
    move(desk, order(desk, deploy(desk, REMINDED), instance=instance.id))
    assert (version_of(desk, one), version_of(desk, other)) == (2, 1)


def test_each_case_keeps_who_moved_it_and_why(desk: Desk) -> None:
    case = desk.register()
    move(desk, order(desk, deploy(desk, REMINDED)))
    with desk.store.read(SYSTEM) as tx:
        (event,) = [event for event in audit.events_of(tx, case.id) if event.kind == "process_moved"]
    assert (event.data["by"], event.data["before_version"], event.data["version"]) == (
        desk.person("eva").person_id,
        1,
        2,
    )
    assert str(event.data["reason"]).startswith("message:")


def test_a_migration_is_refused_without_a_right_a_reason_or_a_version_that_fits(desk: Desk) -> None:
    desk.register()
    to = deploy(desk, REMINDED)
    with pytest.raises(Forbidden), desk.store.begin(desk.person("clara")) as tx:
        migrate_instances(tx, MoveOrder("a", "b"), Asked(WHY))
    given = order(desk, to)
    with pytest.raises(Invalid, match="needs a reason"), desk.store.begin(desk.person("eva")) as tx:
        migrate_instances(tx, given, Asked(""))
    same = MoveOrder(given.from_deployment_id, given.from_deployment_id)
    with pytest.raises(Invalid), desk.store.begin(desk.person("eva")) as tx:
        migrate_instances(tx, same, Asked(WHY))
    unknown = order(desk, to, {"work": "nowhere"})
    with pytest.raises(Invalid), desk.store.begin(desk.person("eva")) as tx:
        migrate_instances(tx, unknown, Asked(WHY))


def test_nothing_is_moved_from_where_nothing_runs(desk: Desk) -> None:
    given = order(desk, deploy(desk, REMINDED))
    with pytest.raises(Conflict, match="No case runs"), desk.store.begin(desk.person("eva")) as tx:
        migrate_instances(tx, given, Asked(WHY))
