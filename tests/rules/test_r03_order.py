"""R3: tokens run first in, first out, each to its next wait or end; flows go in file order, never by coordinates."""

from __future__ import annotations

from tests.engine.execution.drawing import drawn, process, simulation


def test_branches_run_one_after_the_other_in_file_order() -> None:
    nodes = "start s\nand split\nscript a1 do='x = 1'\nscript a2 do='x = 2'\nscript b1 do='x = 3'\nend e\nend f"
    simulated = drawn(nodes, "s > split; split > b1 > e; split > a1 > a2 > f")
    assert simulated.trace() == ["s", "split", "b1", "e", "a1", "a2", "f"]
    assert simulated.variables()["x"] == 2


def test_the_first_true_flow_of_an_exclusive_gateway_is_taken() -> None:
    nodes = "start s\nxor way\nmanual big\nmanual huge\nend e"
    arrows = "s > way; way > big if n > 5; way > huge if n > 9; big > e; huge > e"
    assert "big" in drawn(nodes, arrows, n=10).trace()


def test_a_default_flow_is_taken_only_where_no_other_is_true() -> None:
    nodes = "start s\nxor way default=later\nmanual big\nmanual small\nend e"
    arrows = "s > way; way > big if n > 5; big > e; small > e"
    default = '<sequenceFlow id="later" sourceRef="way" targetRef="small"/>'
    for number, way in ((6, "big"), (5, "small")):
        simulated = simulation(process(nodes, arrows, more=default))
        simulated.start("p", {"n": number})
        assert way in simulated.trace()
