"""A request waits here until all of it has come, in memory or in a file; meanwhile no thread waits for it."""

from __future__ import annotations

import re
from io import BytesIO
from tempfile import SpooledTemporaryFile
from typing import IO

IN_MEMORY = 64 * 1024
"""Bytes of a request beyond which it lies in a file, and of its head beyond which nobody waits for its end."""
_END = b"\r\n\r\n"
_LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,18})[ \t]*\r\n")
_CHUNKED = b"\r\ntransfer-encoding:"
_EXPECTS = re.compile(rb"\r\nexpect:[ \t]*100-continue[ \t]*\r\n")
_SIZE = re.compile(rb"[0-9a-fA-F]{1,15}")


class Chunks:
    """Finds the end of a body that comes in chunks, without keeping it."""

    def __init__(self) -> None:
        self._line = b""
        self._left = 0
        self._is_trailer = False

    def end_in(self, data: bytes) -> int | None:
        """Where the body ends in what comes next, or None where it goes on; what is no chunk ends it."""
        at = 0
        while at < len(data):
            if self._left:
                step = min(self._left, len(data) - at)
                self._left -= step
                at += step
                continue
            line_end = data.find(b"\n", at) + 1
            self._line += data[at : line_end or len(data)]
            at = line_end or len(data)
            if (line_end and self._ends_with_line()) or len(self._line) > IN_MEMORY:
                return at
        return None

    def _ends_with_line(self) -> bool:
        """Read a whole line: the size of a chunk, or a trailer, of which an empty one is the end."""
        line, self._line = self._line.strip(), b""
        if self._is_trailer:
            return not line
        size = _SIZE.match(line)
        if size is None:
            return True
        self._is_trailer = int(size[0], 16) == 0
        self._left = 0 if self._is_trailer else int(size[0], 16) + 2
        return False


class Arriving:
    """What has come over one connection: a request, and perhaps the beginning of the next one.

    It only finds where a request ends; the parser, which reads it from here like from a socket, judges it.
    """

    def __init__(self, largest: int) -> None:
        """Take bodies of so many bytes; of what is larger only the beginning is handed on, `is_cut`.

        `body` is that of a request which came in one piece, as its head measures it.
        """
        self._largest = largest
        self._rest = b""
        self._begin()

    def _begin(self) -> None:
        self._kept: IO[bytes] | None = None
        self._left = 0
        self._chunks: Chunks | None = None
        self.size = 0
        self.body: bytes | None = None
        self.is_whole = self.is_cut = self.waits_for_word = False

    @property
    def has_begun(self) -> bool:
        """Whether anything of a request has come."""
        return self._kept is not None or bool(self._rest)

    @property
    def has_head(self) -> bool:
        """Whether the head of a request has come."""
        return self._kept is not None

    @property
    def is_small_post(self) -> bool:
        """Whether the whole request changes something, as its first word says, and lies in memory."""
        return self.size <= IN_MEMORY and isinstance(self._kept, BytesIO) and self._kept.getvalue()[:5] == b"POST "

    def add(self, data: bytes) -> bool:
        """Take what has come; tell whether the request is there as a whole, or its head has no end."""
        if self._kept is None:
            searched = max(0, len(self._rest) - 3)
            self._rest += data
            self._look_for_head(searched)
        else:
            self._take(data)
        return self.is_whole

    def recv(self, size: int) -> bytes:
        """Give the next bytes of the request, as a socket would."""
        return b"" if self._kept is None else self._kept.read(size)

    def rewind(self) -> None:
        """Let the request be read once more."""
        if self._kept is not None:
            self._kept.seek(0)

    def end(self) -> None:
        """Leave everything behind."""
        self._rest = b""
        self._leave()

    def _leave(self) -> None:
        if self._kept is not None:
            self._kept.close()
        self._begin()

    def go_on(self) -> bool:
        """Leave the request behind; tell whether the next one is already there as a whole."""
        self._leave()
        if self._rest:
            self._look_for_head(0)
        return self.is_whole

    def _look_for_head(self, searched: int) -> None:
        end = self._rest.find(_END, searched) + len(_END)
        if end >= len(_END):
            self._read_head(end)
        elif len(self._rest) > IN_MEMORY:
            self.is_whole = True

    def _read_head(self, end: int) -> None:
        come, self._rest = self._rest, b""
        head = come[: end - 2].lower()
        length = _LENGTH.search(head)
        if _CHUNKED in head:
            self._chunks = Chunks()
        elif length is None or len(come) >= end + int(length[1]):
            head_end, end = end, end + (0 if length is None else int(length[1]))
            self.body, self._rest = come[head_end:end], come[end:]
            self._kept, self.size, self.is_whole = BytesIO(come[:end]), end, True
            return
        else:
            self._left = int(length[1])
        self._kept = SpooledTemporaryFile(max_size=IN_MEMORY)  # noqa: SIM115  # it is closed when the request is left behind
        self._keep(come[:end])
        if self._left > self._largest:
            self._end(cut=True)
            return
        self.waits_for_word = len(come) == end and _EXPECTS.search(head) is not None
        self._take(come[end:])

    def _take(self, data: bytes) -> None:
        """Keep what is the request's own, and leave the rest for the next one."""
        if self._chunks is None:
            here = min(self._left, len(data))
            self._left -= here
            is_last = not self._left
        else:
            found = self._chunks.end_in(data)
            here, is_last = (len(data), False) if found is None else (found, True)
        self._keep(data[:here])
        self._rest += data[here:]
        if is_last or self.size > self._largest + IN_MEMORY:
            self._end(cut=not is_last)

    def _keep(self, data: bytes) -> None:
        if self._kept is not None:
            self._kept.write(data)
            self.size += len(data)

    def _end(self, *, cut: bool) -> None:
        self.is_whole, self.is_cut = True, cut
        self.rewind()
