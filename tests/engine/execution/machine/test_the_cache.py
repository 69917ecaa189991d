"""A deployment is compiled once for its content; another content, zone or digest is another program."""

from __future__ import annotations

from dataclasses import dataclass, replace

from engine.execution import programs
from engine.execution.compiler import ProgramCode, program_of
from tests.engine.execution.drawing import file, process

ONE = {"p.bpmn": file(process("start s\nuser a", "s > a"))}
OTHER = {"p.bpmn": file(process("start s\nuser b", "s > b"))}


def test_the_same_files_give_the_same_program() -> None:
    assert program_of(dict(ONE)) is program_of(ONE)


def test_other_files_or_another_zone_give_another() -> None:
    assert program_of(ONE) is not program_of(OTHER)
    assert program_of(ONE) is not program_of(ONE, zone="Europe/Warsaw")
    assert program_of(ONE).digest != program_of(OTHER).digest


@dataclass(frozen=True)
class Deployed:
    """Its files are all that is looked at."""

    files: dict[str, bytes]
    digest: str


class Nothing:
    """What is deployed beside it: nothing."""

    def __init__(self) -> None:
        self.made: dict[tuple[str, str], ProgramCode] = {}

    def all_newest(self) -> tuple[Deployed, ...]:
        return ()

    def version_beside(self, digest: str, version: int) -> None: ...

    def by_digest(self, digest: str) -> None: ...


def test_among_what_is_deployed_a_program_is_the_same_but_for_its_library() -> None:
    alone, nothing = program_of(ONE), Nothing()
    found = programs.program_of(Deployed(ONE, alone.digest), deployments=nothing)
    assert found == replace(alone, library=programs.DeployedLibrary(nothing, "UTC"))
