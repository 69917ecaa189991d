"""Every sentence reaches people in their own language; what is kept is the English template and its parameters."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from functools import lru_cache
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_datetime
from babel.numbers import format_decimal
from babel.support import LazyProxy, NullTranslations, Translations
from flask import g, has_request_context, request
from flask.globals import app_ctx
from markupsafe import Markup, escape

from engine.model.errors import Message, Territory
from web.key_words import DRAWN, PLACES

FOLDER = Path(__file__).parent / "translations"
LANGUAGES = ("en", "pl")
RIGHT_TO_LEFT = frozenset({"ar", "fa", "he", "ur"})


@lru_cache(maxsize=16)
def catalogue(language: str) -> NullTranslations:
    """The translations of a language; English is what the templates already are."""
    return Translations.load(FOLDER, [language], domain="messages") if language != "en" else NullTranslations()


def choose_language() -> str:
    """The language of the person, else of the cookie set before signing in, else what the browser asks for."""
    person = g.get("actor")
    if person is not None and person.language in LANGUAGES:
        return str(person.language)
    wanted = request.cookies.get("language", "")
    if wanted in LANGUAGES:
        return wanted
    return request.accept_languages.best_match(LANGUAGES) or "en"


def language() -> str:
    """The language of this answer."""
    try:
        here = app_ctx.g  # itself: it is asked for each sentence of a page
    except RuntimeError:  # outside of any application
        return "en"
    chosen: str | None = here.get("language")
    if chosen is None:
        chosen = here.language = choose_language() if has_request_context() else "en"
    return chosen


def locale() -> Locale:
    """Babel's locale of the answer, for dates and numbers."""
    return _locale(language())


@lru_cache(maxsize=16)
def _locale(code: str) -> Locale:
    try:
        return Locale.parse("en_GB" if code == "en" else code)
    except (UnknownLocaleError, ValueError):
        return Locale.parse("en_GB")


def zone() -> ZoneInfo:
    """The reader's time zone."""
    person = getattr(g, "actor", None) if has_request_context() else None
    try:
        return ZoneInfo(person.zone if person is not None and person.zone else "UTC")
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return ZoneInfo("UTC")


def direction() -> str:
    """`rtl` for languages that are written from right to left."""
    return "rtl" if language().split("_")[0] in RIGHT_TO_LEFT else "ltr"


def _(text: str, /, **params: object) -> str:
    """The text in the reader's language; `{name}` places are filled with the parameters."""
    return _filled(catalogue(language()).gettext(text), params)


def ngettext(one: str, many: str, count: int, /, **params: object) -> str:
    """The form of the text that the count asks for in the reader's language; the text may name `{count}`."""
    return _filled(catalogue(language()).ngettext(one, many, count), {"count": count, **params})


def pgettext(context: str, text: str, /, **params: object) -> str:
    """A text whose translation depends on where it stands: “Open” of a case, “Open” on a button."""
    return _filled(str(catalogue(language()).pgettext(context, text)), params)


def drawn(text: str) -> str:
    """A name or an instruction of a shipped diagram in the reader's language; a designer's own stays as it was drawn."""
    return pgettext("diagram", text)


def N_(text: str, /, **params: object) -> LazyProxy:  # noqa: N802  # gettext's own name, which extraction knows
    """A text that is translated when it is shown; for names at the top of a module."""
    return LazyProxy(_, text, enable_cache=False, **params)


def NP_(context: str, text: str, /) -> LazyProxy:  # noqa: N802  # named like N_
    """A text of a context that is translated when it is shown."""
    return LazyProxy(pgettext, context, text, enable_cache=False)


def sentence(message: Message) -> str:
    """What the engine says, in the reader's language."""
    count = message.params.get("count")
    if message.plural and isinstance(count, int | Decimal):
        text = catalogue(language()).ngettext(message.template, message.plural, int(count))
    else:
        text = catalogue(language()).gettext(message.template) if message.template else ""
    return _filled(text, message.params)


class _Places(dict[str, object]):
    """A place that has no parameter stays visible instead of breaking the page."""

    def __missing__(self, key: str) -> str:
        return "{" + key + "}"


def _filled(text: str, params: Mapping[str, object]) -> str:
    if not params:
        return text
    places = _Places({name: named(name, value) for name, value in params.items()})
    if any(isinstance(value, Markup) for value in places.values()):
        return escape(text).format_map(places)
    return text.format_map(places)


def named(name: str, value: object) -> object:
    """A parameter whose name tells what it is: a task, a queue, roles by their keys; else as `shown` has it."""
    if isinstance(value, str) and not isinstance(value, Territory | Markup):
        if name in DRAWN:
            return drawn(value)
        words = PLACES.get(name, {})
        return ", ".join(_(words[key]) if key in words else key for key in value.split(", "))
    return shown(value)


def shown(value: object) -> object:
    """A parameter as the reader writes it: numbers, days, times and countries of their language."""
    if isinstance(value, Message):
        return sentence(value)
    if isinstance(value, Territory):
        return locale().territories.get(value, str(value))
    if isinstance(value, datetime):
        return format_datetime(value, "d MMM y, HH:mm", tzinfo=zone(), locale=locale())
    if isinstance(value, date):
        return format_date(value, "d MMM y", locale=locale())
    if isinstance(value, Decimal):
        return format_decimal(value, locale=locale(), decimal_quantization=False)
    if isinstance(value, list | tuple):
        return ", ".join(str(shown(each)) for each in value)
    return value
