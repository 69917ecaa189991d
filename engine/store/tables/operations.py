"""What operations keep: start timers of deployed processes, moves of running cases to another version, and their outcome."""

from __future__ import annotations

from sqlalchemy import Index, Table, UniqueConstraint
from sqlalchemy import text as sql

from engine.store.tables.columns import count, key, metadata, moment, ref, text

PENDING_START = "state = 'pending' AND due_at IS NOT NULL"
start_timer = Table(
    "start_timer",
    metadata,
    key(),
    ref("deployment_id", "deployment", index=True),
    text("process_id"),
    text("element_id"),
    count("place"),
    moment("due_at", null=True),
    text("state", "pending"),
    text("spec", "{}"),
    moment("armed_at"),
    moment("settled_at", null=True),
    text("case_id", None),
    Index(
        "ix_start_timer_due",
        "due_at",
        "id",
        sqlite_where=sql(PENDING_START),
        postgresql_where=sql(PENDING_START),
    ),
)
migration = Table(
    "migration",
    metadata,
    key(),
    ref("from_deployment_id", "deployment"),
    ref("to_deployment_id", "deployment"),
    text("mapping", "{}"),
    text("reason"),
    text("asked_by", None),
    moment("asked_at"),
    Index("ix_migration_from", "from_deployment_id", "id"),
)
moved_instance = Table(
    "moved_instance",
    metadata,
    key(),
    ref("migration_id", "migration"),
    ref("instance_id", "instance", index=True),
    ref("case_id", "case_file", index=True),
    text("state", "waiting"),
    text("said", "[]"),
    text("before", "{}"),
    count("version"),
    moment("settled_at", null=True),
    UniqueConstraint("migration_id", "instance_id"),
    Index("ix_moved_instance_state", "migration_id", "state", "id"),
)
