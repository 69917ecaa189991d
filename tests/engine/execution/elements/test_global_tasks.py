"""A global task is called like a process of one task: by a call activity, with nothing passing but what is mapped."""

from __future__ import annotations

from engine.execution import Simulation
from engine.execution.compiler import program_of
from tests.engine.execution.drawing import MONDAY, do, file, open_tasks, process

CALL = "start s\ncall ask calledElement={0} {{ {1} }}\nend e"
MAPPED = '<extensionElements><camunda:in source="amount" target="n"/><camunda:out source="answer" target="said"/></extensionElements>'


def called(task: str, mapped: str = MAPPED) -> dict[str, bytes]:
    return {"p.bpmn": file(process(CALL.format("review", mapped), "s > ask > e"), task)}


def test_a_global_user_task_is_offered_to_people() -> None:
    task = '<globalUserTask id="review" name="Review it" mg:queue="fraud"/>'
    simulated = Simulation.load(called(task), now=MONDAY)
    simulated.start("p", {"amount": 7})
    (open_task,) = simulated.tasks()
    assert (open_task.element_id, open_task.name, open_task.queue) == ("review", "Review it", "fraud")
    do(simulated, "review", answer="yes")
    assert (simulated.variables(), simulated.trace()) == ({"amount": 7, "said": "yes"}, ["s", "review", "ask", "e"])


def test_a_global_script_task_runs_inside_the_step() -> None:
    task = '<globalScriptTask id="review"><script>answer = n * 2</script></globalScriptTask>'
    simulated = Simulation.load(called(task), now=MONDAY)
    simulated.start("p", {"amount": 7})
    assert (simulated.running(), simulated.variables()["said"]) == (False, 14)


def test_a_plain_global_task_passes_through_and_is_no_process_of_its_own() -> None:
    files = called('<globalTask id="review"/>', "")
    simulated = Simulation.load(files, now=MONDAY)
    simulated.start("p")
    assert (open_tasks(simulated), simulated.trace()) == ([], ["s", "review", "ask", "e"])
    assert program_of(files).process_ids == ("p",)
