"""Designers get SpiffWorkflow's second opinion element by element; a process marked for it may hold nothing beyond the subset."""

from __future__ import annotations

from io import StringIO
from pathlib import Path

import pytest

from engine.checks import check_files, check_portability
from engine.commands import check
from engine.definitions.bpmn import read_bpmn
from engine.execution import Simulation
from engine.execution.compiler import program_of
from engine.execution.programs import runtime_of
from engine.execution.spiff import beyond_subset, portability, refuse_beyond_subset
from engine.model.errors import DefinitionInvalid, Severity
from tests.engine.execution.drawing import MONDAY, file, process

PROCESSES = Path(__file__).parents[4] / "processes"
MULTI = "{<multiInstanceLoopCharacteristics><loopCardinality>2</loopCardinality></multiInstanceLoopCharacteristics>}"
ONE = MULTI.replace("Characteristics>", 'Characteristics behavior="One" oneBehaviorEventRef="v">', 1)

GUARDED = {
    "start s message=asked\nend e|s > e": ("s", "spiff_start"),
    "start s\nor g\nuser a\nend e|s > g > a > e": ("g", "spiff_inclusive"),
    "start s\nevents g\ncatch c after=PT1H\nend e|s > g > c > e": ("g", "spiff_event_based"),
    f"start s\nuser a {MULTI}\nend e|s > a > e": ("a", "spiff_repeated"),
    "start s\nuser a\nboundary b attachedToRef=a any_error=1\nend e|s > a > e; b > e": ("b", "spiff_error"),
    "start s\ncatch c signal=alarm\nend e|s > c > e": ("c", "spiff_catch"),
    "start s\ncatch c message=asked after=PT1H\nend e|s > c > e": ("c", "spiff_several_events"),
    "start s\nend e error=broken|s > e": ("e", "spiff_throw"),
    "start s\nthrow t escalation=up\nend e|s > t > e": ("t", "spiff_throw"),
    "start s\nthrow t message=asked message=other\nend e|s > t > e": ("t", "spiff_several_results"),
    "start s\nuser a\nend e\nend f|s > a > e; a > f": ("a", "spiff_split"),
    "start s\nuser a\nend e\nend f|s > a > e if n; a > f": ("a", "spiff_condition"),
    "start s\nuser a camunda:asyncBefore=true\nend e|s > a > e": ("a", "spiff_paused"),
    "start s\nxor x\nand f\nuser a\nuser b\nand j\nxor y\nend e|s > x > f > a > j; f > b > j > y > x; y > e if done": (
        "j",
        "spiff_join_in_loop",
    ),
    "start s\nand f\ncatch c message=asked\nthrow t message=asked\nend e|s > f; f > c > e; f > t > e": (
        "t",
        "spiff_inner_message",
    ),
    "user a\nend e|a > e": ("a", "spiff_no_start"),
}
BEYOND = {
    "start s parallelMultiple=true message=asked signal=alarm\nend e|s > e": ("s", "spiff_instantiate"),
    "receive r instantiate=true messageRef=asked\nend e|r > e": ("r", "spiff_instantiate"),
    "start s\nuser a startQuantity=2\nend e|s > a > e": ("a", "spiff_quantity"),
    "start s\nevents g eventGatewayType=Parallel\ncatch c after=PT1H\nend e|s > g > c > e": (
        "g",
        "spiff_parallel_events",
    ),
    f"start s\nuser a {ONE}\nend e|s > a > e": ("a", "spiff_behavior"),
    "start s\nadhoc h { <userTask id='i'/> }\nend e|s > h > e": ("h", "spiff_ad_hoc"),
    "start s\ntransaction h { <userTask id='i'/> }\nend e|s > h > e": ("h", "spiff_transaction"),
    "start s\nthrow t undo=1\nend e|s > t > e": ("t", "spiff_compensation"),
    "start s\nand f\nand j\nend e|s > f; f > j; f > j; j > e": ("f", "spiff_flow_twice"),
    "start s\ncomplex g\nuser a\nend e|s > g > a > e": ("g", "spiff_complex"),
}


def definitions_of(drawing: str, attributes: str = "") -> bytes:
    nodes, _, arrows = drawing.partition("|")
    return file(process(nodes, arrows)).replace(b'<process id="p"', f'<process id="p" {attributes}'.encode())


