"""What lies outside the desk and fails: a mail server with moods, and cables to it and to the database that can be cut."""

from __future__ import annotations

import contextlib
import random
import socket
import socketserver
import threading
import time
from collections import Counter
from email import message_from_bytes


class Mail(socketserver.ThreadingTCPServer):
    """Takes letters and counts their Message-IDs; now and then it refuses, or takes one and breaks off before it says so."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, seed: int) -> None:
        super().__init__(("127.0.0.1", 0), Session)
        self.taken: Counter[str] = Counter()
        self.moods = random.Random(seed)
        self.is_well = False
        threading.Thread(target=self.serve_forever, daemon=True).start()

    @property
    def port(self) -> int:
        """Where it listens."""
        return int(self.server_address[1])

    @staticmethod
    def url_of(port: int) -> str:
        """As MAKEGOOD_SMTP_URL has it."""
        return f"smtp://127.0.0.1:{port}?from=desk@example.org&starttls=no"

    def mood(self) -> str:
        """How it treats the next letter."""
        roll = self.moods.random()
        return "takes" if self.is_well or roll > 0.25 else "refuses" if roll > 0.1 else "breaks off"


class Session(socketserver.StreamRequestHandler):
    """One connection of a mail program."""

    def handle(self) -> None:
        """Speak as much SMTP as a letter needs."""
        with contextlib.suppress(OSError):
            self.wfile.write(b"220 here\r\n")
            while line := self.rfile.readline():
                word = line[:4].upper().strip()
                if word == b"DATA":
                    self.wfile.write(b"354 go on\r\n")
                    if not self.letter():
                        return
                else:
                    self.wfile.write(b"221 bye\r\n" if word == b"QUIT" else b"250 ok\r\n")

    def letter(self) -> bool:
        """Take one letter; False where the connection breaks, in the middle or after it."""
        lines = []
        while (line := self.rfile.readline()) != b".\r\n":
            if not line.endswith(b"\r\n"):
                return False  # it broke off before its end, so nobody has got it
            lines.append(line)
        server = self.server
        assert isinstance(server, Mail)
        mood = server.mood()
        if mood == "refuses":
            self.wfile.write(b"451 later\r\n")
            return True
        server.taken[str(message_from_bytes(b"".join(lines))["Message-ID"])] += 1
        if mood == "breaks off":
            return False
        self.wfile.write(b"250 taken\r\n")
        return True


class Cable:
    """A port of this machine that leads to a socket or another port.

    It can be slow, half-open (dead: nothing comes through; mute: no answer comes back) or cut.
    """

    def __init__(self, target: str | tuple[str, int]) -> None:
        self.target = target
        self.delay = 0.0
        self.is_dead = False
        self.is_mute = False
        self._ends: list[socket.socket] = []
        self._held: set[socket.socket] = set()
        self._door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self._door.getsockname()[1]
        threading.Thread(target=self._open, daemon=True).start()

    def hold(self) -> None:
        """Let nothing more come through on the connections of this moment; new ones are well."""
        self._held = set(self._ends)

    def release(self) -> None:
        """Let what was held come through, late."""
        self._held = set()

    def cut(self) -> None:
        """Break every connection off; new ones come through."""
        ends, self._ends = self._ends, []
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()

    def close(self) -> None:
        """Let nobody in any more."""
        self._door.close()
        self.cut()

    def _open(self) -> None:
        with contextlib.suppress(OSError):
            while True:
                near, _ = self._door.accept()
                far = socket.socket(socket.AF_UNIX if isinstance(self.target, str) else socket.AF_INET)
                try:
                    far.connect(self.target)
                except OSError:
                    near.close()
                    far.close()
                    continue
                self._ends += [near, far]
                for one, other, answers in ((near, far, False), (far, near, True)):
                    threading.Thread(target=self._carry, args=(one, other, answers), daemon=True).start()

    def _carry(self, one: socket.socket, other: socket.socket, answers: bool) -> None:
        with contextlib.suppress(OSError):
            while data := one.recv(65536):
                while self.is_dead or (answers and self.is_mute) or one in self._held:
                    time.sleep(0.05)
                if self.delay:
                    time.sleep(self.delay)
                other.sendall(data)
        for end in (one, other):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
