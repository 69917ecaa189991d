"""Moving cases to another version: what would stand where, what was asked for, and what became of each case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from engine.definitions.bpmn import read_bpmn
from engine.definitions.catalog import DIAGRAMS
from engine.execution import operations
from engine.execution.programs import program_of
from engine.model.bpmn import NodeKind
from engine.model.case import Case
from engine.model.errors import Message
from engine.model.lists import Listed, Place
from engine.model.operations import Migration, MovedInstance, MoveState
from engine.model.people import Person
from engine.model.running import LIVE, Deployed, Instance
from engine.queries.incidents import require_watcher
from engine.queries.running_processes import versions_of
from engine.store import move_lists, rows, settings
from engine.store.process_lists import VersionRow
from engine.store.transaction import Tx

COUNTED = 2000
"""So many cases are read to say how many stand where; beyond that the page says that there are more."""


@dataclass(frozen=True, slots=True)
class Step:
    """An element of a version as a mapping names it; `kind` is BPMN's."""

    id: str
    name: str
    kind: NodeKind
    process: str


@dataclass(frozen=True, slots=True)
class Mapped:
    """An element of the old version, how many cases stand on it, and what would take its place: empty for nothing."""

    step: Step
    standing: int
    to: str


@dataclass(frozen=True, slots=True)
class MovePage:
    """Two versions of a process side by side; `others` are the versions that cases could go to, the newest first."""

    old: VersionRow
    new: VersionRow | None
    others: Sequence[VersionRow]
    mapped: Sequence[Mapped]
    targets: Sequence[Step]
    old_files: Sequence[str]
    new_files: Sequence[str]
    counted_all: bool = True

    @property
    def missing(self) -> list[Mapped]:
        """Where cases stand, or what waits on them, and the new version has nothing of this id."""
        return [each for each in self.mapped if not each.to]


@dataclass(frozen=True, slots=True)
class MoveLine:
    """A case of a move, and what was said of it."""

    moved: MovedInstance
    case_number: str
    said: Sequence[Message]


@dataclass(frozen=True, slots=True)
class MoveResult:
    """A move: between which versions, asked by whom, and how many cases are where."""

    move: Migration
    key: str
    before: int
    after: int
    asked_by: str
    counts: Mapping[str, int]

    @property
    def total(self) -> int:
        return sum(self.counts.values())

    @property
    def waiting(self) -> int:
        return self.counts.get(MoveState.WAITING, 0)

    @property
    def moved(self) -> int:
        return self.counts.get(MoveState.MOVED, 0)


def move_page(
    tx: Tx, old: VersionRow, *, to: int | None, mapping: Mapping[str, str], instance_id: str = ""
) -> MovePage:
    """The form of a move: elements with the same id are each other's, `mapping` overrides that."""
    require_watcher(tx)
    others = [row for row in versions_of(tx, old.key) if row.version != old.version]
    chosen = next((row for row in others if to is None or row.version == to), None)
    before = tx.catalog.by_id(old.id)
    after = tx.catalog.by_id(chosen.id) if chosen is not None else None
    targets = steps_of_files(after) if after is not None else []
    known = {step.id for step in targets}
    standing, counted_all = _standing(tx, before, instance_id)
    mapped = [
        Mapped(step, standing[step.id], mapping.get(step.id, step.id if step.id in known else ""))
        for step in steps_of_files(before)
    ]
    return MovePage(
        old, chosen, others, mapped, targets, _diagrams(before), _diagrams(after) if after else (), counted_all
    )


def steps_of_files(deployed: Deployed) -> list[Step]:
    """The elements of all diagrams of a version, in the order of the files."""
    found: list[Step] = []
    for name in _diagrams(deployed):
        for process in read_bpmn(deployed.files[name], file=name).definitions.processes:
            found += [
                Step(node.id, node.name, node.kind, process.name or process.id)
                for node in process.body.walk()
                if node.id
            ]
    return found


def recent_moves(tx: Tx) -> list[MoveResult]:
    """The latest moves, the newest first."""
    require_watcher(tx)
    return [_result(tx, move) for move in move_lists.recent(tx, 20)]


def move_result(tx: Tx, migration_id: str) -> MoveResult:
    """One move; raises NotFound."""
    require_watcher(tx)
    return _result(tx, rows.get(tx, Migration, migration_id))


def moved_cases(tx: Tx, migration_id: str, state: str, place: Place | None, *, size: int = 50) -> Listed[MoveLine]:
    """One page of a move's cases."""
    require_watcher(tx)
    page = move_lists.moved(tx, migration_id, state, place, size)
    cases = {case.id: case.number for case in rows.find(tx, Case, id=tuple({each.case_id for each in page.rows}))}
    lines = [MoveLine(each, cases.get(each.case_id, ""), _said(each)) for each in page.rows]
    return Listed(lines, page.next, page.previous)


def _result(tx: Tx, move: Migration) -> MoveResult:
    old, new = tx.catalog.by_id(move.from_deployment_id), tx.catalog.by_id(move.to_deployment_id)
    person = rows.maybe(tx, Person, move.asked_by)
    counts = move_lists.counts(tx, move.id)
    return MoveResult(move, old.key, old.version, new.version, person.name if person is not None else "", counts)


def _said(moved: MovedInstance) -> list[Message]:
    found: list[Message] = []
    for one in moved.said:
        if isinstance(one, Mapping):
            params = one.get("params")
            given = {str(name): value for name, value in params.items()} if isinstance(params, Mapping) else {}
            found.append(Message(str(one.get("code")), str(one.get("template")), given))
    return found


def _standing(tx: Tx, deployed: Deployed, instance_id: str) -> tuple[Counter[str], bool]:
    """How many live tokens stand on each element, and whether all cases were looked at."""
    named = {"id": (instance_id,)} if instance_id else {}
    live = rows.find(tx, Instance, deployment_id=deployed.id, status=LIVE, order_by="id", limit=COUNTED + 1, **named)
    program = program_of(deployed, zone=settings.zone(tx).key, deployments=tx.catalog)
    found: Counter[str] = Counter()
    for instance in live[:COUNTED]:
        found.update(place.element_id for place in operations.places(program, instance.state))
    return found, len(live) <= COUNTED


def _diagrams(deployed: Deployed) -> list[str]:
    return [name for name in sorted(deployed.files) if name.lower().endswith(DIAGRAMS)]
