"""What is left of archived cases: their numbers, the heads of their trails, and the chain of archivings."""

from __future__ import annotations

from sqlalchemy import Index, Table
from sqlalchemy.schema import Column

from engine.store.tables.columns import Text, count, key, metadata, moment, ref, text

archive_event = Table(
    "archive_event",
    metadata,
    key(),
    count("sequence", None),
    text("kind"),
    text("file"),
    text("digest"),
    count("cases"),
    text("before_on", None),
    text("number", None),
    text("actor_id", None),
    moment("at"),
    text("previous_hash"),
    text("hash"),
    Index("uq_archive_event_sequence", "sequence", unique=True),
)
archived_case = Table(
    "archived_case",
    metadata,
    key(),
    Column("number", Text, nullable=False),
    text("source", None),
    text("reference", None),
    ref("archive_id", "archive_event", index=True),
    count("audit_sequence"),
    text("audit_hash"),
    Index("uq_archived_case_number", "number", unique=True),
    Index("ix_archived_case_source", "source", "reference"),
)
