"""A scenario tells one story of a case in TOML: who does what and when, and what must be true at the end."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

from engine.model.errors import Finding, Invalid, Message, Severity
from engine.model.scenario import (
    Absence,
    Advance,
    ClaimTask,
    ClockExpected,
    CompleteTask,
    Expected,
    Scenario,
    ScenarioPerson,
    SendMessage,
    Step,
    Table,
)
from engine.model.values import read_duration

_KEYS = frozenset({"title", "process", "now", "as", "start", "clocks", "people", "performed", "step", "expect"})
_EXPECTED = frozenset(
    {"path", "never", "open", "decision", "special_mode", "notices", "clocks", "performed", "variables"}
)
_SAID = frozenset({"as", "data", "outcome", "refused"})


@dataclass(frozen=True, slots=True)
class ScenarioRead:
    """The scenario, or None with the findings that say why."""

    scenario: Scenario | None
    findings: tuple[Finding, ...]


class _Reading:
    """What is wrong is gathered, so that a designer sees all of it at once."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.findings: list[Finding] = []

    def fault(self, what: Message, remedy: Message) -> None:
        self.findings.append(Finding(Severity.ERROR, what, remedy, file=self.file))

    def wrong(self, place: str, wanted: str) -> None:
        self.fault(
            Message("scenario_value", "“{place}” is not as it should be.", {"place": place}),
            Message("scenario_value_remedy", "Write {wanted}.", {"wanted": wanted}),
        )

    def unknown(self, table: Table, known: frozenset[str], place: str) -> None:
        for name in sorted(set(table) - known):
            self.fault(
                Message("scenario_key", "“{key}” means nothing in {place}.", {"key": name, "place": place}),
                Message("scenario_key_remedy", "Use one of: {known}.", {"known": ", ".join(sorted(known))}),
            )

    def table(self, table: Table, name: str) -> Table:
        value = table.get(name, {})
        if isinstance(value, Mapping):
            return value
        self.wrong(name, f"{name} = {{ … }}")
        return {}

    def text(self, table: Table, name: str, default: str = "") -> str:
        value = table.get(name, default)
        if isinstance(value, str):
            return value
        self.wrong(name, f'{name} = "…"')
        return default

    def optional(self, table: Table, name: str) -> str | None:
        return self.text(table, name) if name in table else None

    def yes(self, table: Table, name: str) -> bool:
        value = table.get(name, False)
        if not isinstance(value, bool):
            self.wrong(name, f"{name} = true")
        return value is True

    def texts(self, table: Table, name: str) -> tuple[str, ...]:
        value = table.get(name, [])
        if isinstance(value, list) and all(isinstance(each, str) for each in value):
            return tuple(value)
        self.wrong(name, f'{name} = ["…", "…"]')
        return ()

    def named_texts(self, table: Table, name: str) -> dict[str, str]:
        inner = self.table(table, name)
        return {key: self.text(inner, key) for key in inner}


