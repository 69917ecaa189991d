"""Fewer trees to write for each step: rows lie in their key's own tree on SQLite, and no index is kept that another one serves."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"

Constraints = Sequence[sa.Constraint]
KEYS: Mapping[str, tuple[str, ...]] = {
    "audit_event": ("case_id", "sequence"),
    "path_event": ("instance_id", "id"),
    "timer": ("id",),
    "task": ("id",),
    "subscription": ("id",),
    "job": ("id",),
    "idempotency_key": ("actor_id", "route", "key"),
}
REFERENCES: Mapping[str, Mapping[str, str]] = {
    "audit_event": {"case_id": "case_file"},
    "path_event": {"instance_id": "instance"},
    "timer": {"case_id": "case_file"},
    "task": {"case_id": "case_file", "owner_id": "person"},
    "subscription": {"case_id": "case_file"},
    "job": {"case_id": "case_file"},
    "idempotency_key": {},
}
OF_INSTANCE = ("task", "timer", "subscription")
OF_WAIT = ("case_id", "instance_id", "wait_id")
REPLACED = (
    "ix_task_open_owner",
    "ix_task_open_queue",
    "ix_task_case_id",
    "ix_subscription_case_id",
    "ix_path_event_instance_id",
    "ix_timer_case_clock",
    "uq_job_dedupe",
)
OPEN_STATES = "('ready','reserved','in_progress','suspended','created')"
WATCHED = "kind IN ('escalated','clock_lapsed','nobody_to_escalate_to','level_raised')"
KEPT: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "ix_timer_pending_due": ("timer", ("due_at", "id"), "state = 'pending' AND due_at IS NOT NULL"),
    "ix_subscription_open_name": ("subscription", ("name", "correlation"), "state = 'open'"),
    "ix_job_case_id": ("job", ("case_id",), ""),
    "ix_job_due": ("job", ("due_at", "id"), "state = 'pending'"),
    "ix_job_running": ("job", ("leased_until",), "state = 'running'"),
}
NEW: Mapping[str, tuple[str, tuple[str, ...], str]] = {
    "ix_task_open_owner": ("task", ("owner_id", "due_at", "id"), "closed_at IS NULL"),
    "ix_task_open_queue": ("task", ("queue", "owner_id", "due_at", "id"), "closed_at IS NULL"),
    "ix_audit_event_watched": ("audit_event", ("id",), WATCHED),
    "ix_timer_pending_clock": ("timer", ("case_id", "clock_key"), "state = 'pending' AND clock_key <> ''"),
    "uq_job_dedupe": ("job", ("dedupe_key",), "dedupe_key IS NOT NULL"),
}


def upgrade() -> None:
    settle_states()
    op.drop_index("ix_clock_case_id", "clock")
    op.drop_index("ix_instance_case_id", "instance")
    op.create_index("uq_instance_case_id", "instance", ["case_id", "id"], unique=True)
    if op.get_bind().dialect.name == "postgresql":
        change_keys()
        make(NEW)
        return
    for table in KEYS:
        rebuild(table)
    make({**KEPT, **NEW})


def settle_states() -> None:
    """A task is open until it is closed, by its state and by its time alike: indexes ask for the time."""
    op.execute(f"UPDATE task SET closed_at = created_at WHERE closed_at IS NULL AND state NOT IN {OPEN_STATES}")
    op.execute(f"UPDATE task SET closed_at = NULL WHERE closed_at IS NOT NULL AND state IN {OPEN_STATES}")


def change_keys() -> None:
    """PostgreSQL changes its tables where they are."""
    for index in REPLACED:
        op.drop_index(index)
    for table in ("audit_event", "path_event"):
        op.drop_constraint(f"pk_{table}", table, type_="primary")
        op.create_primary_key(f"pk_{table}", table, list(KEYS[table]))
    op.drop_constraint("uq_audit_event_case_id_sequence", "audit_event", type_="unique")
    for table in OF_INSTANCE:
        op.drop_constraint(f"uq_{table}_instance_id_wait_id", table, type_="unique")
        op.drop_constraint(f"fk_{table}_instance_id_instance", table, type_="foreignkey")
        op.create_foreign_key(
            f"fk_{table}_case_id_instance", table, "instance", ["case_id", "instance_id"], ["case_id", "id"]
        )
        op.create_unique_constraint(f"uq_{table}_{'_'.join(OF_WAIT)}", table, list(OF_WAIT))


def rebuild(name: str) -> None:
    """SQLite makes a table anew, its rows in the order in which they lie there, and drops the old one with its indexes.

    The history keeps its rows in the order of time: put between those of other cases, events of this size would move many.
    """
    is_history = name == "audit_event"
    old = sa.Table(name, sa.MetaData(), autoload_with=op.get_bind(), resolve_fks=False)
    columns = [same(each) for each in old.columns]
    op.create_table(f"{name}_new", *columns, *constraints(name), sqlite_with_rowid=is_history)
    listed = ", ".join(f'"{each.name}"' for each in columns)
    order = "id" if is_history else ", ".join(KEYS[name])
    op.execute(f"INSERT INTO {name}_new ({listed}) SELECT {listed} FROM {name} ORDER BY {order}")
    op.drop_table(name)
    op.rename_table(f"{name}_new", name)


def same(column: sa.Column[Any]) -> sa.Column[Any]:
    """A column as it was, without its table."""
    return sa.Column(column.name, column.type, server_default=column.server_default, nullable=column.nullable)


def constraints(table: str) -> Constraints:
    """Its key, what is unique in it, and what it refers to."""
    found: list[sa.Constraint] = [sa.PrimaryKeyConstraint(*KEYS[table], name=f"pk_{table}")]
    for column, target in REFERENCES[table].items():
        found.append(sa.ForeignKeyConstraint([column], [f"{target}.id"], name=f"fk_{table}_{column}_{target}"))
    if table in OF_INSTANCE:
        found.append(sa.UniqueConstraint(*OF_WAIT, name=f"uq_{table}_{'_'.join(OF_WAIT)}"))
        both = ["case_id", "instance_id"], ["instance.case_id", "instance.id"]
        found.append(sa.ForeignKeyConstraint(*both, name=f"fk_{table}_case_id_instance"))
    return found


def make(indexes: Mapping[str, tuple[str, tuple[str, ...], str]]) -> None:
    """Make indexes over all rows, or over those that meet a condition."""
    for name, (table, columns, condition) in indexes.items():
        where = sa.text(condition) if condition else None
        unique = name.startswith("uq_")
        op.create_index(name, table, list(columns), unique=unique, sqlite_where=where, postgresql_where=where)
