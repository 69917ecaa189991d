"""Letters reach a mail server once, with headers that nobody can smuggle into; without a server they are files."""

from __future__ import annotations

import email
import email.policy
import socketserver
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from engine.channels.email import EmailChannel
from engine.channels.email.server import server_of
from engine.model.errors import ChannelError, Invalid
from engine.model.ports import Envelope

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
TO_ZOFIA = Envelope(
    recipient="zofia@example.org",
    recipient_name="Zofia Król",
    subject="We have your complaint C-2026-000007",
    body="Dear Zofia,\n\nyour kettle is with us: ąęść.\n",
    language="pl",
    case_number="C-2026-000007",
)


class Conversation(socketserver.StreamRequestHandler):
    """A mail server that takes what it is told to take."""

    def handle(self) -> None:
        told: dict[str, str] = self.server.answers  # type: ignore[attr-defined]  # set by the fixture
        self.say("220 ready")
        while line := self.rfile.readline():
            verb = line.decode().strip()[:4].upper()
            if verb == "DATA":
                self.say("354 go on")
                letter = b""
                while (part := self.rfile.readline()) != b".\r\n":
                    letter += part
                self.server.letters.append(letter)  # type: ignore[attr-defined]  # set by the fixture
            self.say(told.get(verb, "250 fine"))
            if verb == "QUIT":
                return

    def say(self, text: str) -> None:
        self.wfile.write(f"{text}\r\n".encode())


@pytest.fixture
def server() -> Iterator[socketserver.ThreadingTCPServer]:
    """A mail server on this machine; `answers` says how it answers a verb, `letters` are what it took."""
    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Conversation) as listening:
        listening.daemon_threads = True
        listening.answers = {}  # type: ignore[attr-defined]  # read by Conversation
        listening.letters = []  # type: ignore[attr-defined]  # written by Conversation
        thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
        thread.start()
        yield listening
        listening.shutdown()
        thread.join()


def channel_to(server: socketserver.ThreadingTCPServer) -> EmailChannel:
    address = f"smtp://127.0.0.1:{server.server_address[1]}?from=desk@example.org"
    return EmailChannel(server=server_of(address), clock=lambda: NOON)


def test_a_letter_reaches_the_mail_server_with_its_message_id(server: socketserver.ThreadingTCPServer) -> None:
    evidence = channel_to(server).send(TO_ZOFIA, message_id="<7@makegood>")
    letter = email.message_from_bytes(server.letters[0], policy=email.policy.default)  # type: ignore[attr-defined]  # the fixture's
    assert evidence.accepted_at == NOON
    assert letter["Message-ID"] == "<7@makegood>"
    assert letter["To"] == "Zofia Król <zofia@example.org>"
    assert "ąęść" in letter.get_content()


def test_a_refused_address_is_permanent_and_said_so(server: socketserver.ThreadingTCPServer) -> None:
    server.answers["RCPT"] = "550 no such person"  # type: ignore[attr-defined]  # the fixture's
    with pytest.raises(ChannelError, match="550 no such person") as refused:
        channel_to(server).send(TO_ZOFIA, message_id="<7@makegood>")
    assert refused.value.permanent


def test_a_busy_mail_server_is_worth_another_try(server: socketserver.ThreadingTCPServer) -> None:
    server.answers["RCPT"] = "451 come back later"  # type: ignore[attr-defined]  # the fixture's
    with pytest.raises(ChannelError, match="come back later") as deferred:
        channel_to(server).send(TO_ZOFIA, message_id="<7@makegood>")
    assert not deferred.value.permanent


def test_a_mail_server_that_is_away_is_worth_another_try() -> None:
    channel = EmailChannel(server=server_of("smtp://127.0.0.1:9"), clock=lambda: NOON)
    with pytest.raises(ChannelError, match="tried again later") as away:
        channel.send(TO_ZOFIA, message_id="<7@makegood>")
    assert not away.value.permanent


def test_without_a_server_a_letter_is_one_file_however_often_it_is_sent(tmp_path: Path) -> None:
    channel = EmailChannel(clock=lambda: NOON).configured(smtp_url="", data_dir=tmp_path)
    for _ in range(2):
        channel.send(TO_ZOFIA, message_id="<7@makegood>")
    (found,) = (tmp_path / "outbox").iterdir()
    letter = email.message_from_bytes(found.read_bytes(), policy=email.policy.default)
    assert found.suffix == ".eml"
    assert letter["Subject"] == "We have your complaint C-2026-000007"


@pytest.mark.parametrize("address", ["", "nobody", "@example.org", "a b"])
def test_what_is_no_address_gets_a_sentence(address: str, tmp_path: Path) -> None:
    channel = EmailChannel(outbox=tmp_path)
    with pytest.raises(ChannelError, match="no e-mail address") as wrong:
        channel.send(Envelope(recipient=address, subject="Hello"), message_id="<8@makegood>")
    assert wrong.value.permanent
    assert not wrong.value.message.params, "an address is a personal value and stays out of incidents"
    assert not list(tmp_path.iterdir())


def test_a_line_break_in_a_subject_begins_no_header(tmp_path: Path) -> None:
    channel = EmailChannel(outbox=tmp_path)
    sly = Envelope(recipient="jan@example.org", subject="Kettle\r\nBcc: all@example.org", body="Hello")
    channel.send(sly, message_id="<9@makegood>")
    letter = email.message_from_bytes(next(tmp_path.iterdir()).read_bytes(), policy=email.policy.default)
    assert letter["Bcc"] is None
    assert letter["Subject"] == "Kettle Bcc: all@example.org"


def test_a_message_id_chooses_no_other_folder(tmp_path: Path) -> None:
    outbox = tmp_path / "outbox"
    EmailChannel(outbox=outbox).send(TO_ZOFIA, message_id="<../../etc/passwd@x>")
    assert len(list(outbox.iterdir())) == 1


def test_an_outbox_that_cannot_be_written_is_said(tmp_path: Path) -> None:
    (tmp_path / "outbox").write_text("a file where a folder should be")
    with pytest.raises(ChannelError, match="cannot be written"):
        EmailChannel(outbox=tmp_path / "outbox").send(TO_ZOFIA, message_id="<7@makegood>")


def test_the_url_says_how_to_sign_in_and_who_sends() -> None:
    server = server_of("smtp://desk%40example.org:s%3Ac@mail.example.org")
    assert (server.port, server.username, server.password) == (587, "desk@example.org", "s:c")
    assert (server.starttls, server.sender) == ("required", "desk@example.org")
    assert server_of("smtps://mail.example.org").port == 465


def test_an_unknown_option_of_the_url_is_refused() -> None:
    with pytest.raises(Invalid, match="bcc"):
        server_of("smtp://mail.example.org?bcc=all@example.org")
