"""A comment belongs to a case and its author; it is never shown to customers."""

from __future__ import annotations

from engine.actions.case_record import lock
from engine.actions.permission import require_back_office, require_case, require_signed_in
from engine.model.case import Comment
from engine.model.errors import FieldError, Invalid, Message
from engine.store import rows
from engine.store.transaction import Tx

LONGEST = 10_000


def comment_case(tx: Tx, case_id: str, *, body: str) -> Comment:
    """Add a comment; raises Invalid for an empty or over-long one."""
    author = require_signed_in(tx)
    require_back_office(tx)
    record = lock(tx, case_id)
    require_case(tx, record.case)
    text = body.strip()
    if not text or len(text) > LONGEST:
        fault = Message("comment_length", "Write between 1 and {most} characters.", {"most": LONGEST})
        raise Invalid("comment_invalid", "The comment cannot be saved.", fields=[FieldError("body", fault)])
    comment = Comment(id=tx.new_id(), case_id=case_id, author_id=author, body=text, created_at=tx.now)
    rows.insert(tx, comment)
    record.note("commented", comment=comment.id)
    record.flush()
    return comment
