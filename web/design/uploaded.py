"""Uploaded files become the files of a deployment: a zip is opened within bounds, and each file finds its place by its name."""

from __future__ import annotations

import hashlib
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path, PurePosixPath

from werkzeug.datastructures import FileStorage

from engine.model.errors import Conflict, FieldError, Invalid, Message

LARGEST_FILE = 10_000_000
LARGEST_WHOLE = 20_000_000
MOST_FILES = 300
KEPT = timedelta(days=1)
_LEFT_OUT = (".toml", ".md")
_FOLDERS = {".json": "forms/", ".txt": "letters/", ".bpmn": "", ".bpmn2": "", ".xml": "", ".dmn": ""}


def files_of(uploads: Iterable[FileStorage]) -> dict[str, bytes]:
    """The files by their place in a deployment; raises Invalid naming what does not belong."""
    found: dict[str, bytes] = {}
    total = 0
    for name, content in _unpacked(uploads):
        place = place_of(name)
        if place is None:
            continue
        if place in found and found[place] != content:
            raise _refused("upload_twice", "Two different files would be {name}. Upload one of them.", name=place)
        found[place] = content
        total += len(content)
        if total > LARGEST_WHOLE or len(found) > MOST_FILES:
            raise _refused(
                "upload_large",
                "These are more than {count} files or {size} MB. Upload one process at a time.",
                count=MOST_FILES,
                size=LARGEST_WHOLE // 1_000_000,
            )
    if not found:
        raise _refused("upload_empty", "Choose diagrams, tables, forms or letters, or a zip of them.")
    return found


def place_of(name: str) -> str | None:
    """Where a file belongs by its ending: forms/, letters/ or the top; None for what is no part of a deployment."""
    path = PurePosixPath(name.replace("\\", "/"))
    if path.name.startswith(".") or "__MACOSX" in path.parts or path.suffix.lower() in _LEFT_OUT:
        return None
    folder = _FOLDERS.get(path.suffix.lower())
    if folder is None:
        raise _refused(
            "upload_kind",
            "{name} does not belong to a process. Upload .bpmn, .dmn, .json (forms), .txt (letters) or a .zip of them.",
            name=path.name,
        )
    return folder + path.name


def _unpacked(uploads: Iterable[FileStorage]) -> Iterator[tuple[str, bytes]]:
    for upload in uploads:
        name = upload.filename or ""
        if not name:
            continue
        content = upload.stream.read(LARGEST_WHOLE + 1)
        if name.lower().endswith(".zip"):
            yield from _members(name, content)
        else:
            yield name, _within(name, content)


def _members(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """The files of a zip; what it claims about sizes is not believed."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
            if len(members) > MOST_FILES:
                raise _refused("upload_many", "{name} holds more than {count} files.", name=name, count=MOST_FILES)
            for member in members:
                if member.flag_bits & 0x1:
                    raise _refused("upload_secret", "{name} is encrypted. Upload it without a password.", name=name)
                with archive.open(member) as file:
                    yield member.filename, _within(member.filename, file.read(LARGEST_FILE + 1))
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, OSError) as error:
        raise _refused("upload_zip", "{name} is no zip that can be opened. Pack it again.", name=name) from error


def _within(name: str, content: bytes) -> bytes:
    if len(content) > LARGEST_FILE:
        raise _refused(
            "upload_file_large", "{name} is larger than {size} MB.", name=name, size=LARGEST_FILE // 1_000_000
        )
    return content


def keep(folder: Path, files: Mapping[str, bytes], now: datetime) -> str:
    """Keep checked files until they are deployed, at most a day; give the name under which they are found."""
    content = packed(files)
    mark = hashlib.sha256(content).hexdigest()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        forget_old(folder, now)
        unfinished = folder / f"{mark}.part"
        unfinished.write_bytes(content)
        unfinished.replace(folder / f"{mark}.zip")
    except OSError as error:
        raise Conflict(
            "upload_not_kept",
            "The files could not be put aside ({reason}); nothing was deployed. Make room and upload them again.",
            reason=error.strerror or type(error).__name__,
        ) from error
    return mark


def kept(folder: Path, mark: str) -> dict[str, bytes]:
    """The files that were put aside; raises Conflict where they are gone."""
    path = folder / f"{mark}.zip"
    if len(mark) != 64 or not set(mark) <= set("0123456789abcdef") or not path.is_file():
        raise Conflict("upload_gone", "The checked files are not there any more. Upload them again.")
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def forget_old(folder: Path, now: datetime) -> None:
    """Remove what was put aside more than a day ago."""
    for path in folder.glob("*.zip"):
        with suppress(OSError):  # another request may have removed it
            if path.stat().st_mtime < (now - KEPT).timestamp():
                path.unlink()


def packed(files: Mapping[str, bytes]) -> bytes:
    """A zip of the files; equal files give equal bytes."""
    room = io.BytesIO()
    with zipfile.ZipFile(room, "w", zipfile.ZIP_DEFLATED) as archive:
        for name in sorted(files):
            archive.writestr(zipfile.ZipInfo(name), files[name], zipfile.ZIP_DEFLATED)
    return room.getvalue()


def _refused(code: str, template: str, /, **params: object) -> Invalid:
    fault = FieldError("files", Message(code, template, params))
    return Invalid(code, template, fields=[fault], **params)
