"""All settings are MAKEGOOD_… variables of the environment; none has to be set to begin."""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from urllib.parse import urlsplit

from engine.model.errors import Invalid
from engine.model.zones import zone_named

_SQLITE = "sqlite:///"
_POSTGRES = "postgresql+psycopg://"
_LONGEST_STALL = 86_400
_PLACE = re.compile(
    r"(?:(?P<user>[^:@/]*)(?P<password>:[^@]*)?@)?"
    r"(?P<where>(?:\[[^\]]*\]|[^:/?@\[\]]*)(?::[0-9]{1,5})?(?:/[^@?]*)?(?:\?.*)?)",
    re.DOTALL,
)
"""What may follow the scheme of a URL: who asks, a host or none, a port, a name and options."""


@dataclass(frozen=True, slots=True)
class Variable:
    """A setting as operators read of it; docs/settings.md is made from these."""

    name: str
    default: str
    example: str
    meaning: str


VARIABLES = (
    Variable(
        "MAKEGOOD_DATA_DIR",
        "`var` in the working folder",
        "/var/lib/makegood",
        "The folder of all that is kept: the SQLite database, the keys that seal the audit trail and sign forms, own processes and "
        "forms, letters that are not sent by mail, archives. All processes of one installation share it.",
    ),
    Variable(
        "MAKEGOOD_DATABASE_URL",
        "`makegood.db` in the data folder",
        "postgresql+psycopg://makegood@db.example.org/makegood",
        "The database: `sqlite:///path` for one machine and one process, `postgresql+psycopg://user:password@host/name` for any number of "
        "processes. A PostgreSQL database is brought up to date by `makegood migrate` only.",
    ),
    Variable(
        "MAKEGOOD_PORT", "8000", "8080", "The port that `makegood serve` listens at, unless it is given `--port`."
    ),
    Variable(
        "MAKEGOOD_PUBLIC_URL",
        "none",
        "https://complaints.example.org",
        "The address at which people reach the desk. Where it begins with https, cookies are sent over TLS alone, and the web server "
        "before Makegood is believed when it says for whom it asks.",
    ),
    Variable(
        "MAKEGOOD_SMTP_URL",
        "none: letters become files that the page Outbox shows",
        "smtp://desk:secret@mail.example.org:587?from=desk@example.org",
        "The server that takes e-mail, `smtp` or `smtps`. `from=` is the sender; `starttls=` is `required`, `offered` or `no`.",
    ),
    Variable(
        "MAKEGOOD_ZONE",
        "UTC, or what the house chose",
        "Europe/Warsaw",
        "The time zone in which the house keeps its days, and processes that name none keep their hours.",
    ),
    Variable(
        "MAKEGOOD_HTTP_PRIVATE",
        "off",
        "1",
        "`1` lets diagrams call services inside your own network. Without it only the public web can be reached.",
    ),
    Variable(
        "MAKEGOOD_STALL_SECONDS",
        "300",
        "600",
        "How long a job may take before its worker is believed dead and another one takes it up: longer than the slowest letter or call.",
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`smtp_url` empty: letters become files under `data_dir`/outbox; `public_url` is where people reach the desk."""

    data_dir: Path
    database_url: str = ""
    port: int = 8000
    smtp_url: str = ""
    public_url: str = ""
    zone: str = "UTC"
    stall_limit: timedelta | None = None

    @classmethod
    def from_environment(cls, environment: Mapping[str, str] | None = None) -> Settings:
        """Read the settings; raise Invalid with the variable's name where one does not fit."""
        given = os.environ if environment is None else environment
        return cls(
            data_dir=Path(given.get("MAKEGOOD_DATA_DIR") or "var").absolute(),
            database_url=_database(given.get("MAKEGOOD_DATABASE_URL", "")),
            port=_port(given.get("MAKEGOOD_PORT", "")),
            smtp_url=_url("MAKEGOOD_SMTP_URL", given.get("MAKEGOOD_SMTP_URL", ""), ("smtp", "smtps")),
            public_url=_url("MAKEGOOD_PUBLIC_URL", given.get("MAKEGOOD_PUBLIC_URL", ""), ("http", "https")).rstrip("/"),
            zone=zone_named(given.get("MAKEGOOD_ZONE") or "UTC").key,
            stall_limit=_stall_limit(given.get("MAKEGOOD_STALL_SECONDS", "")),
        )

    def at(self, url: str, *, named: str) -> Settings:
        """The same settings with another database; `sqlite:path` and `postgresql:` are short for the whole URLs.

        A refusal calls the URL by what whoever gave it knows it by.
        """
        for short, whole in (("sqlite:", _SQLITE), ("postgresql:", _POSTGRES)):
            if url.startswith(short) and not url.startswith(whole):
                rest = url.removeprefix(short)
                url = whole + (rest.removeprefix("//") if short != "sqlite:" else rest)
        return replace(self, database_url=_database(url, named=named))

    @property
    def is_postgres(self) -> bool:
        """Whether the data are kept by a PostgreSQL server."""
        return self.database_url.startswith(_POSTGRES)

    @property
    def database_name(self) -> str:
        """What people know the database by, without its password."""
        return _without_password(self.database_url) if self.is_postgres else str(self.database_path)

    @property
    def database_address(self) -> str:
        """The URL that names the database, without its password."""
        return self.database_name if self.is_postgres else f"{_SQLITE}{self.database_path}"

    @property
    def database_path(self) -> Path:
        """The file of the SQLite database."""
        if not self.database_url or self.is_postgres:
            return self.data_dir / "makegood.db"
        return Path(self.database_url.removeprefix(_SQLITE)).absolute()

    @property
    def is_https(self) -> bool:
        """Whether people reach the desk over TLS, so that cookies may be Secure."""
        return self.public_url.startswith("https://")


def _database(url: str, *, named: str = "MAKEGOOD_DATABASE_URL") -> str:
    if not url:
        return url
    scheme, mark, rest = url.partition("://")
    fits = bool(_PLACE.fullmatch(rest)) if scheme + mark == _POSTGRES else url.startswith(_SQLITE)
    if not fits or url in (_SQLITE, _POSTGRES, f"{_SQLITE}:memory:"):
        raise Invalid(
            "database_url",
            "{name} is “{url}”; write sqlite:///path/to/makegood.db or postgresql+psycopg://user@host/name.",
            name=named,
            url=_without_password(url),
        )
    return url


def _port(text: str) -> int:
    if not text:
        return 8000
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 65536:
        raise Invalid("port", "MAKEGOOD_PORT is “{text}”; write a number from 1 to 65535.", text=text)
    return int(text)


def _stall_limit(text: str) -> timedelta | None:
    if not text:
        return None
    if not text.isascii() or not text.isdigit() or not 0 < int(text) <= _LONGEST_STALL:
        raise Invalid(
            "stall_seconds",
            "MAKEGOOD_STALL_SECONDS is “{text}”; write a number of seconds from 1 to {most}.",
            text=text,
            most=_LONGEST_STALL,
        )
    return timedelta(seconds=int(text))


def _url(name: str, text: str, schemes: tuple[str, ...]) -> str:
    if not text:
        return ""
    if not _names_a_host(text, schemes):
        raise Invalid(
            "url",
            "{name} is “{text}”; write for instance {example}.",
            name=name,
            text=_without_password(text),
            example=f"{schemes[0]}://example.org",
        )
    return text


def _names_a_host(url: str, schemes: tuple[str, ...]) -> bool:
    try:
        parts = urlsplit(url)
        return parts.scheme in schemes and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port or an IPv6 address that is none
        return False


def _without_password(url: str) -> str:
    """The URL with dots for its password, or for all of it where nobody can tell where a password begins."""
    scheme, mark, rest = url.partition("://")
    place = _PLACE.fullmatch(rest)
    if not mark or place is None:
        return f"{scheme}{mark}…" if mark else "…"
    user = "" if place["user"] is None else f"{place['user']}{':…' if place['password'] else ''}@"
    return re.sub(r"(password=)[^&]*", r"\1…", f"{scheme}://{user}{place['where']}")
