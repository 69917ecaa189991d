"""Who may do a task, who gets it, and what the loser of a race reads."""

from __future__ import annotations

from datetime import date

import pytest

from engine.actions.complete_task import Answer, complete_task
from engine.actions.reassign_task import delegate_task, reassign_task
from engine.actions.release_task import release_task
from engine.actions.save_draft import save_draft
from engine.actions.set_absence import Away, set_absence
from engine.model.errors import Conflict, Forbidden, Invalid
from engine.model.people import Notice
from engine.model.task import TaskState
from tests.engine.actions.conftest import Desk

MONDAY, FRIDAY = date(2026, 3, 2), date(2026, 3, 6)


def absent(desk: Desk, login: str, substitute: str) -> None:
    with desk.store.begin(desk.person(login)) as tx:
        set_absence(tx, login, Away(first_day=MONDAY, last_day=FRIDAY, substitute=substitute))


def test_the_loser_of_a_claim_reads_who_has_the_task(desk: Desk) -> None:
    task = desk.task(desk.register(), "work")
    desk.claim("anna", task)
    with pytest.raises(Conflict, match="already with Anna") as refusal:
        desk.claim("ben", task)
    assert refusal.value.message.params["owner_id"] == desk.person("anna").person_id


def test_somebody_outside_the_queue_may_not_claim(desk: Desk) -> None:
    case = desk.register()
    desk.press("anna", desk.task(case, "work"), "ask")
    with pytest.raises(Forbidden, match="role specialist"):
        desk.claim("anna", desk.task(case, "opinion"))
    desk.do("ben", case, "opinion")


def test_an_expert_can_be_asked_any_number_of_times(desk: Desk) -> None:
    case = desk.register()
    for _ in range(3):
        desk.press("anna", desk.task(case, "work"), "ask")
    assert [task.element_id for task in desk.open_tasks(case)] == ["work", "opinion", "opinion", "opinion"]
    desk.do("anna", case, "work")
    assert len(desk.open_tasks(case)) == 4


def test_who_decided_may_not_check_the_decision_nor_may_their_substitute(desk: Desk) -> None:
    case = desk.register()
    desk.do("anna", case, "work")
    desk.do("anna", case, "decide", "reject", reasons="No.")
    with pytest.raises(Forbidden, match="took part in an earlier step"):
        desk.claim("anna", desk.task(case, "second_person"))
    absent(desk, "anna", "ben")
    with pytest.raises(Forbidden, match="stand in for somebody"):
        desk.claim("ben", desk.task(case, "second_person"))
    desk.do("clara", case, "second_person", "approve")


def test_a_stale_form_is_refused_by_its_own_task_s_version_only(desk: Desk) -> None:
    case = desk.register()
    seen = desk.task(case, "work")
    desk.press("ben", seen, "ask")
    desk.complete("ben", desk.task(case, "opinion"), data={})
    claimed = desk.claim("ben", seen)
    with desk.store.begin(desk.person("ben")) as tx, pytest.raises(Conflict) as refusal:
        complete_task(tx, seen.id, Answer(version=seen.version, data={}))
    assert refusal.value.code == "task_stale"
    with desk.store.begin(desk.person("ben")) as tx:
        complete_task(tx, seen.id, Answer(version=claimed.version, data={}))


def test_a_reassigned_task_keeps_its_draft_and_tells_old_and_new_owner(desk: Desk) -> None:
    case = desk.register()
    desk.do("anna", case, "work")
    task = desk.claim("anna", desk.task(case, "decide"))
    with desk.store.begin(desk.person("anna")) as tx:
        save_draft(tx, task.id, values={"reasons": "half typed"})
    with desk.store.begin(desk.person("clara")) as tx:
        moved = reassign_task(tx, task.id, to="ben", reason="Anna is on the phone")
    assert (moved.owner_id, moved.draft) == (desk.person("ben").person_id, {"reasons": "half typed"})
    told = {notice.person_id for notice in desk.all(Notice)}
    assert told == {desk.person("anna").person_id, desk.person("ben").person_id}


def test_only_a_lead_reassigns_and_never_without_a_reason(desk: Desk) -> None:
    task = desk.task(desk.register(), "work")
    with desk.store.begin(desk.person("anna")) as tx, pytest.raises(Forbidden, match="lead of the queue"):
        reassign_task(tx, task.id, to="anna", reason="mine")
    with desk.store.begin(desk.person("clara")) as tx, pytest.raises(Invalid):
        reassign_task(tx, task.id, to="anna", reason=" ")


def test_nobody_absent_is_given_a_task_but_the_substitute_is(desk: Desk) -> None:
    task = desk.task(desk.register(), "work")
    absent(desk, "anna", "ben")
    with desk.store.begin(desk.person("clara")) as tx:
        moved = reassign_task(tx, task.id, to="anna", reason="She knows the customer")
    assert (moved.owner_id, moved.delegator_id) == (desk.person("ben").person_id, desk.person("anna").person_id)


def test_the_record_says_b_for_a(desk: Desk) -> None:
    case = desk.register()
    task = desk.claim("anna", desk.task(case, "work"))
    absent(desk, "anna", "clara")
    desk.complete("clara", task, data={})
    done = desk.all(type(task), id=task.id)[0]
    assert (done.closed_by, done.on_behalf_of) == (desk.person("clara").person_id, desk.person("anna").person_id)


def test_a_task_given_back_is_offered_again(desk: Desk) -> None:
    task = desk.claim("anna", desk.task(desk.register(), "work"))
    with desk.store.begin(desk.person("anna")) as tx:
        released = release_task(tx, task.id)
    assert (released.state, released.owner_id) == (TaskState.READY, None)
    desk.claim("ben", released)


def test_a_delegate_becomes_owner_and_must_be_allowed_to(desk: Desk) -> None:
    task = desk.claim("anna", desk.task(desk.register(), "work"))
    with desk.store.begin(desk.person("anna")) as tx:
        delegate_task(tx, task.id, to="ben")
    assert desk.claim("ben", task).owner_id == desk.person("ben").person_id


def test_who_stands_in_for_the_lead_moves_the_lead_s_work(desk: Desk) -> None:
    task = desk.task(desk.register(), "work")
    absent(desk, "clara", "ben")
    with desk.store.begin(desk.person("ben")) as tx:
        reassign_task(tx, task.id, to="anna", reason="Clara is away")
    assert desk.all(type(task), id=task.id)[0].owner_id == desk.person("anna").person_id
