"""Work goes to whoever is present: substitutes are followed, and nobody follows them round for ever."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from engine.model.people import (
    SYSTEM,
    Absence,
    ApprovalLevel,
    Person,
    PersonLevel,
    Queue,
    QueueMember,
    Role,
)
from engine.store import people, rows
from engine.store.transaction import Store, Tx
from tests.engine.conftest import HandClock, add_person

TODAY = date(2026, 3, 2)


def be_away(tx: Tx, absent: Person, substitute: Person | None, *, first: date = TODAY, last: date = TODAY) -> Absence:
    absence = Absence(
        id=tx.new_id(),
        person_id=absent.id,
        first_day=first,
        last_day=last,
        substitute_id=substitute.id if substitute else None,
    )
    rows.insert(tx, absence)
    return absence


def test_somebody_present_stands_for_themselves(tx: Tx) -> None:
    anna = add_person(tx, "anna", Role.CLERK)
    assert people.substitute_of(tx, anna.id) == anna.id
    assert people.is_present(tx, anna.id)


def test_substitutes_are_followed_to_somebody_present(tx: Tx) -> None:
    anna, ben, clara = (add_person(tx, name) for name in ("anna", "ben", "clara"))
    be_away(tx, anna, ben)
    be_away(tx, ben, clara)
    assert people.substitute_of(tx, anna.id) == clara.id
    assert people.actor_of(tx, clara.id).stands_for == {anna.id, ben.id}
    assert people.actor_of(tx, ben.id).stands_for == frozenset()


def test_a_ring_of_substitutes_ends_with_nobody(tx: Tx) -> None:
    anna, ben = add_person(tx, "anna"), add_person(tx, "ben")
    be_away(tx, anna, ben)
    be_away(tx, ben, anna)
    assert people.substitute_of(tx, anna.id) is None


def test_an_absence_counts_its_first_and_last_day_only(tx: Tx) -> None:
    anna, ben = add_person(tx, "anna"), add_person(tx, "ben")
    absence = be_away(tx, anna, ben, first=date(2026, 3, 2), last=date(2026, 3, 4))
    by_day = {day: people.substitute_of(tx, anna.id, date(2026, 3, day)) for day in range(1, 6)}
    assert by_day == {1: anna.id, 2: ben.id, 3: ben.id, 4: ben.id, 5: anna.id}
    rows.update(tx, Absence, absence.id, cancelled_at=tx.now)
    assert people.substitute_of(tx, anna.id, date(2026, 3, 3)) == anna.id


def test_the_day_is_the_absent_persons_own(store: Store, hand_clock: HandClock) -> None:
    with store.begin(SYSTEM) as tx:
        anna, ben = add_person(tx, "anna", zone="Pacific/Auckland"), add_person(tx, "ben")
        be_away(tx, anna, ben, first=date(2026, 3, 3), last=date(2026, 3, 3))
        assert people.substitute_of(tx, anna.id) == anna.id
    hand_clock.pass_time(timedelta(hours=3))
    with store.read(SYSTEM) as tx:
        assert people.substitute_of(tx, anna.id) == ben.id


def test_somebody_who_left_is_never_chosen(tx: Tx) -> None:
    anna, ben = add_person(tx, "anna"), add_person(tx, "ben")
    be_away(tx, anna, ben)
    rows.update(tx, Person, ben.id, active=False)
    assert people.substitute_of(tx, anna.id) is None
    assert [actor.login for actor in people.present_actors(tx)] == []


def test_an_actor_has_roles_queues_and_levels(tx: Tx) -> None:
    clara = add_person(tx, "clara", Role.LEAD, Role.CLERK)
    rows.insert(tx, Queue(key="front_office", lead_id=clara.id))
    rows.insert(tx, QueueMember(queue_key="front_office", person_id=clara.id))
    rows.insert(tx, ApprovalLevel(key="lead", max_amount=Decimal(500), rank=1))
    rows.insert(tx, ApprovalLevel(key="director", rank=2))
    rows.insert(tx, PersonLevel(person_id=clara.id, level_key="lead"))
    actor = people.actor_of(tx, clara.id)
    assert actor.roles == {Role.LEAD, Role.CLERK}
    assert actor.queues == actor.leads == {"front_office"}
    assert [level.key for level in actor.levels] == ["lead"]
    assert [level.key for level in actor.known_levels] == ["lead", "director"]


def test_an_absent_leads_substitute_leads_the_queue(tx: Tx) -> None:
    clara, david, eva = add_person(tx, "clara"), add_person(tx, "david"), add_person(tx, "eva", Role.MANAGER)
    rows.insert(tx, Queue(key="front_office", lead_id=clara.id))
    rows.insert(tx, Queue(key="fraud"))
    be_away(tx, clara, david)
    assert people.lead_of_queue(tx, "front_office") == david.id
    assert people.lead_of_queue(tx, "fraud") is None
    assert people.managers(tx) == [eva.id]
