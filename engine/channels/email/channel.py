"""A letter goes to the mail server, or where none is set into a file under outbox/; the same Message-ID is written once."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.policy import SMTP
from pathlib import Path

from engine.channels.email.letter import mime_letter
from engine.channels.email.server import Server, hand_over, server_of
from engine.model.errors import ChannelError
from engine.model.ports import Envelope, Evidence

SENDER_OF_FILES = "complaints@makegood.example"


def utc_now() -> datetime:
    """Give the time of the machine's clock, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class EmailChannel:
    """Where letters go: `server`, or the folder `outbox` where there is none."""

    key: str = "email"
    server: Server | None = None
    outbox: Path = Path("outbox")
    clock: Callable[[], datetime] = utc_now

    def configured(self, *, smtp_url: str, data_dir: Path) -> EmailChannel:
        """The channel of this installation."""
        return replace(self, server=server_of(smtp_url) if smtp_url else None, outbox=data_dir / "outbox")

    def send(self, envelope: Envelope, *, message_id: str) -> Evidence:
        """Hand the letter over; raise ChannelError, permanent where trying again is of no use."""
        at = self.clock()
        sender = self.server.sender if self.server is not None else SENDER_OF_FILES
        letter = mime_letter(envelope, message_id=message_id, sender=sender, at=at)
        if self.server is not None:
            hand_over(self.server, letter)
            return Evidence(accepted_at=at, reference=message_id)
        path = self.outbox / file_name(message_id, ".eml")
        write_once(path, letter.as_bytes(policy=SMTP))
        return Evidence(accepted_at=at, reference=message_id)


def file_name(message_id: str, ending: str) -> str:
    """A name that the message id alone decides, so that the same message is the same file."""
    plain = "".join(character if character.isalnum() or character in "-_." else "" for character in message_id)
    mark = hashlib.sha256(message_id.encode()).hexdigest()[:8]
    return f"{plain.split('@')[0][:80] or 'letter'}-{mark}{ending}"


def write_once(path: Path, content: bytes) -> None:
    """Write a whole file or none; one that is there stays as it is. Raises ChannelError."""
    if path.exists():
        return
    unfinished = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_bytes(content)
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):  # it may never have begun
            unfinished.unlink()
        raise ChannelError(
            "outbox_not_writable",
            "The letter cannot be written to {folder} ({reason}). Make room or give access; it is tried again later.",
            folder=str(path.parent),
            reason=error.strerror or type(error).__name__,
        ) from error
