"""The shipped rows of law are read once and whole: an unknown name or a wrong value in the file is refused."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date
from enum import StrEnum
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from engine.model.duration import Length, parse_length
from engine.model.errors import Invalid

FILE = "statutory_rules.toml"

Texts = Mapping[str, str]
"""One text a language, English always among them."""


class Purpose(StrEnum):
    """What a row's period is for; a clock of a case runs only for an answer."""

    ANSWER = "answer"
    EARLY_RESOLUTION = "early_resolution"
    DISPUTE_MECHANISM = "dispute_mechanism"
    GUARANTEE = "guarantee"


class LapseEffect(StrEnum):
    """What follows from no answer in time."""

    NONE = "none"
    ACCEPTED = "accepted"
    DISCOUNT = "discount"
    OMBUDSMAN = "ombudsman"
    DISPUTE_BODY = "dispute_body"
    PAST_DUE = "past_due"


@dataclass(frozen=True, slots=True)
class Lapse:
    """The effect of a lapse; `decision` is what the case is decided by, empty where the law attaches no decision."""

    effect: LapseEffect
    decision: str = ""


@dataclass(frozen=True, slots=True)
class Extension:
    """The longest period, and what the letter that extends it must say."""

    length: Length
    needs: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a country's legal days begin and end, and the part whose holidays count."""

    zone: str
    subdivision: str = ""


@dataclass(frozen=True, slots=True)
class StatutoryRule:
    """One row of law in one version; `unverified` names the fields that were not seen in a text."""

    id: str
    version: int
    purpose: Purpose
    title: Texts
    jurisdiction: str
    length: Length
    lapse: Lapse
    sources: tuple[str, ...]
    sectors: frozenset[str] = frozenset()
    parties: frozenset[str] = frozenset()
    matters: frozenset[str] = frozenset()
    words: tuple[str, ...] = ()
    precedence: int = 0
    needs_remedy: bool = False
    usage_limit: str = ""
    extension: Extension | None = None
    move_off_holidays: bool = False
    posting_suffices: bool = False
    contract_may_override: bool = False
    duties: tuple[str, ...] = ()
    scope: Texts = field(default_factory=dict[str, str])
    valid_from: date | None = None
    valid_to: date | None = None
    unverified: frozenset[str] = frozenset()


KNOWN = frozenset(entry.name for entry in fields(StatutoryRule))
"""What a row may say."""


@dataclass(frozen=True, slots=True)
class Law:
    """All rows, the texts of the duties that they name, the places and the areas of several countries."""

    rules: tuple[StatutoryRule, ...]
    duties: Mapping[str, Texts]
    places: Mapping[str, Place]
    areas: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def shipped_law() -> Law:
    """Give the rows that ship with the program."""
    return read_law(files("engine.model").joinpath(FILE).read_text("utf-8"))


def read_law(text: str) -> Law:
    """Read a file of rows; raise `Invalid` that names the row and what is wrong with it."""
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as fault:
        raise Invalid(
            "law_unreadable", "The file of statutory rules cannot be read: {fault}.", fault=str(fault)
        ) from None
    duties = {key: _texts(value) for key, value in _table(data, "duties").items()}
    places = {code: _place(_table(_table(data, "countries"), code)) for code in _table(data, "countries")}
    areas = {key: _words(_table(data, "areas"), key) for key in _table(data, "areas")}
    rules = tuple(_read_rule(row, duties) for row in data.get("rule", []))
    seen = [(rule.id, rule.version) for rule in rules]
    for rule in rules:
        if seen.count((rule.id, rule.version)) > 1:
            raise _wrong(rule.id, "this version stands in it twice")
        if rule.jurisdiction not in places and rule.jurisdiction not in areas:
            raise _wrong(rule.id, f"the jurisdiction {rule.jurisdiction} is neither a country nor an area")
    return Law(rules, MappingProxyType(duties), MappingProxyType(places), MappingProxyType(areas))


def _read_rule(row: Mapping[str, object], duties: Mapping[str, Texts]) -> StatutoryRule:
    name = str(row.get("id", "?"))
    unknown = sorted(set(row) - KNOWN) + sorted(set(_words(row, "duties")) - set(duties))
    unknown += sorted(set(_words(row, "unverified")) - KNOWN)
    if unknown:
        raise _wrong(name, f"nobody knows {', '.join(unknown)}")
    try:
        return _rule(name, row)
    except (KeyError, ValueError, Invalid) as fault:
        raise _wrong(name, str(fault)) from None


def _rule(name: str, row: Mapping[str, object]) -> StatutoryRule:
    return StatutoryRule(
        id=name,
        version=int(str(row["version"])),
        purpose=Purpose(str(row.get("purpose", Purpose.ANSWER))),
        title=_texts(row["title"]),
        jurisdiction=str(row["jurisdiction"]),
        length=parse_length(str(row["length"])),
        lapse=_lapse(_table(row, "lapse")),
        sources=_words(row, "sources"),
        sectors=frozenset(_words(row, "sectors")),
        parties=frozenset(_words(row, "parties")),
        matters=frozenset(_words(row, "matters")),
        words=_words(row, "words"),
        precedence=int(str(row.get("precedence", 0))),
        needs_remedy=row.get("needs_remedy") is True,
        usage_limit=str(row.get("usage_limit", "")),
        extension=_extension(_table(row, "extension")),
        move_off_holidays=row.get("move_off_holidays") is True,
        posting_suffices=row.get("posting_suffices") is True,
        contract_may_override=row.get("contract_may_override") is True,
        duties=_words(row, "duties"),
        scope=_texts(row["scope"]) if "scope" in row else {},
        valid_from=_day(row.get("valid_from")),
        valid_to=_day(row.get("valid_to")),
        unverified=frozenset(_words(row, "unverified")),
    )


def _lapse(table: Mapping[str, object]) -> Lapse:
    return Lapse(LapseEffect(str(table["effect"])), str(table["decision"]))


def _extension(table: Mapping[str, object]) -> Extension | None:
    return Extension(parse_length(str(table["length"])), _words(table, "needs")) if table else None


def _texts(value: object) -> Texts:
    texts = {str(language): str(text) for language, text in value.items()} if isinstance(value, dict) else {}
    if "en" not in texts:
        raise ValueError("a text has no English form")
    return MappingProxyType(texts)


def _place(table: Mapping[str, object]) -> Place:
    return Place(str(table["zone"]), str(table.get("subdivision", "")))


def _table(data: Mapping[str, object], key: str) -> Mapping[str, object]:
    value = data.get(key, {})
    return value if isinstance(value, dict) else {}


def _words(row: Mapping[str, object], key: str) -> tuple[str, ...]:
    value = row.get(key, ())
    return tuple(str(word) for word in value) if isinstance(value, Sequence) and not isinstance(value, str) else ()


def _day(value: object) -> date | None:
    if value is None or isinstance(value, date):
        return value
    raise ValueError(f"{value} is not a date")


def _wrong(rule: str, fault: str) -> Invalid:
    return Invalid("law_row_wrong", "The statutory rule “{rule}” cannot be read: {fault}.", rule=rule, fault=fault)
