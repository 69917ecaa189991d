"""All versions of the files that a simulation was given, in order, are what bindings may lead to (R17)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from engine.execution.compiler import ProgramCode, compile_program
from engine.execution.simulation.forms import forms_of
from engine.execution.simulation.loading import load_program
from engine.model.form import Form


@dataclass(frozen=True, slots=True)
class Version:
    """One set of files, compiled, with its forms."""

    files: Mapping[str, bytes]
    program: ProgramCode
    forms: Mapping[str, Form]


def version_of(files: Mapping[str, bytes]) -> Version:
    """Read and compile the files; raise DefinitionInvalid with all findings where they cannot run."""
    return Version(dict(files), load_program(files), forms_of(files))


def known_version(files: Mapping[str, bytes]) -> Version:
    """The same for files that have been running; they are not judged again."""
    return Version(dict(files), compile_program(files), forms_of(files))


@dataclass(slots=True)
class Shelf:
    """The versions in order, the first being version 1."""

    versions: list[Version] = field(default_factory=list[Version])

    def add(self, version: Version) -> Version:
        """Keep a further version; give it with this shelf as its library."""
        bound = self.bound(version)
        if not self.versions or self.versions[-1].program.digest != version.program.digest:
            self.versions.append(bound)
        return bound

    def bound(self, version: Version) -> Version:
        """Give a version with this shelf as its library, without keeping it."""
        return replace(version, program=replace(version.program, library=self))

    def of_process(self, process_id: str, binding: str) -> ProgramCode | None:
        """The version that the binding names, where it holds the process."""
        return next((found for found in self._programs(binding) if process_id in found.processes), None)

    def of_decision(self, decision: str, binding: str) -> ProgramCode | None:
        """The version that the binding names, where it holds the decision."""
        return next((found for found in self._programs(binding) if decision in found.decisions), None)

    def of_digest(self, digest: str) -> ProgramCode | None:
        """The version with this content."""
        return next((version.program for version in self.versions if version.program.digest == digest), None)

    def forms_of(self, program: ProgramCode) -> Mapping[str, Form]:
        """The forms that belong to a version."""
        return next((each.forms for each in self.versions if each.program.digest == program.digest), {})

    def _programs(self, binding: str) -> list[ProgramCode]:
        programs = [version.program for version in self.versions]
        if binding == "latest":
            return programs[::-1]
        place = int(binding.removeprefix("version:")) - 1
        return programs[place : place + 1] if place >= 0 else []
