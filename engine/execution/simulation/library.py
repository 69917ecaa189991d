"""All versions of the files that a simulation was given, in order, are what bindings may lead to (R17)."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from engine.execution.compiler import ProgramCode


@dataclass(slots=True)
class Shelf:
    """The programs by version, the first being version 1."""

    programs: list[ProgramCode] = field(default_factory=list[ProgramCode])

    def add(self, program: ProgramCode) -> ProgramCode:
        """Keep a further version; give it with this shelf as its library."""
        bound = replace(program, library=self)
        if not self.programs or self.programs[-1].digest != program.digest:
            self.programs.append(bound)
        return bound

    def of_process(self, process_id: str, binding: str) -> ProgramCode | None:
        """The version that the binding names, where it holds the process."""
        return next((found for found in self._versions(binding) if process_id in found.processes), None)

    def of_decision(self, decision: str, binding: str) -> ProgramCode | None:
        """The version that the binding names, where it holds the decision."""
        return next((found for found in self._versions(binding) if decision in found.decisions), None)

    def of_digest(self, digest: str) -> ProgramCode | None:
        """The version with this content."""
        return next((found for found in self.programs if found.digest == digest), None)

    def _versions(self, binding: str) -> list[ProgramCode]:
        if binding == "latest":
            return self.programs[::-1]
        place = int(binding.removeprefix("version:")) - 1
        return self.programs[place : place + 1] if place >= 0 else []
