"""A letter to be posted is a page to print, once, in which every text is only text."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.channels.post import PostChannel
from engine.model.errors import ChannelError
from engine.model.ports import Envelope

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TO_JAN = Envelope(
    recipient="ul. Długa 5\n00-001 Warszawa",
    recipient_name="Jan Nowak",
    subject="Your complaint <C-2026-000008>",
    body="Dear Jan,\n\nwe accept it.",
    language="pl",
    case_number="C-2026-000008",
)


def test_a_posted_letter_is_a_page_with_address_and_text(tmp_path: Path) -> None:
    channel = PostChannel(clock=lambda: NOON).configured(smtp_url="smtp://unused", data_dir=tmp_path)
    evidence = channel.send(TO_JAN, message_id="<8@makegood>")
    (page,) = (tmp_path / "outbox" / "post").iterdir()
    text = page.read_text(encoding="utf-8")
    assert evidence.medium == "post"
    assert evidence.reference in page.name
    assert "Jan Nowak\nul. Długa 5\n00-001 Warszawa" in text
    assert "&lt;C-2026-000008&gt;" in text


def test_the_same_message_id_is_the_same_page(tmp_path: Path) -> None:
    channel = PostChannel(outbox=tmp_path)
    first = channel.send(TO_JAN, message_id="<8@makegood>")
    again = channel.send(TO_JAN, message_id="<8@makegood>")
    assert first.reference == again.reference
    assert len(list(tmp_path.iterdir())) == 1


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "post").write_text("a file where a folder should be")
    with pytest.raises(ChannelError, match="cannot be written") as refused:
        PostChannel(outbox=tmp_path / "post").send(TO_JAN, message_id="<8@makegood>")
    assert not refused.value.permanent
