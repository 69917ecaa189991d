"""A house whose operations suspend, move, rewind, skip, correct, cancel and migrate whatever runs, among everything else."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence

from engine.actions.deploy_process import deploy_process
from engine.actions.migrate_instances import foresee_move, migrate_instances
from engine.actions.operate_instance import foresee, operate
from engine.actions.suspend_instance import resume_instance, suspend_instance
from engine.actions.undo_migration import undo_migration
from engine.model.operations import (
    Asked,
    Cancel,
    Migration,
    MoveOrder,
    MoveToken,
    Order,
    Rewind,
    SetVariable,
    SkipTask,
)
from engine.model.people import SYSTEM
from engine.model.running import LIVE, Deployment, Instance
from engine.queries.instance_page import InstancePage, instance_page
from engine.store import rows
from engine.store.transaction import Tx
from tests.promises.conftest import House
from tests.promises.life import Life, pick

WHY = "The diagram was wrong"
RENAMED = {"triage": "check_first"}
BACK = {new: old for old, new in RENAMED.items()}


class OperatedLife(Life):
    """The same histories, with operations in between; what they refuse changes nothing."""

    def __init__(self, house: House) -> None:
        super().__init__(house)
        deploy_second_version(house)
        self.steps = (*self.steps, self.suspend, self.operate, self.operate, self.migrate)

    def instance(self, number: int) -> Instance:
        """One of the live instances; raises NotFound where there is none."""
        with self.house.store.read(SYSTEM) as tx:
            found = rows.find(tx, Instance, status=LIVE, order_by="id")
        return pick(found, number) if found else self.nothing()

    def suspend(self, numbers: Sequence[int]) -> None:
        """Suspend an instance, or resume one."""
        one = self.instance(numbers[0])
        act = suspend_instance if numbers[1] % 2 else resume_instance
        with self.house.store.begin(self.house.person(pick(("eva", "henry"), numbers[2]))) as tx:
            act(tx, one.id, Asked(WHY, one.version))

    def operate(self, numbers: Sequence[int]) -> None:
        """Look at an operation and do it; cancelling is rare."""
        one = self.instance(numbers[0])
        actor = self.house.person("eva")
        with self.house.store.read(actor) as tx:
            order = order_on(instance_page(tx, one.id), numbers)
            foresee(tx, one.id, order)
        with self.house.store.begin(actor) as tx:
            operate(tx, one.id, order, Asked(WHY, one.version))

    def migrate(self, numbers: Sequence[int]) -> None:
        """Move one or all to the other version, or take the last move back."""
        actor = self.house.person("henry")
        with self.house.store.read(actor) as tx:
            moves = rows.find(tx, Migration, order_by="id DESC", limit=1)
            order = move_order(tx, numbers)
            if moves and numbers[1] % 3 == 0:
                act: Callable[[Tx], object] = lambda tx: undo_migration(tx, moves[0].id, Asked(WHY))  # noqa: E731  # one of two ways
            else:
                foresee_move(tx, order)
                act = lambda tx: migrate_instances(tx, order, Asked(WHY))  # noqa: E731  # the other
        with self.house.store.begin(actor) as tx:
            act(tx)


def deploy_second_version(house: House) -> None:
    """The complaint as it is, with another id and name of its first task."""
    with house.store.begin(SYSTEM) as tx:
        files = dict(tx.catalog.newest("complaint").files)
        for name, content in files.items():
            if name.endswith((".bpmn", ".toml")):
                for old, new in RENAMED.items():
                    files[name] = re.sub(rf'(?<!form=)"{old}"'.encode(), f'"{new}"'.encode(), content)
        deploy_process(tx, "complaint", files)


def move_order(tx: Tx, numbers: Sequence[int]) -> MoveOrder:
    """From one version of the complaint to the other, mapped or not, for all or for one."""
    first, second = (rows.find(tx, Deployment, key="complaint", version=version)[0] for version in (1, 2))
    there = numbers[2] % 2 == 0
    mapping = (RENAMED if there else BACK) if numbers[2] % 5 else {}
    old, new = (first, second) if there else (second, first)
    found = rows.find(tx, Instance, deployment_id=old.id, status=LIVE, order_by="id")
    one = pick(found, numbers[0]).id if found and numbers[0] % 2 else ""
    return MoveOrder(old.id, new.id, mapping, one)


def order_on(page: InstancePage, numbers: Sequence[int]) -> Order:
    """One of the operations on one of the things that the page shows."""
    kind, which = numbers[1] % 9, numbers[2]
    if kind == 0:
        return Cancel()
    if kind < 3 and page.tasks:
        return SkipTask(pick(page.tasks, which).wait_id)
    if kind < 5 and page.done:
        return Rewind(pick(page.done, which).id)
    if kind < 7 and page.places:
        return MoveToken(pick(page.places, which).token, pick(list(page.drawing.elements.values()), which).id)
    names = ("amount", "decision", "queue", "priority", "a_new_one", "in_warranty")
    values = ("accept", 3, None, True, ["x"], "technical")
    return SetVariable(
        pick(names, which), pick(values, numbers[0]), pick(page.levels, numbers[0]).id if page.levels else 0
    )
