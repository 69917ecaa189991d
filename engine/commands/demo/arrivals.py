"""Complaints as Veltra's customers send them: who writes, about what, in which words; the same seed gives the same ones."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from importlib.resources import files
from random import Random
from typing import Any

from engine.actions.find_customer import NewCustomer
from engine.actions.register_case import Registration

CHANNELS = ("web", "web", "email", "email", "phone", "post", "partner")
_PLAIN = str.maketrans("ąćęłńóśźżäöüßáéíóúñ", "acelnoszzaousaeioun")


@dataclass(frozen=True, slots=True)
class Writer:
    """A customer, and where."""

    customer: NewCustomer
    country: str
    party: str
    place: str


@dataclass(frozen=True, slots=True)
class Written:
    """A complaint, and what an operator will find it to be about."""

    registration: Registration
    group: str
    category: str
    area: str


class Pen:
    """Makes up customers and complaints."""

    def __init__(self, random: Random) -> None:
        self._random = random
        self._texts: list[dict[str, Any]] = data("complaints.toml")["complaint"]
        self._lands: list[dict[str, Any]] = data("customers.toml")["land"]
        self._count = 0

    def complaint(self, today: date, *, about: str = "", country: str = "", business: bool | None = None) -> Written:
        """Make up a complaint received today; `about` is a product group or a category."""
        kinds = [text for text in self._texts if not about or about in (text["group"], text["category"])]
        land = self._land(country)
        kinds = [text for text in kinds if land["country"] in text.get("countries", [land["country"]])]
        fitting = [text for text in kinds if text["language"] in (land["language"], "en")]
        own = [text for text in fitting if text["language"] == land["language"]]
        text = self._random.choice(own if own and self._random.random() < 0.8 else fitting or kinds)
        is_firm = business
        if is_firm is None:
            is_firm = bool(text["group"] == "machine_tool" or self._random.random() < 0.06)
        writer = self.writer(land, business=is_firm)
        registration = self.registration(text, writer, today)
        return Written(registration, str(text["group"]), str(text["category"]), str(text["area"]))

    def registration(self, text: Mapping[str, Any], writer: Writer, today: date) -> Registration:
        """Put the complaint together from its pieces."""
        random = self._random
        places = self._places(random.choice(text["models"]), writer, today)
        pieces = [random.choice(text[part]).format(**places) for part in ("openings", "details", "demands")]
        low, high = text["amount"]
        amount = Decimal(random.randrange(low, high, 5)) if high else None
        channel = random.choice(CHANNELS)
        medium = "post" if channel == "post" or not writer.customer.email else "email"
        facts: dict[str, object] = {"model": places["model"], "serial": places["serial"]}
        if text["category"] in ("invoice", "contract", "delivery"):
            facts["invoice"] = places["invoice"]
        return Registration(
            subject=random.choice(text["subjects"]).format(**places),
            description="\n\n".join(pieces),
            channel=channel,
            received_on=today,
            posted_on=today - timedelta(days=3) if channel == "post" else None,
            country=writer.country,
            party=writer.party,
            sector="energy" if text["group"] == "energy" else "general",
            remedy=random.choice(text["remedies"]),
            disputed_amount=amount,
            language=writer.customer.language,
            medium=medium,
            customer=writer.customer,
            facts=facts,
            is_demo=True,
        )

    def writer(self, land: Mapping[str, Any], *, business: bool) -> Writer:
        """Make up a customer of a country."""
        random = self._random
        self._count += 1
        first, last = random.choice(land["first"]), random.choice(land["last"])
        mailbox = f"{first}.{last}".lower().translate(_PLAIN)
        city = random.choice(land["cities"])
        name = random.choice(land["firms"]) if business else f"{first} {last}"
        segment = (
            random.choice(("gold", "gold", "key", "standard"))
            if business
            else random.choice(("standard",) * 9 + ("gold",))
        )
        customer = NewCustomer(
            number=f"V{20000 + self._count * 7}",
            name=name,
            email="" if random.random() < 0.08 else f"{mailbox}{self._count}@example.{'com' if business else 'org'}",
            phone=f"{land['phone']} {random.randrange(100, 999)} {random.randrange(100, 999)} {random.randrange(100, 999)}",
            address=f"{name}\n{random.choice(land['streets']).format(n=random.randrange(1, 140))}\n{city}",
            language=str(land["language"]),
            segment=segment,
        )
        return Writer(customer, str(land["country"]), "business" if business else "consumer", city.split(" ", 1)[-1])

    def _land(self, country: str) -> dict[str, Any]:
        if country:
            return next(land for land in self._lands if land["country"] == country)
        return self._random.choices(self._lands, [land["weight"] for land in self._lands])[0]

    def _places(self, model: str, writer: Writer, today: date) -> dict[str, str]:
        random = self._random
        return {
            "model": model,
            "serial": f"{model.split()[0][:2].upper()}{random.randrange(2023, 2027)}{random.randrange(10000, 99999)}",
            "invoice": f"VL/{random.randrange(1000, 9999)}/{today.year}",
            "weeks": str(random.randrange(2, 12)),
            "place": writer.place,
            "day": f"{today - timedelta(days=random.randrange(3, 40)):%d.%m.%Y}",
        }


def data(name: str) -> dict[str, Any]:
    """Read a data file of this folder."""
    return tomllib.loads(files("engine.commands.demo").joinpath(name).read_text("utf-8"))
