"""R23: what a table decided is kept with the deployment's digest, the semantics, the time and the inputs."""

from __future__ import annotations

from datetime import timedelta

from engine.execution.compiler import program_of
from engine.execution.decisions import SEMANTICS
from engine.execution.machine import advance
from engine.execution.runtime import DecisionMade, Start
from engine.model.people import SYSTEM
from engine.model.running import DecisionRecordRow
from engine.queries.decision_again import decided_again
from engine.store import deployments
from tests.engine.actions.conftest import Desk
from tests.engine.execution.drawing import MONDAY, file, process
from tests.rules.test_r22_tables import TABLE


def test_a_step_tells_the_inputs_the_result_and_the_rules_that_fired() -> None:
    files = {
        "p.bpmn": file(process("start s\nrule decide mg:decision=routing\nend e", "s > decide > e")),
        "d.dmn": TABLE,
    }
    step = advance(program_of(files), None, Start("p", {"amount": 10}), MONDAY)
    (made,) = [happening for happening in step.happenings if isinstance(happening, DecisionMade)]
    assert (made.decision, dict(made.inputs), made.result) == ("routing", {"amount": 10}, {"queue": "desk", "level": 1})
    assert len(made.fired) == 1


def test_a_kept_record_names_the_digest_and_the_semantics(desk: Desk) -> None:
    steps = "start s\nscript sum do='amount = 10'\nrule decide mg:decision=routing\nuser work"
    drawn = file(process(steps, "s > sum > decide > work", process_id="complaint"))
    with desk.store.begin(SYSTEM) as tx:
        deployed, _ = deployments.keep(tx, "complaint", {"p.bpmn": drawn, "d.dmn": TABLE}, process_ids=["complaint"])
    desk.register()
    (record,) = desk.all(DecisionRecordRow)
    assert (record.digest, record.semantics, record.at) == (deployed.digest, SEMANTICS, desk.clock())
    assert (record.inputs, record.result) == ({"amount": 10}, {"queue": "desk", "level": 1})


def test_a_table_behind_a_late_timer_decides_the_same_again_by_the_time_of_its_step(desk: Desk) -> None:
    drawn = file(
        process(
            "start s\ncatch pause after=PT1H\nrule decide mg:decision=routing mg:resultVariable=route\nuser work",
            "s > pause > decide > work",
            process_id="complaint",
        )
    )
    timed = TABLE.replace(b"<text>amount</text>", b"<text>10</text>").replace(b'"desk"', b"string(now())")
    with desk.store.begin(SYSTEM) as tx:
        deployments.keep(tx, "complaint", {"p.bpmn": drawn, "d.dmn": timed}, process_ids=["complaint"])
    due = desk.clock() + timedelta(hours=1)
    desk.register()
    desk.clock.pass_time(timedelta(hours=9))
    desk.settle()
    (record,) = desk.all(DecisionRecordRow)
    with desk.store.read(SYSTEM) as tx:
        assert (record.at, decided_again(tx, record.id).same) == (due, True)
