"""R6: who catches an error is settled innermost first, an event subprocess before a boundary; uncaught ones are not lost."""

from __future__ import annotations

import pytest

from engine.execution import BpmnError
from tests.engine.execution.drawing import body, do, drawn, open_tasks, process, simulation

CALL = "service call { <extensionElements><mg:connector key='check'/></extensionElements> }"


def failing(inputs: dict[str, object]) -> dict[str, object]:
    raise BpmnError("broken", {"why": "no such serial"})


def inside(nodes: str, arrows: str) -> str:
    return body(nodes, arrows).replace("\n", " ")


def test_an_uncaught_error_end_fails_the_instance() -> None:
    simulated = drawn("start s\nand split\nuser a\nend e error=broken", "s > split; split > a; split > e")
    assert (simulated.running(), open_tasks(simulated), simulated.ended("1")) == (False, [], "failed")


def test_an_uncaught_error_of_an_activity_is_an_incident_and_keeps_the_token() -> None:
    simulated = drawn(f"start s\n{CALL}\nend e", "s > call > e", connectors={"check": failing})
    assert ([(i.element_id, i.code) for i in simulated.incidents()], simulated.running()) == (
        [("call", "error_uncaught")],
        True,
    )


def test_a_matching_code_comes_before_a_catch_all_and_brings_its_payload() -> None:
    nodes = f"start s\n{CALL}\nboundary all attachedToRef=call any_error=\nboundary one attachedToRef=call error=broken\nend e\nuser a\nuser b"
    simulated = drawn(nodes, "s > call > e; all > a; one > b", connectors={"check": failing})
    assert (open_tasks(simulated), simulated.variables()["why"]) == (["b"], "no such serial")


@pytest.mark.parametrize(("code", "caught"), [("broken", "inner"), ("torn", "outer")])
def test_the_innermost_scope_catches_first(code: str, caught: str) -> None:
    deep = inside(f"start s3\nend e3 error={code}", "s3 > e3")
    middle = inside(
        f"start s2\nsub deep {{ {deep} }}\nboundary b2 attachedToRef=deep error=broken\nuser inner\nend e2",
        "s2 > deep > e2; b2 > inner > e2",
    )
    nodes = f"start s\nsub middle {{ {middle} }}\nboundary b1 attachedToRef=middle any_error=\nuser outer\nend e"
    assert open_tasks(drawn(nodes, "s > middle > e; b1 > outer > e")) == [caught]


def test_an_event_subprocess_comes_before_a_boundary() -> None:
    rescue = inside("start s3 error=broken\nuser rescue\nend e3", "s3 > rescue > e3")
    middle = inside(f"start s2\nend e2 error=broken\nsub watch triggeredByEvent=true {{ {rescue} }}", "s2 > e2")
    nodes = f"start s\nsub middle {{ {middle} }}\nboundary b1 attachedToRef=middle error=broken\nuser outer\nuser after\nend e"
    simulated = drawn(nodes, "s > middle > after > e; b1 > outer > e")
    assert open_tasks(simulated) == ["rescue"]
    do(simulated, "rescue")
    assert open_tasks(simulated) == ["after"]


def test_an_error_in_an_event_subprocess_is_never_caught_by_a_sibling() -> None:
    first = inside("start s3 message=asked\nend e3 error=broken", "s3 > e3")
    second = inside("start s4 error=broken\nuser wrong\nend e4", "s4 > wrong > e4")
    nodes = f"start s\nuser work\nend e\nsub one triggeredByEvent=true {{ {first} }}\nsub two triggeredByEvent=true {{ {second} }}"
    simulated = drawn(nodes, "s > work > e")
    simulated.send_message("asked")
    assert (open_tasks(simulated), simulated.running()) == ([], False)


def test_errors_cross_call_activities() -> None:
    called = process("start cs\nend ce error=broken", "cs > ce", "called")
    nodes = "start s\ncall go calledElement=called\nboundary caught attachedToRef=go error=broken\nuser fix\nend e"
    simulated = simulation(called, process(nodes, "s > go > e; caught > fix > e"))
    simulated.start("p")
    assert open_tasks(simulated) == ["fix"]


def test_an_escalation_that_nobody_catches_lets_the_flow_go_on() -> None:
    assert not drawn("start s\nthrow t escalation=up\nend e", "s > t > e").running()


def test_an_escalation_beside_the_work_leaves_the_work_open() -> None:
    middle = inside("start s2\nthrow t escalation=up\nuser work\nend e2", "s2 > t > work > e2")
    nodes = f"start s\nsub box {{ {middle} }}\nboundary told attachedToRef=box cancelActivity=false escalation=up\nuser lead\nend e"
    simulated = drawn(nodes, "s > box > e; told > lead")
    assert sorted(open_tasks(simulated)) == ["lead", "work"]


def test_a_split_without_a_true_flow_is_an_incident_that_cannot_be_skipped() -> None:
    simulated = drawn("start s\nxor way\nend e", "s > way; way > e if n > 5", n=1)
    (incident,) = simulated.incidents()
    assert (incident.element_id, incident.code) == ("way", "no_flow")
    simulated.set_variables({"n": 6})
    simulated.retry(incident)
    assert not simulated.running()


def test_exhausted_retries_are_an_incident() -> None:
    calls = []

    def down(inputs: dict[str, object]) -> None:
        calls.append(inputs)
        raise OSError("the line is dead")

    simulated = drawn(f"start s\n{CALL}\nend e", "s > call > e", connectors={"check": down})
    (incident,) = simulated.incidents()
    assert (len(calls), incident.code, "the line is dead" in incident.message) == (3, "job_failed", True)


def test_an_unknown_connector_is_an_incident() -> None:
    assert "no connector" in drawn(f"start s\n{CALL}\nend e", "s > call > e").incidents()[0].message
