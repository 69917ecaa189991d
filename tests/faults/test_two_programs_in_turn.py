"""Two programs work on one database in turn and saving fails now and then: each sees what is kept, and never what was undone."""

from __future__ import annotations

import random
from contextlib import suppress
from dataclasses import fields
from typing import Any

import pytest

from engine.jobs.lease import recover
from engine.model.case import Case, ClockRow
from engine.model.errors import StorageFull, StorageTrouble
from engine.model.people import SYSTEM, Person
from engine.model.running import Instance, Job, Subscription, Timer
from engine.model.task import Task
from engine.store import rows
from engine.store.connection import Connection, Database
from engine.store.transaction import Store
from tests.promises.conftest import House
from tests.promises.life import Life

STEPS, BETWEEN_LOOKS = 60, 12
FAILING = 0.06
KINDS: tuple[type[Any], ...] = (Case, Task, Instance, Timer, Subscription, Job, ClockRow, Person)


class Shaky:
    """A database that sometimes cannot save: the disk is full just then."""

    def __init__(self, sound: Database, dice: random.Random) -> None:
        self.dialect, self.has_one_writer, self.clock = sound.dialect, sound.has_one_writer, sound.clock
        self.sound, self.dice = sound, dice
        self.is_well, self.refused = False, 0

    def connect(self, *, reading: bool) -> Connection:
        """A connection whose end may be refused, all statements before it having been taken."""
        connection = self.sound.connect(reading=reading)
        save = connection.end

        def end(word: str) -> None:
            if not self.is_well and self.dice.random() < FAILING:
                self.refused += 1
                raise StorageFull("storage_full", "The disk of the database is full. Nothing was saved.")
            save(word)

        connection.end = end  # type: ignore[method-assign]  # only this one
        return connection


@pytest.mark.parametrize("seed", range(4))
def test_what_one_has_changed_or_could_not_save_the_other_one_sees_so(house: House, seed: int) -> None:
    dice = random.Random(seed)
    shaky = Shaky(house.store.database, dice)
    stores = [Store(shaky, clock=lambda: house.now, ports=house.store.ports) for _ in range(2)]
    life, own = Life(house), house.store
    for step in range(STEPS):
        house.store = dice.choice(stores)
        with suppress(StorageTrouble):
            life.step([dice.randrange(15), *(dice.randrange(1000) for _ in range(3))])
        if step % BETWEEN_LOOKS == 0:
            shaky.is_well = True
            assert [fault for store in stores for fault in seen_otherwise(store, own)] == []
            shaky.is_well = False
    shaky.is_well = True
    for store in stores:
        house.store = store
        with store.begin(SYSTEM) as tx:
            recover(tx, all_leases=True)
        house.settle()
    assert [house.broken() for house.store in (*stores, own)] == [[], [], []]
    assert [fault for store in stores for fault in seen_otherwise(store, own)] == []
    assert shaky.refused
    for store in stores:
        store.close()
    house.store = own


def seen_otherwise(store: Store, sound: Store) -> list[str]:
    """Rows that a program finds by their keys otherwise than they are kept."""
    with sound.read(SYSTEM) as tx:
        kept = {kind: rows.find(tx, kind) for kind in KINDS}
    faults: list[str] = []
    for opened in (store.read, store.begin):
        with opened(SYSTEM) as tx:
            for kind, many in kept.items():
                key = fields(kind)[0].name
                faults += [f"{kind.__name__} {row}" for row in many if rows.maybe(tx, kind, getattr(row, key)) != row]
    return faults
