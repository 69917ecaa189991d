"""What begins a whole process from outside is found among the newest versions alone (R17)."""

from __future__ import annotations

from dataclasses import dataclass

from engine.execution.compiler.code import ProcessCode, ProgramCode, StartCode
from engine.execution.programs import program_of
from engine.model.bpmn import EventKind
from engine.model.case import FAMILY, INTERNAL
from engine.model.running import Deployed
from engine.store import settings
from engine.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Beginning:
    """A start of a process that is deployed now, and how it is begun: by a timer, a message or a signal."""

    deployed: Deployed
    program: ProgramCode
    start: StartCode

    @property
    def process(self) -> ProcessCode:
        """The process that it begins."""
        return self.program.processes[self.start.process_id]

    @property
    def takes_cases(self) -> bool:
        """Whether people register cases for this process: then its messages are for a case that is there."""
        body = self.process.body
        by_hand = any(not self.process.nodes[index].events for index in body.starts)
        return by_hand and (self.deployed.key == FAMILY or self.process.case_kind not in ("", INTERNAL))


def beginnings(tx: Tx) -> list[Beginning]:
    """All starts by timer, message or signal of the newest versions, in the order of keys."""
    zone = settings.zone(tx).key
    found: list[Beginning] = []
    for deployed in tx.catalog.all_newest():
        program = program_of(deployed, zone=zone)
        found += [Beginning(deployed, program, start) for start in program.starts]
    return found


def starts_by(tx: Tx, kind: EventKind, name: str) -> list[Beginning]:
    """Those that this message or signal begins."""
    return [one for one in beginnings(tx) if one.start.event.kind is kind and one.start.event.name == name]


def args_of(beginning: Beginning) -> dict[str, object]:
    """How a job names it; a version that is deployed meanwhile begins it by the same element, if it still has it."""
    start = beginning.start
    return {
        "key": beginning.deployed.key,
        "process": start.process_id,
        "element": start.element_id,
        "place": start.place,
    }


def named(tx: Tx, key: str, element_id: str, place: int) -> Beginning | None:
    """The same start in the newest version under a key, or None where it is gone."""
    newest = tx.catalog.newest_or_none(key)
    if newest is None:
        return None
    program = program_of(newest, zone=settings.zone(tx).key)
    found = (one for one in program.starts if one.element_id == element_id and one.place == place)
    return next((Beginning(newest, program, one) for one in found), None)
