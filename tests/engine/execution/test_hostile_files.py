"""Files that mean harm are refused within a second, with a sentence; what they make grow is stopped."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from engine.checks import check_files
from engine.execution import Simulation
from engine.execution.compiler import compile_program
from engine.model.errors import DefinitionInvalid
from tests.engine.execution.drawing import MONDAY, drawn, file, open_tasks, process

HEAD = '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t">'
BODY = '<process id="p" isExecutable="true"><startEvent id="s" name="{0}"/></process></definitions>'
LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))


def nested(levels: int) -> str:
    return '<subProcess id="b">' * levels + "</subProcess>" * levels


def refused(tmp_path: Path) -> Iterator[tuple[str, bytes]]:
    secret = tmp_path / "secret.txt"
    secret.write_text("the password")
    plain = HEAD + BODY.format("x")
    yield "entity bomb", f'<!DOCTYPE d [<!ENTITY l0 "ha">{LAUGHS}]>{HEAD}{BODY.format("&l9;")}'.encode()
    yield "external entity", f'<!DOCTYPE d [<!ENTITY x SYSTEM "file://{secret}">]>{HEAD}{BODY.format("&x;")}'.encode()
    yield "external grammar", f'<!DOCTYPE d SYSTEM "http://127.0.0.1:9/d.dtd">{plain}'.encode()
    yield (
        "encoding that it is not",
        b'<?xml version="1.0" encoding="UTF-8"?>' + plain.replace("x", "\xe9").encode("latin-1"),
    )
    yield "encoding that nobody knows", b'<?xml version="1.0" encoding="klingon"?>' + plain.encode()
    yield "nothing", b""
    yield "no XML", b"\x00\x01\x02PK"
    yield "ten megabytes in an attribute", (HEAD + BODY.format("x" * 10_000_000)).encode()
    yield "deeper than any drawing", f'{HEAD}<process id="p">{nested(3_000)}</process></definitions>'.encode()
    yield "cut off", plain[:-20].encode()


def test_each_is_refused_within_a_second_with_a_sentence(tmp_path: Path) -> None:
    for name, data in refused(tmp_path):
        begun = time.perf_counter()
        found = check_files({"p.bpmn": data})
        with pytest.raises(DefinitionInvalid) as refusal:
            compile_program({"p.bpmn": data})
        assert time.perf_counter() - begun < 2, name  # both ways, a second each
        assert [str(finding) for finding in found if finding.severity.value == "error"], name
        assert "the password" not in str(refusal.value) + str(refusal.value.findings), name


def load(files: dict[str, bytes]) -> Simulation | None:
    """The files, or nothing where they are refused with findings."""
    try:
        return Simulation.load(files, now=MONDAY)
    except DefinitionInvalid as refusal:
        return None if refusal.findings else Simulation.load({}, now=MONDAY)


@pytest.mark.parametrize(
    "name", ["a'b", 'a"b', "a{b}", "a%s", "../../a", "a\u00a0b", "\U0001f600", "a;drop", "<b>", "a\tb", "ﬀ́"]
)
def test_ids_of_every_kind_are_only_names(name: str) -> None:
    written = name.replace("&", "&amp;").replace("<", "&lt;").replace('"', "&quot;").replace("\t", "&#9;")
    text = f'<startEvent id="s"/><userTask id="{written}"/><sequenceFlow id="f" sourceRef="s" targetRef="{written}"/>'
    files = {"p.bpmn": file(f'<process id="p" isExecutable="true">{text}</process>')}
    simulated = load(files)
    if simulated is None:
        return
    simulated.start("p")
    again = Simulation.restore(simulated.save(), files, now=MONDAY)
    assert [task.element_id for task in again.tasks()] == [task.element_id for task in simulated.tasks()] != []


def test_a_process_that_calls_itself_stops_a_hundred_calls_deep() -> None:
    begun = time.perf_counter()
    simulated = drawn("start s\ncall again calledElement=p\nend e", "s > again > e")
    (incident,) = simulated.incidents()
    assert (incident.code, incident.element_id) == ("calls_deep", "again")
    assert time.perf_counter() - begun < 1


@pytest.mark.parametrize(
    "script",
    ["x = x + x", "x = [x, x]", "x = x * 9 * 9 * 9", "x = {'a': x, 'b': x}"],
    ids=["text", "lists", "numbers", "maps"],
)
@pytest.mark.parametrize("first", ["ab", 12345678901234567890])
def test_a_script_cannot_make_a_value_grow_without_end(script: str, first: object) -> None:
    loop = f'start s\nxor again\nscript grow do="{script}"\nxor more\nend e'
    begun = time.perf_counter()
    simulated = load({"p.bpmn": file(process(loop, "s > again > grow > more > again"))})
    if simulated is not None:
        simulated.start("p", {"x": first})
        assert [incident.element_id for incident in simulated.incidents()] == ["grow"]
    assert time.perf_counter() - begun < 5


@pytest.mark.parametrize(
    "condition",
    [
        "().__class__",
        "__import__('os').system('true')",
        "9 ** 9 ** 9",
        "'a' * 1000000000",
        "[x for x in range(1000000000)]",
        "(" * 3_000 + "1" + ")" * 3_000,
        "x" + " + x" * 3_000,
        "open('/etc/passwd')",
        "x.__class__.__mro__",
    ],
)
def test_an_expression_that_means_harm_is_refused_or_gives_nothing(condition: str) -> None:
    begun = time.perf_counter()
    nodes = "start s\nxor which\nuser taken\nuser other"
    simulated = load({"p.bpmn": file(process(nodes, f"s > which; which > taken if {condition}; which > other"))})
    if simulated is not None:
        simulated.start("p", {"x": {"a": 1}})
        assert "taken" not in open_tasks(simulated)
    assert time.perf_counter() - begun < 1
