"""A process that is marked for SpiffWorkflow runs on the real desk, and its instances keep that runtime."""

from __future__ import annotations

from decimal import Decimal

from engine.actions.migrate_instances import foresee_move
from engine.actions.operate_instance import operate
from engine.actions.request_special_mode import request_special_mode
from engine.model.decision import SpecialMode
from engine.model.operations import Asked, Cancel, MoveOrder
from engine.model.people import SYSTEM
from engine.model.running import Deployment, Instance, InstanceStatus
from engine.store import deployments
from tests.engine.actions.conftest import SPECIAL, Desk

MARKED = SPECIAL.replace(b'process id="special_mode"', b'process id="special_mode" mg:runtime="spiff"')


def ask(desk: Desk, case_id: str) -> None:
    with desk.store.begin(desk.person("anna")) as tx:
        request_special_mode(tx, case_id, reason="A loyal customer", amount=Decimal(100))
    desk.settle()


def runtimes(desk: Desk) -> dict[str, str]:
    return {each.process_id: each.runtime for each in desk.all(Instance)}


def test_a_special_mode_is_approved_on_spiffworkflow_for_a_case_on_the_machine(desk: Desk) -> None:
    with desk.store.begin(SYSTEM) as tx:
        deployments.keep(tx, "special_mode", {"special_mode.bpmn": MARKED}, process_ids=["special_mode"])
    case = desk.register()
    ask(desk, case.id)
    assert runtimes(desk) == {"complaint": "machine", "special_mode": "spiff"}
    desk.do("eva", case, "decide_special_mode", "approve")
    assert [each.status for each in desk.all(SpecialMode)] == ["approved"]


def test_an_instance_keeps_the_runtime_that_it_started_on(desk: Desk) -> None:
    case = desk.register()
    ask(desk, case.id)
    with desk.store.begin(SYSTEM) as tx:
        deployments.keep(tx, "special_mode", {"special_mode.bpmn": MARKED}, process_ids=["special_mode"])
    desk.do("filip", case, "decide_special_mode", "refuse")
    assert runtimes(desk)["special_mode"] == "machine"
    assert [each.status for each in desk.all(SpecialMode)] == ["refused"]


def test_such_an_instance_is_not_moved_to_another_version_but_can_be_cancelled(desk: Desk) -> None:
    for files in ({"special_mode.bpmn": MARKED}, {"special_mode.bpmn": MARKED, "letters/a.en.txt": b"Subject: A\n\nA"}):
        with desk.store.begin(SYSTEM) as tx:
            deployments.keep(tx, "special_mode", files, process_ids=["special_mode"])
        if len(files) == 1:
            ask(desk, desk.register().id)
    old, new = (desk.all(Deployment, key="special_mode", version=version)[0].id for version in (2, 3))
    with desk.store.read(desk.person("eva")) as tx:
        (found,) = foresee_move(tx, MoveOrder(old, new))
    assert "SpiffWorkflow" in str(found.problems[0])
    with desk.store.begin(desk.person("eva")) as tx:
        operate(tx, found.instance.id, Cancel(), Asked("It is not needed"))
    assert [each.status for each in desk.all(Instance, process_id="special_mode")] == [InstanceStatus.CANCELLED]
