"""Who works here: people, roles, queues, approval levels, absences, sessions, tokens, saved filters."""

from __future__ import annotations

from sqlalchemy import ForeignKey, Index, PrimaryKeyConstraint, Table
from sqlalchemy.schema import Column

from engine.store.tables.columns import Text, count, key, metadata, moment, partial, ref, text

person = Table(
    "person",
    metadata,
    key(),
    Column("login", Text, nullable=False, unique=True),
    text("name"),
    text("email"),
    text("password_hash"),
    text("language", "en"),
    text("zone", "UTC"),
    count("active", 1),
    moment("created_at"),
)
person_role = Table(
    "person_role",
    metadata,
    ref("person_id", "person"),
    text("role"),
    PrimaryKeyConstraint("person_id", "role"),
)
approval_level = Table(
    "approval_level",
    metadata,
    Column("key", Text, primary_key=True),
    text("name"),
    text("max_amount", None),
    count("rank", 0),
)
person_level = Table(
    "person_level",
    metadata,
    ref("person_id", "person"),
    Column("level_key", Text, ForeignKey("approval_level.key"), nullable=False),
    PrimaryKeyConstraint("person_id", "level_key"),
)
queue = Table(
    "queue",
    metadata,
    Column("key", Text, primary_key=True),
    text("name"),
    text("mode", "pick"),
    ref("lead_id", "person", null=True),
)
queue_member = Table(
    "queue_member",
    metadata,
    Column("queue_key", Text, ForeignKey("queue.key"), nullable=False),
    ref("person_id", "person"),
    PrimaryKeyConstraint("queue_key", "person_id"),
    Index("ix_queue_member_person", "person_id"),
)
absence = Table(
    "absence",
    metadata,
    key(),
    ref("person_id", "person", index=True),
    text("first_day"),
    text("last_day"),
    ref("substitute_id", "person", null=True, index=True),
    text("note"),
    moment("cancelled_at", null=True),
)
session = Table(
    "session",
    metadata,
    Column("token_hash", Text, primary_key=True),
    ref("person_id", "person", index=True),
    moment("created_at"),
    moment("seen_at"),
    moment("expires_at"),
    moment("revoked_at", null=True),
)
login_attempt = Table(
    "login_attempt",
    metadata,
    key(),
    text("login"),
    text("address"),
    moment("at"),
    count("ok"),
    Index("ix_login_attempt_login_at", "login", "at"),
)
token = Table(
    "token",
    metadata,
    key(),
    Column("token_hash", Text, nullable=False, unique=True),
    ref("person_id", "person", index=True),
    text("name"),
    moment("created_at"),
    moment("expires_at", null=True),
    moment("used_at", null=True),
    moment("revoked_at", null=True),
)
saved_filter = Table(
    "saved_filter",
    metadata,
    key(),
    ref("person_id", "person"),
    text("kept_list"),
    text("name"),
    text("answers", "{}"),
    Column("queue_key", Text, ForeignKey("queue.key"), nullable=True, index=True),
    moment("created_at"),
    Index("uq_saved_filter_name", "person_id", "kept_list", "name", unique=True),
)
segment = Table(
    "segment",
    metadata,
    Column("key", Text, primary_key=True),
    text("name"),
    text("decision_within"),
    text("priority_lift", "0"),
)
setting = Table(
    "setting",
    metadata,
    Column("key", Text, primary_key=True),
    text("value"),
)
notice = Table(
    "notice",
    metadata,
    key(),
    ref("person_id", "person"),
    ref("case_id", "case_file", null=True, index=True),
    text("task_id", None),
    text("kind"),
    text("params", "{}"),
    moment("created_at"),
    moment("read_at", null=True),
    text("dedupe_key", None),
    Index("ix_notice_person_created", "person_id", "created_at"),
    Index("uq_notice_dedupe", "dedupe_key", unique=True),
    partial("ix_notice_unread", "person_id", where="read_at IS NULL"),
)
