"""A day in a diagram is a calendar day where the house is, also over the change to summer time (R12)."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from engine.actions.register_case import Registration, register_case
from engine.model.people import SYSTEM
from engine.model.running import Timer
from engine.settings import Settings
from engine.store import deployments, settings
from engine.wiring import build
from tests.engine.actions.conftest import Desk

A_DAY = b"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" id="d" targetNamespace="urn:test">
 <process id="complaint" isExecutable="true"><startEvent id="start"/>
  <intermediateCatchEvent id="wait"><timerEventDefinition><timeDuration>P1D</timeDuration></timerEventDefinition></intermediateCatchEvent>
  <endEvent id="end"/><sequenceFlow id="a" sourceRef="start" targetRef="wait"/>
  <sequenceFlow id="b" sourceRef="wait" targetRef="end"/></process></definitions>"""


def test_one_day_over_the_change_to_summer_time_has_twenty_three_hours(desk: Desk) -> None:
    desk.clock.now = datetime(2026, 3, 28, 11, 0, tzinfo=UTC)
    with desk.store.begin(SYSTEM) as tx:
        settings.put_setting(tx, "company.zone", "Europe/Warsaw")
        deployments.keep(tx, "complaint", {"day.bpmn": A_DAY}, process_ids=["complaint"])
        register_case(tx, Registration(subject="A kettle", country="DE"))
    assert [timer.due_at for timer in desk.all(Timer)] == [datetime(2026, 3, 29, 10, 0, tzinfo=UTC)]


def test_the_zone_of_the_environment_becomes_the_house_s(tmp_path: Path) -> None:
    engine = build(Settings(data_dir=tmp_path, zone="Asia/Tehran"))
    with engine.read(SYSTEM) as tx:
        assert settings.zone(tx).key == "Asia/Tehran"
    engine.close()
    again = build(Settings(data_dir=tmp_path))
    with again.read(SYSTEM) as tx:
        assert settings.zone(tx).key == "Asia/Tehran", "without the variable the house keeps what it chose"
    again.close()
