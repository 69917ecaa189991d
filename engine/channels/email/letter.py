"""An envelope becomes one MIME letter; what a sender could smuggle into its headers is folded away."""

from __future__ import annotations

from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, parseaddr

from engine.model.errors import ChannelError
from engine.model.ports import Envelope

LONGEST_SUBJECT = 200


def mime_letter(envelope: Envelope, *, message_id: str, sender: str, at: datetime) -> EmailMessage:
    """Write the letter; raise ChannelError where there is no address that a mail server could take."""
    letter = EmailMessage()
    letter["From"] = address_header(sender)
    letter["To"] = address_header(envelope.recipient, envelope.recipient_name)
    letter["Subject"] = one_line(envelope.subject)[:LONGEST_SUBJECT]
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = one_line(message_id)
    letter["Auto-Submitted"] = "auto-generated"
    letter["Content-Language"] = one_line(envelope.language)
    if envelope.case_number:
        letter["X-Makegood-Case"] = one_line(envelope.case_number)
    if envelope.reply_to:
        letter["Reply-To"] = address_header(envelope.reply_to)
    letter.set_content(envelope.body)
    return letter


def address_header(text: str, name: str = "") -> Address:
    """Read one address; raise ChannelError where it is none."""
    shown, address = parseaddr(one_line(text))
    try:
        read = Address(display_name=one_line(name or shown), addr_spec=address)
    except (ValueError, IndexError, HeaderParseError):  # the library raises any of them for what is no address
        read = Address()
    if not read.username or not read.domain:
        raise ChannelError(
            "address_wrong",
            "The recipient has no e-mail address that mail could go to, so the letter stays here. Correct it in the case, then retry.",
            permanent=True,
        )
    return read


def one_line(text: str) -> str:
    """The text without line breaks and other control characters, which could begin a header of their own."""
    return " ".join("".join(character if character.isprintable() else " " for character in text).split())
