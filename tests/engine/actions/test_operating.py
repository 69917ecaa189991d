"""Operations move, rewind, skip and set variables with a reason, and what is unsafe is refused; the promises hold after each."""

from __future__ import annotations

import pytest

from engine.actions.operate_instance import foresee, operate
from engine.actions.request_special_mode import request_special_mode
from engine.model.case import Case, CaseMessage, CaseStage, CaseStatus
from engine.model.decision import SpecialMode
from engine.model.errors import Conflict, Forbidden, Invalid
from engine.model.operations import Asked, Cancel, MoveToken, Order, Rewind, SetVariable, SkipTask
from engine.model.people import SYSTEM, Person, PersonRole, Role
from engine.model.running import Instance, InstanceStatus
from engine.model.task import Task, TaskState
from engine.queries.instance_page import instance_page
from engine.store import audit, rows
from engine.store.transaction import Tx
from tests.engine.actions.conftest import Desk
from tests.engine.actions.test_suspending import instance_of, keeps_its_promises

WHY = "The diagram was wrong"


def do(desk: Desk, case: Case, order: Order, *, login: str = "eva", reason: str = WHY) -> None:
    instance = instance_of(desk, case)
    with desk.store.read(desk.person(login)) as tx:
        assert foresee(tx, instance.id, order)
    with desk.store.begin(desk.person(login)) as tx:
        operate(tx, instance.id, order, Asked(reason, instance.version))
    desk.settle()
    keeps_its_promises(desk)


def add_henry(desk: Desk) -> None:
    with desk.store.begin(SYSTEM) as tx:
        rows.insert(tx, Person(id="henry", login="henry", name="Henry", created_at=tx.now))
        rows.insert(tx, PersonRole(person_id="henry", role=Role.ADMINISTRATOR))


def token_at(desk: Desk, case: Case, element: str) -> str:
    with desk.store.read(desk.person("eva")) as tx:
        page = instance_page(tx, rows.find(tx, Instance, case_id=case.id)[0].id)
    return next(place.token for place in page.places if place.element_id == element)


def instance(tx: Tx, case: Case) -> str:
    return rows.find(tx, Instance, case_id=case.id)[0].id


def told(desk: Desk, case: Case, kind: str) -> dict[str, object]:
    with desk.store.read(SYSTEM) as tx:
        (event,) = [event for event in audit.events_of(tx, case.id) if event.kind == kind]
        reason = rows.get(tx, CaseMessage, str(event.data["reason"]).removeprefix("message:"))
    return {**event.data, "reason": reason.body, "by": event.actor_id}


def test_a_skipped_task_is_obsolete_and_the_flow_goes_on(desk: Desk) -> None:
    case = desk.register()
    task = desk.task(case, "work")
    do(desk, case, SkipTask(task.wait_id))
    assert [found.state for found in desk.all(Task, id=task.id)] == [TaskState.OBSOLETE]
    assert [found.element_id for found in desk.open_tasks(case)] == ["decide"]
    event = told(desk, case, "step_skipped")
    assert (event["element"], event["reason"], event["by"]) == ("work", WHY, desk.person("eva").person_id)


def test_a_case_goes_back_to_a_task_that_was_done(desk: Desk) -> None:
    case = desk.register()
    desk.do("anna", case, "work")
    do(desk, case, Rewind("work"))
    assert [found.element_id for found in desk.open_tasks(case)] == ["work"]
    assert told(desk, case, "rewound")["element"] == "work"
    desk.do("anna", case, "work")
    keeps_its_promises(desk)


def test_a_token_is_moved_by_an_administrator_who_sees_no_case(desk: Desk) -> None:
    add_henry(desk)
    case = desk.register()
    with desk.store.read(desk.person("henry")) as tx:
        page = instance_page(tx, rows.find(tx, Instance, case_id=case.id)[0].id)
    assert not [value for level in page.levels for value in level.variables.values() if value is not None]
    do(desk, case, MoveToken(token_at(desk, case, "work"), "decide"), login="henry")
    assert [task.element_id for task in desk.open_tasks(case)] == ["decide"]
    event = told(desk, case, "token_moved")
    assert (event["element"], event["by"]) == ("decide", "henry")


def test_a_move_to_where_no_token_can_be_is_refused_with_a_sentence(desk: Desk) -> None:
    case = desk.register()
    token = token_at(desk, case, "work")
    with pytest.raises((Conflict, Invalid)), desk.store.begin(desk.person("eva")) as tx:
        operate(tx, instance(tx, case), MoveToken(token, "ask"), Asked(WHY))
    keeps_its_promises(desk)


def test_a_variable_is_set_by_a_manager_and_the_trail_has_its_name_alone(desk: Desk) -> None:
    add_henry(desk)
    case = desk.register()
    do(desk, case, SetVariable("serial", "KL-4711"))
    with desk.store.read(desk.person("eva")) as tx:
        assert instance_page(tx, instance(tx, case)).levels[0].variables["serial"] == "KL-4711"
    event = told(desk, case, "variable_set")
    assert event["name"] == "serial"
    assert "KL-4711" not in repr(event)
    with pytest.raises(Forbidden), desk.store.begin(desk.person("henry")) as tx:
        operate(tx, instance(tx, case), SetVariable("serial", "x"), Asked(WHY))


def test_a_cancelled_process_closes_its_case_without_an_answer(desk: Desk) -> None:
    add_henry(desk)
    case = desk.register()
    with pytest.raises(Forbidden), desk.store.begin(desk.person("henry")) as tx:
        operate(tx, instance(tx, case), Cancel(), Asked(WHY))
    do(desk, case, Cancel())
    after = desk.again(case)
    assert (after.status, after.stage, after.root_cause) == (CaseStatus.CLOSED, CaseStage.CLOSED, "cancelled")
    assert instance_of(desk, case).status is InstanceStatus.CANCELLED
    assert not desk.open_tasks(case)
    assert told(desk, case, "process_cancelled")["reason"] == WHY


def test_a_cancelled_request_for_special_mode_is_refused_and_the_case_goes_on(desk: Desk) -> None:
    case = desk.register()
    with desk.store.begin(desk.person("anna")) as tx:
        request_special_mode(tx, case.id, reason="A good customer", amount=None)
    desk.settle()
    (beside,) = desk.all(Instance, process_id="special_mode")
    with desk.store.begin(desk.person("eva")) as tx:
        operate(tx, beside.id, Cancel(), Asked(WHY))
    assert [mode.status for mode in desk.all(SpecialMode)] == ["refused"]
    assert desk.again(case).status is CaseStatus.OPEN
    keeps_its_promises(desk)


def test_what_is_over_cannot_be_operated_on(desk: Desk) -> None:
    case = desk.register()
    do(desk, case, Cancel())
    with pytest.raises(Conflict, match="is over"), desk.store.begin(desk.person("eva")) as tx:
        operate(tx, instance(tx, case), Cancel(), Asked(WHY))


def test_two_operators_do_not_undo_each_other(desk: Desk) -> None:
    case = desk.register()
    desk.do("anna", case, "work")
    seen = instance_of(desk, case).version
    do(desk, case, Rewind("work"))
    with pytest.raises(Conflict, match="since you looked"), desk.store.begin(desk.person("filip")) as tx:
        operate(tx, instance(tx, case), Rewind("work"), Asked(WHY, seen))


def test_without_a_reason_nothing_happens(desk: Desk) -> None:
    case = desk.register()
    with pytest.raises(Invalid, match="needs a reason"), desk.store.begin(desk.person("eva")) as tx:
        operate(tx, instance(tx, case), Cancel(), Asked(" "))
    assert desk.open_tasks(case)
