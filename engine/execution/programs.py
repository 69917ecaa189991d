"""A deployment's program is compiled once per content and compiler version; a runtime is found by its name."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, MutableMapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from engine.definitions.bpmn import read_bpmn
from engine.definitions.catalog import DIAGRAMS
from engine.execution import machine, spiff
from engine.execution.compiler import ProgramCode
from engine.execution.compiler import program_of as cached_program
from engine.execution.runtime import Event, Step
from engine.model.errors import NotFound
from engine.model.records import changed


class DeployedFiles(Protocol):
    """What is needed of a deployment: its content and the digest of it."""

    @property
    def digest(self) -> str: ...

    @property
    def files(self) -> Mapping[str, bytes]: ...


class Deployments(Protocol):
    """What a host has deployed, for references that ask for the latest or for a version (R17).

    `made` keeps the programs that find one another here.
    """

    @property
    def made(self) -> MutableMapping[tuple[str, str], ProgramCode]: ...

    def all_newest(self) -> Iterable[DeployedFiles]:
        """The newest deployment of every key."""
        ...

    def version_beside(self, digest: str, version: int) -> DeployedFiles | None:
        """The deployment of this version under the same key as the one with this content."""
        ...

    def by_digest(self, digest: str) -> DeployedFiles | None:
        """The deployment with this content."""
        ...


@dataclass(frozen=True, slots=True)
class DeployedLibrary:
    """Finds programs among what is deployed at the moment of the step."""

    deployments: Deployments
    zone: str

    def of_process(self, process_id: str, binding: str) -> ProgramCode | None:
        """The newest deployment that holds the process, or the version beside it that the binding names."""
        return self._bound((each for each in self._newest() if process_id in self._program(each).processes), binding)

    def of_decision(self, decision: str, binding: str) -> ProgramCode | None:
        """The same for a decision."""
        return self._bound((each for each in self._newest() if decision in self._program(each).decisions), binding)

    def of_digest(self, digest: str) -> ProgramCode | None:
        """The deployment with this content."""
        found = self.deployments.by_digest(digest)
        return None if found is None else self._program(found)

    def _newest(self) -> Iterable[DeployedFiles]:
        return self.deployments.all_newest()

    def _bound(self, holding: Iterable[DeployedFiles], binding: str) -> ProgramCode | None:
        found = next(iter(holding), None)
        if found is not None and binding != "latest":
            found = self.deployments.version_beside(found.digest, int(binding.removeprefix("version:")))
        return None if found is None else self._program(found)

    def _program(self, deployment: DeployedFiles) -> ProgramCode:
        return _among(cached_program(deployment.files, zone=self.zone, digest=deployment.digest), self)


def program_of(deployment: DeployedFiles, *, zone: str = "UTC", deployments: Deployments | None = None) -> ProgramCode:
    """Give the compiled program; raise DefinitionInvalid with all findings where the files cannot run.

    With `deployments` the bindings latest and version find what is deployed; without, only what is in the files.
    """
    if deployments is None:
        return cached_program(deployment.files, zone=zone, digest=deployment.digest)
    known = deployments.made.get((deployment.digest, zone))  # each step asks for it
    if known is None:
        program = cached_program(deployment.files, zone=zone, digest=deployment.digest)
        known = deployments.made[deployment.digest, zone] = _among(program, DeployedLibrary(deployments, zone))
    return known


def _among(program: ProgramCode, library: DeployedLibrary) -> ProgramCode:
    return changed(program, {"library": library})


class MachineRuntime:
    """The default runtime; it holds nothing."""

    name = "machine"

    def advance(self, program: ProgramCode, state: str | None, event: Event, now: datetime) -> Step:
        """Take one event; `state` is None only for Start."""
        return machine.advance(program, state, event, now)

    def variables(self, program: ProgramCode, state: str) -> dict[str, object]:
        """The root scope's variables."""
        return machine.variables(program, state)

    def visible(
        self, program: ProgramCode, state: str, wait_id: str, *, facts: Mapping[str, object] | None = None
    ) -> dict[str, object]:
        """All names that can be seen where a wait is open, nearest first, for its form or its letter."""
        return machine.visible(program, state, wait_id, facts or {})


class SpiffRuntime(MachineRuntime):
    """SpiffWorkflow under our rules; its saved state is the machine's with a tree beside it, and is read alike."""

    name = "spiff"

    def advance(self, program: ProgramCode, state: str | None, event: Event, now: datetime) -> Step:
        """Take one event; `state` is None only for Start."""
        return spiff.advance(program, state, event, now)


RUNTIMES: Mapping[str, MachineRuntime] = {"machine": MachineRuntime(), "spiff": SpiffRuntime()}


def runtime_named(name: str) -> MachineRuntime:
    """Give the runtime of this name; raise NotFound for one that is not built in."""
    runtime = RUNTIMES.get(name)
    if runtime is None:
        raise NotFound(
            "runtime_unknown",
            "There is no runtime “{name}”; choose one of {known}.",
            name=name,
            known=", ".join(RUNTIMES),
        )
    return runtime


def runtime_for(name: str, files: Mapping[str, bytes]) -> MachineRuntime:
    """Give a runtime for files of which it can run everything; raise DefinitionInvalid with each element that it cannot."""
    runtime = runtime_named(name)
    if name == SpiffRuntime.name:
        diagrams = [read_bpmn(files[file], file=file).definitions for file in sorted(files) if file.endswith(DIAGRAMS)]
        spiff.refuse_beyond_subset(diagrams, every=True)
    return runtime


def runtime_of(program: ProgramCode, process_id: str) -> str:
    """Name the runtime that new instances of a process start on, and then keep."""
    process = program.processes.get(process_id)
    return process.runtime if process is not None else "machine"
