"""A clock written to plain values reads back equal; instants are whole microseconds UTC, dates are ISO text."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from engine.model.calendar import calendar_from_plain, calendar_to_plain
from engine.model.clock import Basis, Clock, ClockKind, ClockState, Due, Pause
from engine.model.duration import parse_length
from engine.model.errors import Invalid
from engine.model.zones import from_microseconds, to_microseconds

FORMAT = 1


def clock_to_plain(clock: Clock) -> dict[str, object]:
    """Give the clock as JSON values in format 1."""
    return {
        "format": FORMAT,
        "key": clock.key,
        "kind": clock.kind.value,
        "state": clock.state.value,
        "calendar": calendar_to_plain(clock.calendar),
        "length": None if clock.length is None else str(clock.length),
        "started": to_microseconds(clock.started),
        "event_day": clock.event_day.isoformat(),
        "armed": to_microseconds(clock.armed),
        "stopped": None if clock.stopped is None else to_microseconds(clock.stopped),
        "move_off_holidays": clock.move_off_holidays,
        "due": _due_to_plain(clock.due),
        "fired": list(clock.fired),
        "skipped": list(clock.skipped),
        "pauses": [_pause_to_plain(pause) for pause in clock.pauses],
        "basis": {
            "country": clock.basis.country,
            "party": clock.basis.party,
            "segment": clock.basis.segment,
            "rule": clock.basis.rule,
            "rule_version": clock.basis.rule_version,
        },
    }


def clock_from_plain(plain: Mapping[str, object]) -> Clock:
    """Read what `clock_to_plain` gave; raise `Invalid` for a format that this program does not know."""
    if plain.get("format") != FORMAT:
        raise Invalid(
            "clock_format_unknown",
            "The clock was saved in format {format}, which this program cannot read; upgrade the program.",
            format=plain.get("format"),
        )
    length = plain["length"]
    return Clock(
        key=str(plain["key"]),
        kind=ClockKind(str(plain["kind"])),
        calendar=calendar_from_plain(_mapping(plain["calendar"])),
        length=None if length is None else parse_length(str(length)),
        started=_required_instant(plain["started"]),
        event_day=date.fromisoformat(str(plain["event_day"])),
        due=_due_from_plain(_mapping(plain["due"])),
        armed=_required_instant(plain["armed"]),
        state=ClockState(str(plain["state"])),
        stopped=_instant(plain["stopped"]),
        move_off_holidays=bool(plain["move_off_holidays"]),
        fired=tuple(str(at) for at in _items(plain["fired"])),
        skipped=tuple(str(at) for at in _items(plain["skipped"])),
        pauses=tuple(_pause_from_plain(_mapping(pause)) for pause in _items(plain["pauses"])),
        basis=_basis_from_plain(_mapping(plain["basis"])),
    )


def _due_to_plain(due: Due) -> dict[str, object]:
    moved = None if due.moved_from is None else due.moved_from.isoformat()
    return {
        "day": due.day.isoformat(),
        "zone": due.zone,
        "instant": to_microseconds(due.instant),
        "moved_from": moved,
    }


def _due_from_plain(plain: Mapping[str, object]) -> Due:
    moved = plain["moved_from"]
    return Due(
        date.fromisoformat(str(plain["day"])),
        str(plain["zone"]),
        _required_instant(plain["instant"]),
        None if moved is None else date.fromisoformat(str(moved)),
    )


def _pause_to_plain(pause: Pause) -> dict[str, object]:
    until = None if pause.until is None else to_microseconds(pause.until)
    return {"since": to_microseconds(pause.since), "until": until, "reason": pause.reason}


def _pause_from_plain(plain: Mapping[str, object]) -> Pause:
    return Pause(_required_instant(plain["since"]), _instant(plain["until"]), str(plain["reason"]))


def _basis_from_plain(plain: Mapping[str, object]) -> Basis:
    return Basis(
        str(plain["country"]),
        str(plain["party"]),
        str(plain["segment"]),
        str(plain["rule"]),
        int(str(plain["rule_version"])),
    )


def _instant(value: object) -> datetime | None:
    return from_microseconds(value) if isinstance(value, int) else None


def _required_instant(value: object) -> datetime:
    return from_microseconds(int(str(value)))


def _mapping(value: object) -> Mapping[str, object]:
    return {str(key): item for key, item in value.items()} if isinstance(value, Mapping) else {}


def _items(value: object) -> list[object]:
    return list(value) if isinstance(value, list) else []
