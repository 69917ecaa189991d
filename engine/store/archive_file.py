"""An archive is one file with whole cases, each with its digest; the database keeps the digest of the file."""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import zipfile
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from engine.model.archive import ArchiveEvent
from engine.model.errors import Conflict, Invalid, NotFound
from engine.store.archive_rows import Rows, column, text_of
from engine.store.backup import file_trouble
from engine.store.data_folder import put_in_place

MANIFEST = "manifest.json"
FORMAT = 1


@dataclass(frozen=True, slots=True)
class PackedCase:
    """A case in the file: the digest of its rows, and the head of its audit trail."""

    id: str
    number: str
    digest: str
    audit_sequence: int
    audit_hash: str


@dataclass(frozen=True, slots=True)
class Packed:
    """An archive that lies in `path`."""

    archive_id: str
    path: Path
    digest: str
    cases: tuple[PackedCase, ...]


@dataclass(frozen=True, slots=True)
class Label:
    """What a file says of itself."""

    archive_id: str
    before: str
    made_at: datetime


class Writer:
    """Writes an archive beside its place; `finish` puts it there, on the disk for good."""

    def __init__(self, path: Path, label: Label) -> None:
        self._path, self._label = path, label
        self._cases: list[PackedCase] = []
        self._files: set[str] = set()
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            if path.exists():
                raise Conflict("archive_there", "{path} is there already. Try again in a second.", path=str(path))
            opened, name = tempfile.mkstemp(dir=path.parent, prefix=".archive-")
            self._draft, self._file = Path(name), os.fdopen(opened, "w+b")
        except OSError as error:
            raise file_trouble(error, path) from error
        self._zip = zipfile.ZipFile(self._file, "w", zipfile.ZIP_DEFLATED)

    def add(self, found: Rows, files: Iterable[tuple[str, bytes]]) -> None:
        """Add a case with its files."""
        text = text_of(found).encode()
        (case_id,), (number,) = column(found, "case_file", "id"), column(found, "case_file", "number")
        (sequence,), (head,) = column(found, "case_file", "audit_sequence"), column(found, "case_file", "audit_hash")
        try:
            self._zip.writestr(f"cases/{case_id}.json", text)
            for digest, content in files:
                if digest not in self._files:
                    self._files.add(digest)
                    self._zip.writestr(f"files/{digest}", content)
        except OSError as error:
            raise file_trouble(error, self._path) from error
        self._cases.append(PackedCase(case_id, number, hashlib.sha256(text).hexdigest(), sequence, head))

    def finish(self) -> Packed:
        """Write the list of what it holds, and put the file in its place."""
        cases = [
            {
                "id": case.id,
                "number": case.number,
                "digest": case.digest,
                "events": case.audit_sequence,
                "head": case.audit_hash,
            }
            for case in self._cases
        ]
        told = {
            "format": FORMAT,
            "archive": self._label.archive_id,
            "before": self._label.before,
            "made_at": self._label.made_at.isoformat(),
            "cases": cases,
        }
        try:
            self._zip.writestr(MANIFEST, json.dumps(told, ensure_ascii=False, indent=1))
            self._zip.close()
            self._file.close()
            digest = digest_of(self._draft)
            put_in_place(self._draft, self._path)
        except OSError as error:
            raise file_trouble(error, self._path) from error
        return Packed(self._label.archive_id, self._path, digest, tuple(self._cases))

    def discard(self) -> None:
        """Remove the draft, where it was not finished."""
        self._file.close()
        self._draft.unlink(missing_ok=True)


def unpacked(path: Path, event: ArchiveEvent, case_id: str) -> tuple[Rows, Mapping[str, bytes]]:
    """Give a case's rows and files from the archive that was written then; raise Invalid where the file is another or damaged."""
    if not path.is_file():
        raise NotFound(
            "archive_not_found",
            "The archive is not at {path}. Put {file} there, or name its place with --file.",
            path=str(path),
            file=event.file,
        )
    try:
        if digest_of(path) != event.digest:
            raise _refusal(path, event)
        with zipfile.ZipFile(path) as archive:
            told = _manifest(archive)
            text = archive.read(f"cases/{case_id}.json")
            kept = {case["id"]: case["digest"] for case in told["cases"]}
            if hashlib.sha256(text).hexdigest() != kept[case_id]:
                raise _damaged(path)
            found: Rows = json.loads(text)
            names = set(archive.namelist())
            digests = set(column(found, "attachment", "digest"))
            files = {digest: archive.read(f"files/{digest}") for digest in digests if f"files/{digest}" in names}
    except OSError as error:
        raise file_trouble(error, path) from error
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError) as error:
        raise _damaged(path) from error
    return found, files


def digest_of(path: Path) -> str:
    """The SHA-256 of a file in hex."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _manifest(archive: zipfile.ZipFile) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(archive.read(MANIFEST))
    return told


def _refusal(path: Path, event: ArchiveEvent) -> Invalid:
    """The file is not the one that was written: another archive, or one that changed since."""
    try:
        with zipfile.ZipFile(path) as archive:
            name = _manifest(archive)["archive"]
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError):
        return _damaged(path)
    if name == event.id:
        return _damaged(path)
    return Invalid(
        "archive_foreign",
        "{path} is another archive, not {file} of {day}. Name the right file with --file; nothing was changed.",
        path=str(path),
        file=event.file,
        day=event.at.date().isoformat(),
    )


def _damaged(path: Path) -> Invalid:
    return Invalid(
        "archive_damaged",
        "{path} was changed or damaged since it was written. Take a good copy of it; nothing was changed.",
        path=str(path),
    )
