"""Thirty days at Veltra: about 150 complaints come in, people work on them, clocks run, and much is left for the visitor."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from itertools import cycle
from random import Random

from engine.actions.find_customer import NewCustomer
from engine.actions.register_case import Registration
from engine.commands.demo.arrivals import Pen, Written
from engine.commands.demo.clockwork import Calendar, Clockwork
from engine.commands.demo.desk import Desk, actor_named
from engine.commands.demo.journey import Journey
from engine.commands.demo.people import send_away
from engine.commands.terminal import Terminal
from engine.model.people import SYSTEM
from engine.model.statutory import Receipt, rule_for, statutory_clock
from engine.store.connection import utc_now
from engine.wiring import Engine

SEED = 20
ORDINARY = 133
LEFT_AT = (
    "triage",
    "work",
    "work",
    "decide",
    "second_person",
    "write_answer",
    "post_answer",
    "carry_out_remedy",
    "name_cause",
    "triage",
)
LEFT_HOW = ("unclaimed", "claimed", "started", "draft")
ENERGY_DAYS = (1, 7, 12, 14)
AGED = 12
NEARLY_LATE = (
    (13, "anna", "delivery", "started"),
    (12, "anna", "delivery", "claimed"),
    (13, "ben", "defect", "draft"),
    (12, "ben", "defect", "claimed"),
    (11, "ben", "defect", "started"),
)


def tell_story(engine: Engine, clock: Clockwork, terminal: Terminal) -> None:
    """Let it all happen, up to now."""
    random = Random(SEED)  # the same demonstration for everybody
    now = utc_now()
    calendar = Calendar(engine, clock)
    desk = Desk(engine, clock, calendar, random)
    pen = Pen(random)
    for moment, registration, journey in [*ordinary(pen, random, now), *particular(pen, random, now)]:
        calendar.put(moment, lambda r=registration, j=journey: desk.register(r, j))  # type: ignore[misc]  # those of this turn
    calendar.put(now - timedelta(days=1, hours=2), lambda: leave_for_holiday(engine))
    calendar.run(now, watch=lambda done: terminal.progress(done, 0, "happenings at Veltra"))
    clock.move_to(utc_now())
    desk.register(*trial(pen, clock.now))


Arrival = tuple[datetime, Registration, Journey]


def ordinary(pen: Pen, random: Random, now: datetime) -> list[Arrival]:
    """The run of the mill: most of what is old is closed, much of what is new is open."""
    found: list[Arrival] = []
    left_at, left_how = cycle(LEFT_AT), cycle(LEFT_HOW)
    for number in range(ORDINARY):
        age = 30 * (number + random.random()) / ORDINARY
        moment = now - timedelta(days=age, minutes=7)
        written = pen.complaint(moment.date())
        registration, journey = written.registration, journey_of(written, random)
        is_protected = registration.country == "PL" and registration.party == "consumer"
        if is_protected:
            journey.hours = 5.0
        if (age < AGED - 1 and random.random() < 0.7) or (not is_protected and random.random() < 0.2):
            journey.stops = frozenset({next(left_at)})
            journey.left = next(left_how)
            journey.medium = "post" if "post_answer" in journey.stops else journey.medium
            journey.outcome = "reject" if "second_person" in journey.stops else journey.outcome
        elif random.random() < 0.14:
            journey.ask, journey.replies = random.choice((("customer", True), ("customer", False), ("expert", True)))
        found.append((moment, registration, journey))
    return found


def journey_of(written: Written, random: Random) -> Journey:
    """A journey that fits the complaint."""
    registration = written.registration
    remedy = "apology" if registration.remedy == "other" else registration.remedy
    return Journey(
        group=written.group,
        category=written.category,
        area=written.area,
        remedy=remedy,
        amount=registration.disputed_amount or Decimal(0),
        medium=registration.medium,
        triage=random.choices(("complaint", "not_complaint", "not_ours"), (92, 4, 4))[0],
        outcome=random.choices(("accept", "partly", "reject"), (5, 2, 3))[0],
        withdrawn=random.random() < 0.04,
    )


def particular(pen: Pen, random: Random, now: datetime) -> list[Arrival]:
    """Cases that show something: energy by law, special mode, an address that refuses mail, a duplicate."""
    found: list[Arrival] = []
    for age in (*ENERGY_DAYS, lapsed_age(now)):
        moment = now - timedelta(days=age, minutes=30)
        written = pen.complaint(moment.date(), about="supply", country="PL", business=False)
        journey = replace(journey_of(written, random), triage="complaint", withdrawn=False)
        journey.stops = frozenset({"triage" if age == 1 else "work"})
        journey.left = "unclaimed" if age % 2 else "started"
        found.append((moment, written.registration, journey))
    for days, outcome, amount in ((4.0, "wait", 3200), (11.0, "approve", 1400), (9.0, "refuse", 8500)):
        moment = now - timedelta(days=days)
        written = pen.complaint(moment.date(), about="appliance", country="DE")
        journey = replace(journey_of(written, random), triage="complaint", withdrawn=False, hours=4.0)
        journey.special, journey.special_amount = outcome, Decimal(amount)
        if outcome == "wait":
            journey.stops, journey.left = frozenset({"decide_special_mode", "work"}), "claimed"
        found.append((moment, written.registration, journey))
    found.append(unreachable(pen, random, now))
    return found + twice(pen, random, now) + nearly_late(pen, random, now)


def nearly_late(pen: Pen, random: Random, now: datetime) -> list[Arrival]:
    """Work of the people whom visitors sign in as whose contract clocks end in the next days."""
    found: list[Arrival] = []
    for age, login, about, left in NEARLY_LATE:
        moment = now - timedelta(days=age, hours=1)
        written = pen.complaint(moment.date(), about=about, country="DE", business=False)
        journey = replace(
            journey_of(written, random), triage="complaint", withdrawn=False, by=login, left=left, hours=5.0
        )
        journey.stops = frozenset({"work"})
        found.append((moment, written.registration, journey))
    return found


def twice(pen: Pen, random: Random, now: datetime) -> list[Arrival]:
    """The same complaint by web and again by telephone: the second is joined to the first."""
    moment = now - timedelta(days=5)
    written = pen.complaint(moment.date(), about="appliance", country="DE", business=False)
    first = replace(journey_of(written, random), triage="complaint", withdrawn=False, stops=frozenset({"work"}))
    second = replace(first, triage="duplicate", twin=first, seen=set(), stops=frozenset())
    again = replace(written.registration, channel="phone", subject=f"Again: {written.registration.subject}")
    return [(moment, written.registration, first), (moment + timedelta(hours=5), again, second)]


def lapsed_age(now: datetime) -> int:
    """How many days ago an energy complaint came whose legal due has just passed: 15, or more where a holiday moved it."""
    for age in range(15, 30):
        receipt = Receipt(
            (now - timedelta(days=age)).date(), "PL", "energy", "consumer", "supply wstrzymanie dostaw", ""
        )
        rule = rule_for(receipt)
        if rule is not None and statutory_clock(rule, receipt).due.instant < now - timedelta(hours=1):
            return age
    return 30


def unreachable(pen: Pen, random: Random, now: datetime) -> Arrival:
    """A customer whose address no mail server takes: the letter stands as an incident until somebody mends it."""
    moment = now - timedelta(days=2, hours=3)
    written = pen.complaint(moment.date(), about="appliance", country="GB", business=False)
    customer = replace(written.registration.customer, name="Harriet Lowe", email="harriet.lowe@@example.org")
    registration = replace(written.registration, customer=customer, medium="email")
    return moment, registration, journey_of(written, random)


def trial(pen: Pen, now: datetime) -> tuple[Registration, Journey]:
    """A case whose contract clock runs two minutes, so that one sees an escalation happen."""
    written = pen.complaint(now.date(), about="appliance", country="PL", business=False)
    customer = NewCustomer(
        number="V10001",
        name="Trial customer",
        email="trial@example.org",
        address="ul. Próbna 2\n60-101 Poznań",
        language="en",
        segment="trial",
    )
    registration = replace(
        written.registration,
        subject="Watch me: my clock runs for two minutes only",
        customer=customer,
        language="en",
        medium="email",
    )
    return registration, Journey(stops=frozenset({"triage"}))


def leave_for_holiday(engine: Engine) -> None:
    """Jan enters his leave; Anna stands in."""
    with engine.read(SYSTEM) as tx:
        jan = actor_named(tx, "jan")
    with engine.begin(jan) as tx:
        send_away(tx, "jan", "anna")
