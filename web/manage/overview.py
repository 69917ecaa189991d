"""The first page of a lead: what is late, where it lies, who has it, what the law asks next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from babel.dates import format_date
from flask import render_template
from flask.typing import ResponseReturnValue

from engine.queries.clock_board import Watched, clock_counts, watched_clocks
from engine.queries.escalations import Since, escalations, named_in
from engine.queries.queue_load import Board, Load, board
from engine.queries.special_modes import waiting_modes
from web.access import LEADS, roles
from web.csv_lines import csv_answer
from web.current import read
from web.event_words import Names, told
from web.language import _, locale
from web.manage.blueprint import blueprint
from web.manage.tabs import room_tabs
from web.words import key_name, queue_title

SHOWN = 6
WIDTH, HEIGHT = 100, 64


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the chart of dues: in units of a drawing 64 high."""

    label: str
    count: int
    x: float
    y: float
    height: float
    is_weekend: bool


@dataclass(frozen=True, slots=True)
class Part:
    """One stretch of a bar, in hundredths of the longest bar."""

    tone: str
    x: float
    width: float


@blueprint.get("/manage")
@roles(*LEADS)
def overview() -> str:
    """Show the board."""
    with read() as tx:
        found = board(tx)
        counts = clock_counts(tx, Watched(days=3))
        legal = watched_clocks(tx, Watched(key="statutory", days=7), size=SHOWN)
        recent = escalations(tx, Since(days=7, level=80), size=SHOWN)
        people, tasks = named_in(tx, [line.event for line in recent.rows])
        waiting = waiting_modes(tx)
    names = Names(people, tasks)
    return render_template(
        "manage/overview.html",
        board=found,
        tabs=room_tabs(waiting=len(waiting)),
        legal=legal.rows,
        counts={each.key: each for each in counts},
        recent=[(line, told(line.event, names)) for line in recent.rows],
        waiting=waiting,
        columns=columns_of(found.days),
        parts_of=lambda load: parts_of(load, longest(found)),
        person_parts=lambda load: parts_of(load, longest_person(found)),
    )


@blueprint.get("/manage/load.csv")
@roles(*LEADS)
def load_csv() -> ResponseReturnValue:
    """The load of the queues as CSV."""
    with read() as tx:
        found = board(tx)
    headings = [_("Queue"), _("Lead"), _("Present"), _("People"), *_load_headings(), _("Nobody has it"), _("Oldest")]
    lines = [
        (
            queue_title(each.name) or key_name(each.key),
            each.lead,
            each.present,
            each.members,
            *_load_cells(each.load),
            each.load.free,
            each.load.oldest,
        )
        for each in found.queues
    ]
    return csv_answer("queues", headings, lines)


@blueprint.get("/manage/people.csv")
@roles(*LEADS)
def people_csv() -> ResponseReturnValue:
    """The load of the people as CSV."""
    with read() as tx:
        found = board(tx)
    headings = [_("Person"), _("Absent"), _("Stands in"), *_load_headings()]
    lines = [
        (each.name, _("yes") if each.is_absent else _("no"), each.substitute, *_load_cells(each.load))
        for each in found.people
    ]
    return csv_answer("people", headings, lines)


def _load_headings() -> list[str]:
    return [_("Open"), _("Overdue"), _("Due today"), _("Due within a week"), _("Later")]


def _load_cells(load: Load) -> tuple[int, ...]:
    return (load.open, load.late, load.today, load.week, load.later)


def longest(found: Board) -> int:
    """The largest number of open tasks in one queue."""
    return max((each.load.open for each in found.queues), default=0)


def longest_person(found: Board) -> int:
    """The largest number of open tasks with one person."""
    return max((each.load.open for each in found.people), default=0)


def parts_of(load: Load, most: int) -> list[Part]:
    """The stretches of a bar: late, today, this week, later."""
    found: list[Part] = []
    x = 0.0
    for tone, count in (("late", load.late), ("soon", load.today), ("info", load.week), ("done", load.later)):
        if count and most:
            width = WIDTH * count / most
            found.append(Part(tone, round(x, 2), round(width, 2)))
            x += width
    return found


def columns_of(days: Sequence[tuple[date, int]]) -> list[Column]:
    """The chart of dues per day; a day without any has no column."""
    most = max((count for _day, count in days), default=0)
    found: list[Column] = []
    for place, (day, count) in enumerate(days):
        height = round(HEIGHT * count / most, 1) if most else 0.0
        label = format_date(day, "EEE d", locale=locale())
        found.append(Column(label, count, 8 + place * 48, 24 + HEIGHT - height, height, day.weekday() >= 5))
    return found
