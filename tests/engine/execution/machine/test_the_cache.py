"""A deployment is compiled once for its content; another content, zone or digest is another program."""

from __future__ import annotations

from engine.execution.compiler import program_of
from tests.engine.execution.drawing import file, process

ONE = {"p.bpmn": file(process("start s\nuser a", "s > a"))}
OTHER = {"p.bpmn": file(process("start s\nuser b", "s > b"))}


def test_the_same_files_give_the_same_program() -> None:
    assert program_of(dict(ONE)) is program_of(ONE)


def test_other_files_or_another_zone_give_another() -> None:
    assert program_of(ONE) is not program_of(OTHER)
    assert program_of(ONE) is not program_of(ONE, zone="Europe/Warsaw")
    assert program_of(ONE).digest != program_of(OTHER).digest