@pytest.mark.parametrize("drawing", [*GUARDED, *BEYOND])
def test_each_difference_names_its_element(drawing: str) -> None:
    element, code = {**GUARDED, **BEYOND}[drawing]
    found = portability(read_bpmn(definitions_of(drawing), file="p.bpmn").definitions)
    assert (element, code) in [(each.element_id, each.message.code) for each in found]
    assert all(each.severity is Severity.WARNING and each.line for each in found)


@pytest.mark.parametrize("drawing", GUARDED)
def test_what_is_guarded_is_not_refused(drawing: str) -> None:
    refuse_beyond_subset([read_bpmn(definitions_of(drawing, 'mg:runtime="spiff"')).definitions])


def test_a_process_that_a_marked_one_calls_is_asked_too() -> None:
    marked = process("start s\ncall c calledElement=q\nend e", "s > c > e").replace(
        "<process", '<process mg:runtime="spiff"'
    )
    called = file(process("start s2\ncomplex g\nend e2", "s2 > g > e2", process_id="q"))
    read = [read_bpmn(file(marked), file="p.bpmn").definitions, read_bpmn(called, file="q.bpmn").definitions]
    with pytest.raises(DefinitionInvalid) as caught:
        refuse_beyond_subset(read)
    assert [(each.file, each.element_id) for each in caught.value.findings] == [("q.bpmn", "g")]


@pytest.mark.parametrize("drawing", BEYOND)
def test_a_marked_process_is_refused_for_each_of_them(drawing: str) -> None:
    element, _ = BEYOND[drawing]
    data = definitions_of(drawing, 'mg:runtime="spiff"')
    refused = [each for each in check_files({"p.bpmn": data}) if each.message.code.startswith("spiff_")]
    assert [(each.element_id, each.severity) for each in refused] == [(element, Severity.ERROR)]
    with pytest.raises(DefinitionInvalid) as caught:
        refuse_beyond_subset([read_bpmn(data).definitions])
    assert len(caught.value.findings) == 1


def test_a_process_that_is_too_large_to_look_ahead_in_is_refused() -> None:
    names = [f"u{number}" for number in range(450)]
    nodes = "start s\nend e\n" + "\n".join(f"user {name}" for name in names)
    found = portability(read_bpmn(file(process(nodes, " > ".join(["s", *names, "e"])))).definitions)
    assert {each.message.code for each in found} == {"spiff_large"}


def test_an_unmarked_process_is_left_alone_by_the_checks() -> None:
    data = definitions_of("start s\ncomplex g\nuser a mg:queue=technical\nend e|s > g > a > e")
    assert beyond_subset(read_bpmn(data).definitions) == ()
    assert not [each for each in check_files({"p.bpmn": data}) if each.message.code.startswith("spiff_")]


def test_a_marked_process_names_its_runtime() -> None:
    files = {"p.bpmn": definitions_of("start s\nend e|s > e", 'mg:runtime="spiff"')}
    assert runtime_of(program_of(files), "p") == "spiff"
    assert check_files(files) == ()


def test_the_special_mode_is_portable_and_the_complaint_says_why_not() -> None:
    special = read_bpmn((PROCESSES / "special_mode" / "special_mode.bpmn").read_bytes()).definitions
    complaint = read_bpmn((PROCESSES / "complaint" / "complaint.bpmn").read_bytes()).definitions
    assert portability(special) == ()
    assert {each.message.code for each in portability(complaint)} >= {"spiff_event_subprocess"}


def test_a_simulation_refuses_what_its_runtime_cannot_run() -> None:
    data = definitions_of("start s\ncomplex g\nuser a\nend e|s > g > a > e")
    with pytest.raises(DefinitionInvalid) as refused:
        Simulation.load({"p.bpmn": data}, now=MONDAY, runtime="spiff")
    assert [each.element_id for each in refused.value.findings] == ["g"]


def test_the_second_opinion_is_given_when_asked_for() -> None:
    asked, unasked = StringIO(), StringIO()
    assert check.run([PROCESSES / "complaint"], asked, portability=True) == 0
    assert check.run([PROCESSES / "complaint"], unasked) == 0
    assert "SpiffWorkflow ignores whether an event subprocess interrupts" in asked.getvalue()
    assert "SpiffWorkflow" not in unasked.getvalue()


def test_what_is_refused_is_not_said_twice() -> None:
    files = {
        "p.bpmn": definitions_of("start s\ncomplex g\nuser a mg:queue=q\nend e|s > g > a > e", 'mg:runtime="spiff"')
    }
    assert check_portability(files) == ()
    assert [each.element_id for each in check_files(files)] == ["g"]
