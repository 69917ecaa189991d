"""An attachment is of a permitted type and size, kept once under its hash, and never run or shown inline as a page."""

from __future__ import annotations

import hashlib
from pathlib import PurePosixPath

from engine.actions.case_record import lock
from engine.actions.permission import require_back_office, require_case
from engine.model.case import Attachment, AttachmentContent
from engine.model.errors import FieldError, Invalid, Message
from engine.store import rows
from engine.store.transaction import Tx

LONGEST_NAME = 200
LARGEST = 10 * 1024 * 1024
TYPES = {
    ".pdf": "application/pdf",
    ".png": "image/png",
    ".jpg": "image/jpeg",
    ".jpeg": "image/jpeg",
    ".webp": "image/webp",
    ".heic": "image/heic",
    ".txt": "text/plain",
    ".csv": "text/csv",
    ".eml": "message/rfc822",
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".mp4": "video/mp4",
    ".zip": "application/zip",
}


def attach_file(tx: Tx, case_id: str, *, name: str, content: bytes, task_id: str | None = None) -> Attachment:
    """Attach a file to a case; raises Invalid for a type or size that is not permitted."""
    require_back_office(tx)
    record = lock(tx, case_id)
    require_case(tx, record.case)
    clean = clean_name(name)
    _refuse_faults(clean, content)
    digest = hashlib.sha256(content).hexdigest()
    if rows.maybe(tx, AttachmentContent, digest) is None:
        rows.insert(tx, AttachmentContent(digest=digest, content=content))
    attachment = Attachment(
        id=tx.new_id(),
        case_id=case_id,
        task_id=task_id,
        name=clean,
        media_type=TYPES[PurePosixPath(clean).suffix.lower()],
        size=len(content),
        digest=digest,
        author_id=tx.actor.person_id,
        created_at=tx.now,
    )
    rows.insert(tx, attachment)
    record.note("attached", attachment=attachment.id, digest=digest, size=len(content))
    record.flush()
    return attachment


def clean_name(name: str) -> str:
    """The last part of the name, without characters that hide or turn round what it says; its ending stays."""
    last = PurePosixPath(name.replace("\\", "/")).name
    shown = "".join(letter for letter in last if letter.isprintable()).strip()
    return shown if len(shown) <= LONGEST_NAME else shown[: LONGEST_NAME - 10] + shown[-10:]


def _refuse_faults(name: str, content: bytes) -> None:
    """Raise Invalid for an empty file, one that is too large, or a type that is not permitted."""
    fault: Message | None = None
    if not content:
        fault = Message("file_empty", "“{name}” is empty. Choose the file again.", {"name": name or "–"})
    elif len(content) > LARGEST:
        params = {"name": name, "most": LARGEST // 1024 // 1024}
        fault = Message("file_too_large", "“{name}” is larger than {most} MB. Make it smaller or split it.", params)
    elif PurePosixPath(name).suffix.lower() not in TYPES:
        known = ", ".join(sorted(TYPES))
        fault = Message(
            "file_type", "“{name}” is not of a permitted type. Permitted are {known}.", {"name": name, "known": known}
        )
    if fault is not None:
        raise Invalid("attachment_invalid", "The file cannot be attached.", fields=[FieldError("file", fault)])
