"""R17: a reference resolves inside its own deployment; on request it asks for the latest, or for a version."""

from __future__ import annotations

from engine.actions.deploy_process import deploy_process
from engine.execution import Simulation
from engine.model.case import Case
from engine.model.people import SYSTEM
from engine.store import deployments
from tests.engine.actions.conftest import Desk
from tests.engine.execution.drawing import MONDAY, do, file, open_tasks, process
from tests.rules.test_r22_tables import TABLE

CALLER = "start s\nuser before\ncall inner calledElement=q {0}\nend e"
CALLER_AT_DESK = CALLER.format("mg:binding=latest").replace("user before", "user before mg:queue=front_office")


def files(task: str, binding: str = "") -> dict[str, bytes]:
    caller = process(CALLER.format(binding), "s > before > inner > e")
    return {"p.bpmn": file(caller), "q.bpmn": file(process(f"start t\nuser {task}\nend f", f"t > {task} > f", "q"))}


def begun(binding: str) -> Simulation:
    """Started on the first version; the second one came while it was at its first task."""
    simulated = Simulation.load(files("old", binding), now=MONDAY)
    simulated.start("p")
    simulated.suspend("1")
    simulated.migrate(files("new", binding), {"before": "nowhere"})
    simulated.resume("1")
    do(simulated, "before")
    return simulated


def test_a_call_stays_in_the_version_that_its_case_started_on() -> None:
    assert open_tasks(begun("")) == ["old"]


def test_a_call_of_the_latest_takes_the_version_of_its_moment() -> None:
    assert open_tasks(begun("mg:binding=latest")) == ["new"]


def test_a_call_of_a_version_takes_that_one() -> None:
    assert open_tasks(begun("mg:binding=version:1")) == ["old"]
    assert open_tasks(begun("mg:binding=version:2")) == ["new"]


def test_what_was_begun_in_another_version_is_finished_there() -> None:
    simulated = begun("mg:binding=latest")
    do(simulated, "new")
    assert (simulated.running(), simulated.trace()) == (False, ["s", "before", "t", "new", "f", "inner", "e"])


def test_a_version_that_is_not_deployed_is_an_incident_that_can_be_retried() -> None:
    simulated = begun("mg:binding=version:3")
    (incident,) = simulated.incidents()
    assert (incident.element_id, incident.code) == ("inner", "binding_leads_nowhere")
    simulated.migrate(files("third", "mg:binding=version:3"), {"inner": "nowhere"})
    simulated.retry(incident)
    assert open_tasks(simulated) == ["third"]


def test_a_table_of_the_latest_version_decides() -> None:
    steps = "start s\nuser before\nrule decide mg:decision=routing mg:binding=latest\nend e"
    drawn = {"p.bpmn": file(process(steps, "s > before > decide > e"))}
    simulated = Simulation.load({**drawn, "d.dmn": TABLE}, now=MONDAY)
    simulated.start("p", {"amount": 10})
    simulated.migrate({**drawn, "d.dmn": TABLE.replace(b'"desk"', b'"fraud"')}, {"before": "nowhere"})
    do(simulated, "before")
    assert simulated.variables()["queue"] == "fraud"


def test_a_case_at_the_desk_calls_what_is_deployed_at_that_moment(desk: Desk) -> None:
    def deploy(task: str) -> None:
        caller = process(CALLER_AT_DESK, "s > before > inner > e", process_id="complaint")
        asked = process(f"start t\nuser {task} mg:queue=front_office\nend f", f"t > {task} > f", "q")
        with desk.store.begin(SYSTEM) as tx:
            deployments.keep(
                tx, "complaint", {"p.bpmn": file(caller), "q.bpmn": file(asked)}, process_ids=["complaint", "q"]
            )

    deploy("old")
    case = desk.register()
    deploy("new")
    desk.do("anna", case, "before")
    assert [task.element_id for task in desk.open_tasks(case)] == ["new"]
    desk.do("anna", case, "new")
    assert desk.open_tasks(case) == []


def test_only_the_newest_versions_start_timers_are_armed(desk: Desk) -> None:
    for length in ("P1D", "P7D"):
        timed = file(
            process(f"start s every=R/{length}\nuser count mg:queue=front_office\nend e", "s > count > e", "stock")
        )
        with desk.store.begin(SYSTEM) as tx:
            deploy_process(tx, "stock", {"stock.bpmn": timed})
    desk.wait(days=6)
    assert not desk.all(Case)
    desk.wait(days=1)
    assert [task.element_id for task in desk.open_tasks(desk.all(Case)[0])] == ["count"]
