"""The address of a mail server is one URL: smtp://user:password@host:587?from=desk@example.org."""

from __future__ import annotations

import smtplib
import ssl
from contextlib import suppress
from dataclasses import dataclass
from email.message import EmailMessage
from urllib.parse import parse_qs, unquote, urlsplit

from engine.model.errors import ChannelError, Invalid

SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Server:
    """Where mail is handed over; `starttls` is required, offered (taken where the server has it) or no."""

    host: str
    port: int
    sender: str
    username: str = ""
    password: str = ""
    over_tls: bool = False
    starttls: str = "offered"
    timeout: float = SECONDS


def server_of(url: str) -> Server:
    """Read MAKEGOOD_SMTP_URL; raise Invalid where it cannot be understood."""
    parts = urlsplit(url)
    over_tls = parts.scheme == "smtps"
    options = {name: values[-1] for name, values in parse_qs(parts.query).items()}
    username = unquote(parts.username or "")
    starttls = options.get("starttls", "required" if username and not over_tls else "offered")
    unknown = sorted(options.keys() - {"from", "starttls"})
    if unknown or starttls not in ("required", "offered", "no"):
        raise Invalid(
            "smtp_url_option",
            "MAKEGOOD_SMTP_URL may end in ?from=desk@example.org&starttls=required (or offered, or no); {found} is not understood.",
            found=", ".join(unknown) or f"starttls={starttls}",
        )
    host = parts.hostname or "localhost"
    return Server(
        host=host,
        port=parts.port or (465 if over_tls else 587 if username else 25),
        sender=options.get("from") or (username if "@" in username else f"complaints@{host}"),
        username=username,
        password=unquote(parts.password or ""),
        over_tls=over_tls,
        starttls=starttls,
    )


def hand_over(server: Server, letter: EmailMessage) -> None:
    """Give the letter to the server; raise ChannelError."""
    try:
        session = connected(server)
        try:
            session.send_message(letter)
        finally:
            with suppress(smtplib.SMTPException, OSError):  # the letter is taken or refused; how they part is no matter
                session.quit()
    except smtplib.SMTPRecipientsRefused as error:
        code, said = next(iter(error.recipients.values()), (550, b""))
        raise refused(server, code, said) from error
    except smtplib.SMTPResponseException as error:
        raise refused(server, error.smtp_code, error.smtp_error) from error
    except smtplib.SMTPNotSupportedError as error:
        raise ChannelError(
            "mail_not_supported",
            "The mail server {host} cannot do what this letter needs ({reason}). Ask who runs it.",
            permanent=True,
            host=server.host,
            reason=str(error),
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise ChannelError(
            "mail_unreachable",
            "The mail server {host}:{port} cannot be reached or broke off ({reason}). It is tried again later.",
            host=server.host,
            port=server.port,
            reason=str(error) or type(error).__name__,
        ) from error


def connected(server: Server) -> smtplib.SMTP:
    """Open a session that is encrypted and signed in as the URL says."""
    trust = ssl.create_default_context()
    session: smtplib.SMTP
    if server.over_tls:
        session = smtplib.SMTP_SSL(server.host, server.port, timeout=server.timeout, context=trust)
    else:
        session = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
    try:
        session.ehlo()
        offered = session.has_extn("starttls")
        if not server.over_tls and server.starttls != "no" and (offered or server.starttls == "required"):
            session.starttls(context=trust)
            session.ehlo()
        if server.username:
            session.login(server.username, server.password)
    except (smtplib.SMTPException, OSError):
        session.close()
        raise
    return session


def refused(server: Server, code: int, said: bytes | str) -> ChannelError:
    """A refusal from 500 on stays one however often it is tried; below that the server asks for patience."""
    words = said.decode("utf-8", "replace") if isinstance(said, bytes) else said
    if code >= 500:
        return ChannelError(
            "mail_refused",
            "The mail server {host} refused the letter for good: {code} {said}. Correct the address or the settings, then retry.",
            permanent=True,
            host=server.host,
            code=code,
            said=words,
        )
    return ChannelError(
        "mail_deferred",
        "The mail server {host} does not take the letter now: {code} {said}. It is tried again later.",
        host=server.host,
        code=code,
        said=words,
    )
