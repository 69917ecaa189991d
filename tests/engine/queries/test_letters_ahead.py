"""Which tasks write to somebody outside is read from the diagram, so that a designer need not say it twice."""

from __future__ import annotations

from pathlib import Path

from engine.definitions.bpmn import read_bpmn
from engine.queries.letters_ahead import tasks_before_letters

COMPLAINT = Path(__file__).parents[3] / "processes" / "complaint" / "complaint.bpmn"


def drawn(inside: str) -> frozenset[str]:
    xml = f"""<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" xmlns:mg="urn:makegood:bpmn:1"
      targetNamespace="t"><process id="p" isExecutable="true"><userTask id="write"/>{inside}</process></definitions>"""
    (process,) = read_bpmn(xml.encode(), file="p.bpmn").definitions.processes
    return tasks_before_letters(process)


def flow(source: str, target: str) -> str:
    return f'<sequenceFlow id="{source}_{target}" sourceRef="{source}" targetRef="{target}"/>'


def test_the_complaint_writes_after_these_tasks() -> None:
    read = read_bpmn(COMPLAINT.read_bytes(), file=COMPLAINT.name)
    found = frozenset[str]().union(*map(tasks_before_letters, read.definitions.processes))
    assert {"triage", "write_answer", "write_question", "brief_expert"} <= found
    assert not {"work", "decide", "second_person", "post_answer"} & found


def test_a_letter_inside_the_next_subprocess_counts() -> None:
    inner = '<startEvent id="s"/><sendTask id="send" mg:notify="customer" mg:letter="hello"/>' + flow("s", "send")
    assert drawn(f'<subProcess id="sub">{inner}</subProcess>' + flow("write", "sub")) == {"write"}


def test_a_letter_behind_the_end_of_a_subprocess_counts() -> None:
    ask = '<subProcess id="sub"><userTask id="ask"/><endEvent id="e"/>' + flow("ask", "e") + "</subProcess>"
    send = '<sendTask id="send" mg:notify="=expert_email" mg:letter="hello"/>'
    assert drawn(ask + send + flow("sub", "send")) == {"ask"}


def test_what_waits_in_between_comes_first() -> None:
    send = '<sendTask id="send" mg:notify="customer" mg:letter="hello"/><userTask id="check"/>'
    assert drawn(send + flow("write", "check") + flow("check", "send")) == {"check"}


def test_a_word_to_colleagues_is_no_letter() -> None:
    send = '<sendTask id="send" mg:notify="lead" mg:letter="hello"/>'
    assert drawn(send + flow("write", "send")) == frozenset()


def test_a_circle_ends() -> None:
    turn = '<exclusiveGateway id="a"/><exclusiveGateway id="b"/>'
    assert drawn(turn + flow("write", "a") + flow("a", "b") + flow("b", "a")) == frozenset()
