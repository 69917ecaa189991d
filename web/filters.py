"""Values are shown as the reader writes them: times in their zone, amounts and days in their language."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from decimal import Decimal

from babel.dates import format_date, format_datetime, format_time, format_timedelta
from babel.numbers import format_currency, format_decimal
from flask import Flask
from markupsafe import Markup

from engine.model.errors import Message
from engine.model.form import Texts, text_in
from web.current import now
from web.language import _, language, locale, sentence, zone


def moment(value: datetime | None) -> Markup:
    """A point in time in the reader's zone, with its UTC time for machines."""
    return _time_tag(value, "d MMM y, HH:mm")


def moment_short(value: datetime | None) -> Markup:
    """The time of day for today, else day and month."""
    if value is None:
        return Markup("")
    local, today = value.astimezone(zone()), now().astimezone(zone()).date()
    if local.date() == today:
        return _tagged(value, format_time(local, "HH:mm", tzinfo=zone(), locale=locale()))
    return _time_tag(value, "d MMM" if local.year == today.year else "d MMM y")


def due_short(value: datetime | None) -> Markup:
    """A due as `moment_short` has it; one at midnight is the end of the day before, and shown as that day."""
    if value is None or value.astimezone(zone()).time() != time():
        return moment_short(value)
    last = value.astimezone(zone()).date() - timedelta(days=1)
    today = now().astimezone(zone()).date()
    pattern = "d MMM" if last.year == today.year else "d MMM y"
    return _tagged(value, _("today") if last == today else format_date(last, pattern, locale=locale()))


def ago(value: datetime | None) -> Markup:
    """How long ago, in words; the exact time is its title."""
    if value is None:
        return Markup("")
    passed = value - now()
    return _tagged(value, format_timedelta(passed, add_direction=True, locale=locale()))


def _time_tag(value: datetime | None, pattern: str) -> Markup:
    if value is None:
        return Markup("")
    return _tagged(value, format_datetime(value, pattern, tzinfo=zone(), locale=locale()))


def _tagged(value: datetime, text: str) -> Markup:
    exact = format_datetime(value, "d MMM y, HH:mm:ss zzz", tzinfo=zone(), locale=locale())
    return Markup('<time datetime="{}" title="{}">{}</time>').format(value.isoformat(), exact, text)


def day(value: date | None) -> str:
    """A calendar day."""
    return "" if value is None else format_date(value, "d MMM y", locale=locale())


def money(value: Decimal | int | None, currency: str = "EUR") -> str:
    """An amount with its currency."""
    return "" if value is None else format_currency(value, currency, locale=locale())


def number(value: Decimal | int | None) -> str:
    """A number with the language's own separators."""
    return "" if value is None else format_decimal(value, locale=locale(), decimal_quantization=False)


def duration(value: timedelta | None) -> str:
    """A length of time in words, rounded to its largest unit."""
    return "" if value is None else format_timedelta(value, locale=locale(), threshold=1.5)


def in_language(texts: Texts | None) -> str:
    """The text of a form in the reader's language."""
    return text_in(texts, language()) if texts else ""


def message(value: Message | None) -> str:
    """What the engine says, in the reader's language."""
    return "" if value is None else sentence(value)


def country(code: str) -> str:
    """A country by its name in the reader's language; a code that is unknown stays as it is."""
    return str(locale().territories.get(code, code))


def language_name(code: str) -> str:
    """A language by its name in the reader's language; a code that is unknown stays as it is."""
    name = str(locale().languages.get(code, code))
    return name[:1].upper() + name[1:]


def file_size(value: int) -> str:
    """A number of bytes in the unit that people use."""
    for unit, size in (("GB", 1_000_000_000), ("MB", 1_000_000), ("kB", 1_000)):
        if value >= size:
            return f"{number(round(Decimal(value) / size, 1))} {unit}"
    return f"{number(value)} B"


def clock_tone(due_at: datetime, started_at: datetime | None) -> str:
    """`ok` up to 80 % of the time (without a start: two days before the due), then `soon`, and `late` from the due."""
    left = due_at - now()
    if left <= timedelta(0):
        return "late"
    if started_at is None or started_at >= due_at:
        return "soon" if left <= timedelta(days=2) else "ok"
    return "soon" if left / (due_at - started_at) <= 0.2 else "ok"


def clock_chip(
    due_at: datetime | None, started_at: datetime | None = None, *, state: str = "running", label: str = ""
) -> Markup:
    """The time that is left, in words and colour; a clock that no longer runs says so."""
    if state == "paused":
        return _chip("paused", _("paused"), label, due_at)
    if state == "lapsed":
        return _chip("late", _("lapsed"), label, due_at)
    if state not in ("running", "breached"):
        return _chip("done", _("stopped"), label, due_at)
    if due_at is None:
        return _chip("none", _("no due time"), label, None)
    left = due_at - now()
    words = format_timedelta(abs(left), locale=locale(), threshold=1.5)
    text = _("{time} late", time=words) if left < timedelta(0) else _("{time} left", time=words)
    return _chip(clock_tone(due_at, started_at), text, label, due_at)


def _chip(tone: str, text: str, label: str, due_at: datetime | None) -> Markup:
    title = _("Due {time}", time=_due(due_at)) if due_at else ""
    before = Markup('<span class="chip-label">{}</span> ').format(label) if label else ""
    return Markup('<span class="chip chip-{}" title="{}">{}{}</span>').format(tone, title, before, text)


def _due(value: datetime) -> str:
    local = value.astimezone(zone())
    if local.time() == time():
        return format_date(local.date() - timedelta(days=1), "d MMM y", locale=locale())
    return format_datetime(value, "d MMM y, HH:mm", tzinfo=zone(), locale=locale())


FILTERS = (
    moment,
    moment_short,
    due_short,
    ago,
    day,
    money,
    number,
    duration,
    in_language,
    message,
    country,
    language_name,
    file_size,
)


def add_filters(app: Flask) -> None:
    """Give the filters to all templates."""
    for each in FILTERS:
        app.add_template_filter(each)
    app.add_template_global(clock_chip, "clock_chip")
