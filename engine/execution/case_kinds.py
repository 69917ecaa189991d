"""New cases of a kind run the process that names the kind; where several deployments name it, the house's own newest does."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

from engine.execution.programs import program_of
from engine.model.case import FAMILY, INTERNAL, KINDS


class Kept(Protocol):
    """What is needed of a deployment; ids are UUIDv7, so the greatest is the newest."""

    @property
    def id(self) -> str: ...

    @property
    def key(self) -> str: ...

    @property
    def digest(self) -> str: ...

    @property
    def files(self) -> Mapping[str, bytes]: ...


class Catalog(Protocol):
    """Where the newest deployments are found."""

    def all_newest(self) -> Iterable[Kept]:
        """The newest deployment of every key."""
        ...


@dataclass(frozen=True, slots=True)
class CaseKind:
    """A kind of case: the deployment and the process that its new cases run, and what the diagram calls the process."""

    kind: str
    key: str
    process_id: str
    name: str = ""


def case_kinds(catalog: Catalog) -> dict[str, CaseKind]:
    """Every kind that can be registered now, by its name: those that ship, then those that deployments add.

    The shipped family process serves each kind that no other deployment names, so that deploying it anew takes nothing over.
    """
    found = {kind: CaseKind(kind, FAMILY, FAMILY) for kind in KINDS}
    own = [deployed for deployed in catalog.all_newest() if deployed.key != FAMILY]
    for deployed in sorted(own, key=lambda each: each.id):
        named = [each for each in program_of(deployed).processes.values() if each.case_kind]
        for process in reversed(named):  # of two in one deployment the first in the file counts
            if process.case_kind != INTERNAL:
                found[process.case_kind] = CaseKind(process.case_kind, deployed.key, process.id, process.name)
    return found