def read_scenario(data: bytes, *, file: str = "") -> ScenarioRead:
    """Read one scenario file; whatever is wrong with it becomes findings, and nothing is raised."""
    reading = _Reading(file)
    try:
        root: Table = tomllib.loads(data.decode("utf-8-sig"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as fault:
        reading.fault(
            Message("scenario_toml", "The file is not TOML: {fault}.", {"fault": str(fault)}),
            Message("scenario_toml_remedy", "Correct the place that is named."),
        )
        return ScenarioRead(None, tuple(reading.findings))
    scenario = _scenario(reading, root)
    return ScenarioRead(None if reading.findings else scenario, tuple(reading.findings))


def _scenario(reading: _Reading, root: Table) -> Scenario:
    reading.unknown(root, _KEYS, "a scenario")
    if not reading.text(root, "title"):
        reading.wrong("title", 'title = "what the story is about"')
    now = root.get("now")
    if not isinstance(now, datetime) or now.tzinfo is None:
        reading.wrong("now", "a time with its offset: now = 2026-03-02T09:00:00+01:00")
        now = datetime(2026, 1, 1, tzinfo=UTC)
    steps = root.get("step", [])
    if not isinstance(steps, list):
        reading.wrong("step", "[[step]] before each step")
        steps = []
    return Scenario(
        title=reading.text(root, "title"),
        file=reading.file,
        now=now.astimezone(UTC),
        start=reading.table(root, "start"),
        steps=tuple(step for place, each in enumerate(steps, 1) if (step := _step(reading, each, place)) is not None),
        expected=_expected(reading, reading.table(root, "expect")),
        process=reading.text(root, "process"),
        person=reading.text(root, "as"),
        clocks=reading.named_texts(root, "clocks"),
        people=_people(reading, reading.table(root, "people")),
        performed=reading.named_texts(root, "performed"),
    )


def _step(reading: _Reading, step: object, place: int) -> Step | None:
    where = f"step {place}"
    if not isinstance(step, Mapping):
        reading.wrong(where, "[[step]] and its lines")
        return None
    if "task" in step:
        reading.unknown(step, _SAID | {"task"}, where)
        task, person = reading.text(step, "task"), reading.text(step, "as")
        refused, outcome = reading.yes(step, "refused"), reading.optional(step, "outcome")
        return CompleteTask(task, person, reading.table(step, "data"), outcome, refused)
    if "claim" in step:
        reading.unknown(step, frozenset({"claim", "as", "refused"}), where)
        return ClaimTask(reading.text(step, "claim"), reading.text(step, "as"), reading.yes(step, "refused"))
    if "advance" in step:
        reading.unknown(step, frozenset({"advance"}), where)
        return _advance(reading, reading.text(step, "advance"), where)
    if "message" in step:
        return _message(reading, step, where)
    reading.wrong(where, "one of task, claim, advance and message")
    return None


def _advance(reading: _Reading, text: str, where: str) -> Advance | None:
    try:
        length = read_duration(text)
    except Invalid as fault:
        reading.fault(fault.message, Message("scenario_advance_remedy", "Correct the duration of {at}.", {"at": where}))
        return None
    if isinstance(length, timedelta) and length > timedelta(0):
        return Advance(length)
    reading.wrong(where, 'days or less, forward: advance = "P3D"')
    return None


def _message(reading: _Reading, step: Table, where: str) -> SendMessage:
    reading.unknown(step, frozenset({"message"}), where)
    message = reading.table(step, "message")
    reading.unknown(message, frozenset({"name", "payload", "correlation"}), where)
    if not message.get("name"):
        reading.wrong(where, 'message = { name = "customer_withdraws" }')
    correlation = reading.table(message, "correlation") if "correlation" in message else None
    return SendMessage(reading.text(message, "name"), reading.table(message, "payload"), correlation)


def _people(reading: _Reading, people: Table) -> dict[str, ScenarioPerson]:
    found: dict[str, ScenarioPerson] = {}
    for name in people:
        person = reading.table(people, name)
        reading.unknown(person, frozenset({"roles", "levels", "absent", "substitute"}), f"people.{name}")
        absent = _absence(reading, person["absent"], name) if "absent" in person else None
        roles, levels = reading.texts(person, "roles"), reading.texts(person, "levels")
        found[name] = ScenarioPerson(roles, levels, absent, reading.text(person, "substitute"))
    return found


def _absence(reading: _Reading, days: object, name: str) -> Absence | None:
    match days:
        case [date() as first, date() as last] if first <= last:
            return Absence(first, last)
        case _:
            reading.wrong(f"people.{name}.absent", "first and last day: absent = [2026-03-03, 2026-03-20]")
            return None


def _expected(reading: _Reading, expect: Table) -> Expected:
    reading.unknown(expect, _EXPECTED, "expect")
    return Expected(
        path=reading.texts(expect, "path"),
        never=reading.texts(expect, "never"),
        open=reading.texts(expect, "open") if "open" in expect else None,
        decision=reading.optional(expect, "decision"),
        special_mode=reading.optional(expect, "special_mode"),
        notices=reading.texts(expect, "notices") if "notices" in expect else None,
        clocks=_clocks(reading, reading.table(expect, "clocks")),
        performed=reading.named_texts(expect, "performed"),
        variables=reading.table(expect, "variables"),
    )


def _clocks(reading: _Reading, clocks: Table) -> dict[str, ClockExpected]:
    found: dict[str, ClockExpected] = {}
    for key in clocks:
        clock = reading.table(clocks, key)
        reading.unknown(clock, frozenset({"due", "state"}), f"expect.clocks.{key}")
        due = clock.get("due")
        if due is not None and not isinstance(due, date):
            reading.wrong(f"expect.clocks.{key}.due", "a day: due = 2026-03-16")
            due = None
        found[key] = ClockExpected(due, reading.optional(clock, "state"))
    return found
