"""R1: variables live in scopes; reads walk outward, writes go to the mapping's target or the nearest scope that declares."""

from __future__ import annotations

from tests.engine.execution.drawing import body, do, drawn, process, simulation

INSIDE = "sub box { <extensionElements><mg:input name='local'>1</mg:input></extensionElements>" + body(
    "start s2\nscript both do='local = 2; seen = outer'\nuser look\nend e2", "s2 > both > look > e2"
).replace("\n", " ")


def test_a_write_inside_stays_where_the_name_is_declared() -> None:
    simulated = drawn(f"start s\n{INSIDE} }}\nend e", "s > box > e", outer="roof", local=7)
    do(simulated, "look")
    assert simulated.variables() == {"outer": "roof", "local": 7, "seen": "roof"}


def test_a_name_that_nobody_declares_goes_to_the_instance() -> None:
    simulated = drawn("start s\nscript write do='found = 3'\nend e", "s > write > e")
    assert simulated.variables() == {"found": 3}


def test_an_output_mapping_says_where_a_write_goes() -> None:
    task = "user ask { <extensionElements><mg:output name='total'>price * 2</mg:output></extensionElements> }"
    simulated = drawn(f"start s\n{task}\nend e", "s > ask > e")
    do(simulated, "ask", price=4, note="kept")
    assert simulated.variables() == {"total": 8, "note": "kept"}


def test_parallel_branches_share_variables_and_do_not_copy_them() -> None:
    nodes = "start s\nand split\nuser a\nuser b\nand join\nscript both do='sum = x + y'\nend e"
    simulated = drawn(nodes, "s > split; split > a > join; split > b > join; join > both > e")
    do(simulated, "a", x=1)
    do(simulated, "b", y=2)
    assert simulated.variables()["sum"] == 3


def test_an_unknown_name_reads_as_null() -> None:
    simulated = simulation(process("start s\nscript read do='copy = nowhere'\nend e", "s > read > e"))
    simulated.start("p")
    assert simulated.variables() == {"copy": None}
