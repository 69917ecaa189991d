"""A file that was made to hurt is refused within a second with a sentence, or read as what it says and nothing more."""

from __future__ import annotations

from time import perf_counter

import pytest

from engine.checks import check_files
from engine.definitions.bpmn import read_bpmn

PLAIN = """<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="t"{}>{}<process id="p">{}</process></definitions>"""
TASK = '<task id="t"/>'
SAYS = '<?xml version="1.0" encoding="{}"?>'
BOMB = '<!DOCTYPE d [<!ENTITY a "b">]>'


def file(inside: str = TASK, *, more: str = "", roots: str = "") -> str:
    return PLAIN.format(more, roots, inside)


def attributes(prefix: str, count: int = 100_000) -> str:
    return " ".join(f'{prefix}a{place}=""' for place in range(count))


REFUSED = {
    "EBCDIC": (SAYS.format("cp037") + file()).encode("cp037"),
    "a bomb in EBCDIC": (SAYS.format("cp037") + BOMB + file()).encode("cp037"),
    "a bomb in UTF-16": (BOMB + file()).encode("utf-16"),
    "a bomb in UTF-32": (SAYS.format("utf-32") + BOMB + file()).encode("utf-32"),
    "a bomb in UTF-7": (SAYS.format("utf-7") + BOMB.replace("<!", "+ADwAIQ-") + file()).encode(),
    "a bomb behind 70,000 characters": (f"<!--{'x' * 70_000}-->{BOMB}{file()}").encode(),
    "says UTF-16 and is not": (SAYS.format("utf-16") + file()).encode(),
    "100,000 attributes": file(f'<task id="t" {attributes("")}/>').encode(),
    "100,000 foreign attributes": file(f'<task id="t" {attributes("z:")}/>', more=' xmlns:z="urn:z"').encode(),
    "9 MB in an attribute": file(f'<task id="t" name="{"x" * 9_000_000}"/>').encode(),
    "a million character references": file(f'<task id="t" name="{"&#65;" * 1_000_000}"/>').encode(),
    "10,000 levels": file("<subProcess>" * 10_000 + "</subProcess>" * 10_000).encode(),
    "10,000 foreign levels": file(f"<extensionElements>{'<z>' * 10_000}{'</z>' * 10_000}</extensionElements>").encode(),
    "100,000 tasks": file("".join(f'<task id="t{place}"/>' for place in range(100_000))).encode(),
    "20,000 openings": ("<!--" * 20_000).encode(),
    "20,000 instructions that never end": ("<?a " * 20_000).encode(),
    "a null byte": file().encode().replace(b"task", b"ta\0sk"),
    "half a character": file('<task id="&#xD800;"/>').encode(),
}
READ = {
    "UTF-16 without a word": file().encode("utf-16"),
    "UTF-8 with a mark": file().encode("utf-8-sig"),
    "KOI8-R": (SAYS.format("koi8-r") + file()).encode("koi8-r"),
    "instructions": (
        '<?xml version="1.0"?><?xml-stylesheet href="http://127.0.0.1:9/x"?>' + file(f"<?run?>{TASK}<?run?>")
    ).encode(),
    "a schema elsewhere": file(
        more=' xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="a http://127.0.0.1:9/x"'
    ).encode(),
    "an import from elsewhere": file(
        roots='<import importType="http://www.w3.org/2001/XMLSchema" location="http://127.0.0.1:9/x" namespace="urn:y"/>'
    ).encode(),
    "an inclusion": file(
        f'{TASK}<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="file:///etc/hostname" parse="text"/>'
    ).encode(),
}


def timed(data: bytes) -> tuple[list[str], float]:
    begun = perf_counter()
    errors = [str(found) for found in read_bpmn(data, file="x.bpmn").errors]
    return errors, perf_counter() - begun


@pytest.mark.parametrize("name", sorted(REFUSED))
def test_it_is_refused_with_a_sentence_in_a_second(name: str) -> None:
    errors, seconds = timed(REFUSED[name])
    assert len(errors) == 1
    assert "\n" not in errors[0]
    assert seconds < 1


@pytest.mark.parametrize("name", sorted(READ))
def test_it_is_read_and_nothing_is_fetched(name: str) -> None:
    errors, seconds = timed(READ[name])
    assert errors == []
    assert [node.id for node in read_bpmn(READ[name]).definitions.processes[0].body.nodes] == ["t"]
    assert seconds < 1


@pytest.mark.parametrize("kind", ["inclusiveGateway", "parallelGateway", "exclusiveGateway", "task"])
def test_a_tangle_is_looked_through_in_little_time(kind: str) -> None:
    nodes = "".join(f'<{kind} id="n{place}"/>' for place in range(40))
    flows = "".join(
        f'<sequenceFlow id="f{one}_{other}" sourceRef="n{one}" targetRef="n{other}"/>'
        for one in range(40)
        for other in range(40)
        if one != other
    )
    begun = perf_counter()
    check_files(
        {
            "x.bpmn": file(
                f'<startEvent id="s"/><sequenceFlow id="z" sourceRef="s" targetRef="n0"/>{nodes}{flows}'
            ).encode()
        }
    )
    assert perf_counter() - begun < 5  # 0.5 s on a quiet machine; without bounds it takes minutes
