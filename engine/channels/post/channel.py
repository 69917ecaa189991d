"""A posted letter is a page to print under outbox/post; that it was posted is a person's evidence, given later (R25)."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from engine.model.errors import ChannelError
from engine.model.ports import Envelope, Evidence

PAGE = """<!doctype html>
<html lang="{language}" dir="auto">
<meta charset="utf-8">
<title>{subject}</title>
<style>
@page {{ size: A4; margin: 25mm 20mm; }}
body {{ font: 11pt/1.45 Georgia, serif; max-width: 42rem; margin: 2rem auto; }}
address {{ font-style: normal; white-space: pre-line; margin-block: 0 3rem; }}
h1 {{ font-size: 1rem; }}
main {{ white-space: pre-line; }}
footer {{ color: #666; font-size: 8pt; margin-block-start: 3rem; }}
</style>
<address dir="auto">{recipient}</address>
<h1>{subject}</h1>
<main>{body}</main>
<footer>{case} · {reference}</footer>
</html>
"""


def utc_now() -> datetime:
    """Give the time of the machine's clock, in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class PostChannel:
    """The folder `outbox` holds the pages to print."""

    key: str = "post"
    outbox: Path = Path("outbox") / "post"
    clock: Callable[[], datetime] = utc_now

    def configured(self, *, smtp_url: str, data_dir: Path) -> PostChannel:
        """The channel of this installation."""
        del smtp_url  # a letter needs a printer, no server
        return replace(self, outbox=data_dir / "outbox" / "post")

    def send(self, envelope: Envelope, *, message_id: str) -> Evidence:
        """Make the page to print, once for a message id; raise ChannelError where it cannot be written."""
        reference = hashlib.sha256(message_id.encode()).hexdigest()[:12]
        path = self.outbox / f"{envelope.case_number or 'letter'}-{reference}.html"
        write_page(path, page_of(envelope, reference))
        return Evidence(accepted_at=self.clock(), reference=reference, medium="post")


def page_of(envelope: Envelope, reference: str) -> str:
    """The letter as a page; whatever the texts hold is text there and nothing else."""
    address = "\n".join(part for part in (envelope.recipient_name, envelope.recipient) if part)
    return PAGE.format(
        language=escape(envelope.language),
        subject=escape(envelope.subject),
        recipient=escape(address),
        body=escape(envelope.body),
        case=escape(envelope.case_number),
        reference=reference,
    )


def write_page(path: Path, page: str) -> None:
    """Write a whole file or none; one that is there stays as it is."""
    if path.exists():
        return
    unfinished = path.with_suffix(".part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        unfinished.write_text(page, encoding="utf-8")
        unfinished.replace(path)
    except OSError as error:
        with suppress(OSError):  # it may never have begun
            unfinished.unlink()
        raise ChannelError(
            "post_not_writable",
            "The letter cannot be written to {folder} ({reason}). Make room or give access; it is tried again later.",
            folder=str(path.parent),
            reason=error.strerror or type(error).__name__,
        ) from error
