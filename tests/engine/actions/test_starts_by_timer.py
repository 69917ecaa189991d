"""Only the newest version's starts are armed; each start opens a case of its process's kind, once for each occurrence."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from engine.actions.deliver_message import deliver_message
from engine.actions.deploy_process import deploy_process
from engine.actions.register_case import Registration, register_case
from engine.actions.settle_incident import skip_incident
from engine.model.case import Case
from engine.model.errors import Conflict, Invalid
from engine.model.operations import StartTimer
from engine.model.people import SYSTEM
from engine.model.running import Incident, Instance, KeptMessage, TimerState
from engine.model.task import Task
from tests.engine.actions.conftest import Desk
from tests.promises.check import broken_promises

HEAD = """<?xml version="1.0"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:test" xmlns:mg="urn:makegood:bpmn:1">
 <message id="m" name="recall_ordered"/><signal id="s" name="line_stopped"/>"""
BODY = """<startEvent id="begin">{event}</startEvent><userTask id="count" name="Count the stock" mg:queue="front_office"/>
  <endEvent id="end"/><sequenceFlow id="a" sourceRef="begin" targetRef="count"/><sequenceFlow id="b" sourceRef="count" targetRef="end"/>
 </process></definitions>"""
CYCLE = "<timerEventDefinition><timeCycle>{}</timeCycle></timerEventDefinition>"
MESSAGE = '<messageEventDefinition messageRef="m"/>'
SIGNAL = '<signalEventDefinition signalRef="s"/>'


def deploy(
    desk: Desk, event: str, *, key: str = "stock", head: str = HEAD, more: str = 'mg:caseKind="internal"'
) -> None:
    drawn = f'{head}<process id="{key}" name="Count {key}" isExecutable="true" {more}>{BODY.format(event=event)}'
    with desk.store.begin(SYSTEM) as tx:
        deploy_process(tx, key, {f"{key}.bpmn": drawn.encode()})


def opened(desk: Desk) -> list[Case]:
    with desk.store.read(SYSTEM) as tx:
        assert not broken_promises(tx)
    return desk.all(Case, order_by="id")


def armed(desk: Desk) -> list[StartTimer]:
    return desk.all(StartTimer, state=TimerState.PENDING)


def test_a_start_timer_opens_an_internal_case_each_time_it_is_due(desk: Desk) -> None:
    deploy(desk, CYCLE.format("R2/P1D"))
    desk.wait(hours=23)
    assert not opened(desk)
    desk.wait(hours=1)
    desk.wait(days=1)
    desk.wait(days=5)
    cases = opened(desk)
    assert [(case.kind, case.subject, case.channel) for case in cases] == [("internal", "Count stock", "timer")] * 2
    assert [task.name for task in desk.open_tasks(cases[0])] == ["Count the stock"]
    assert not armed(desk)


def test_after_an_outage_only_the_latest_missed_occurrence_opens_a_case(desk: Desk) -> None:
    deploy(desk, CYCLE.format("R/P1D"))
    desk.wait(days=5, hours=1)
    (case,) = opened(desk)
    (instance,) = desk.all(Instance, case_id=case.id)
    (fired,) = desk.all(StartTimer, state=TimerState.FIRED)
    (following,) = armed(desk)
    assert (fired.spec["occurrence"], fired.spec["skipped"], fired.case_id) == (5, 4, case.id)
    assert following.due_at == fired.armed_at + timedelta(days=6)
    assert instance.started_by is None


def test_a_new_version_cancels_the_timers_of_the_one_before(desk: Desk) -> None:
    deploy(desk, CYCLE.format("R/P1D"))
    deploy(desk, CYCLE.format("R/P7D"))
    (waiting,) = armed(desk)
    assert waiting.due_at == desk.clock() + timedelta(days=7)
    desk.wait(days=2)
    assert not opened(desk)
    deploy(desk, MESSAGE)
    assert not armed(desk)


def test_the_same_files_again_leave_the_timer_as_it_is(desk: Desk) -> None:
    deploy(desk, CYCLE.format("R/P1D"))
    before = armed(desk)
    desk.wait(hours=3)
    deploy(desk, CYCLE.format("R/P1D"))
    assert armed(desk) == before


def test_a_day_is_the_day_in_the_zone_of_the_process(desk: Desk) -> None:
    deploy(desk, CYCLE.format("R/2026-03-28T08:00:00/P1D"), more='mg:caseKind="internal" mg:zone="Europe/Warsaw"')
    desk.until(datetime(2026, 3, 28, 8, 0, tzinfo=UTC))
    (following,) = armed(desk)
    assert following.due_at == datetime(2026, 3, 29, 6, 0, tzinfo=UTC), "summer time has begun overnight"


def test_a_date_that_is_past_already_starts_nothing(desk: Desk) -> None:
    deploy(desk, "<timerEventDefinition><timeDate>2020-01-01T00:00:00Z</timeDate></timerEventDefinition>")
    desk.wait(days=1)
    assert not opened(desk)
    assert [timer.state for timer in desk.all(StartTimer)] == [TimerState.SKIPPED]


def test_a_time_that_is_none_refuses_the_whole_version(desk: Desk) -> None:
    with pytest.raises(Invalid, match="cannot be armed"):
        deploy(desk, "<timerEventDefinition><timeDuration>3 + 4</timeDuration></timerEventDefinition>")
    assert not desk.all(StartTimer)


def test_a_message_that_nobody_waits_for_opens_a_case_by_its_start(desk: Desk) -> None:
    deploy(desk, MESSAGE)
    for _ in range(2):
        with desk.store.begin(desk.person("anna")) as tx:
            deliver_message(tx, "recall_ordered", correlation={}, payload={}, message_id="order-1")
    (case,) = opened(desk)
    assert (case.channel, desk.all(Task)[0].case_id) == ("message", case.id)


def test_a_message_that_takes_up_a_case_again_is_kept_until_it_names_one(desk: Desk) -> None:
    with desk.store.begin(desk.person("anna")) as tx:
        deliver_message(tx, "case_reopened", correlation={}, payload={})
    assert not opened(desk)
    assert [kept.name for kept in desk.all(KeptMessage)] == ["case_reopened"]


def test_a_message_that_begins_two_processes_is_refused(desk: Desk) -> None:
    deploy(desk, MESSAGE)
    deploy(desk, MESSAGE, key="shelves")
    with pytest.raises(Conflict, match="Count shelves, Count stock"), desk.store.begin(desk.person("anna")) as tx:
        deliver_message(tx, "recall_ordered", correlation={}, payload={})


def test_a_signal_begins_every_process_that_starts_with_it(desk: Desk) -> None:
    deploy(desk, SIGNAL)
    deploy(desk, SIGNAL, key="shelves")
    throws = BODY.replace("<userTask", "<intermediateThrowEvent").replace(
        'name="Count the stock" mg:queue="front_office"/>', f">{SIGNAL}</intermediateThrowEvent>"
    )
    drawn = f'{HEAD}<process id="stop" isExecutable="true" mg:caseKind="stop">{throws.format(event="")}'
    with desk.store.begin(SYSTEM) as tx:
        deploy_process(tx, "stop", {"stop.bpmn": drawn.encode()})
        register_case(tx, Registration(subject="Stop the line", kind="stop"))
    desk.settle()
    assert sorted(case.subject for case in opened(desk)) == ["Count shelves", "Count stock", "Stop the line"]


def test_a_start_that_fails_is_an_incident_and_skipping_it_arms_the_next(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_args: object, **_named: object) -> None:
        raise Conflict("disk", "The disk is full.")

    deploy(desk, CYCLE.format("R/P1D"))
    with monkeypatch.context() as patch:
        patch.setattr("engine.actions.fire_start.start_process", broken)
        for _ in range(4):
            desk.wait(days=1)
    (incident,) = desk.all(Incident, state="open")
    with desk.store.begin(desk.person("eva")) as tx:
        skip_incident(tx, incident.id, reason="Counted by hand")
    assert len(armed(desk)) == 1
    desk.wait(days=1)
    assert len(opened(desk)) == 1
