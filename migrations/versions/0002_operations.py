"""What operations keep: start timers, moves of running cases to another version, and what a suspended task was before."""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    pending = sa.text("state = 'pending' AND due_at IS NOT NULL")
    op.add_column("task", sa.Column("state_before", TEXT, server_default="", nullable=False))
    op.create_table(
        "start_timer",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("deployment_id", TEXT, nullable=False),
        sa.Column("process_id", TEXT, server_default="", nullable=False),
        sa.Column("element_id", TEXT, server_default="", nullable=False),
        sa.Column("place", sa.Integer(), server_default="0", nullable=False),
        sa.Column("due_at", sa.BigInteger(), nullable=True),
        sa.Column("state", TEXT, server_default="pending", nullable=False),
        sa.Column("spec", TEXT, server_default="{}", nullable=False),
        sa.Column("armed_at", sa.BigInteger(), nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.Column("case_id", TEXT, nullable=True),
        sa.ForeignKeyConstraint(
            ["deployment_id"], ["deployment.id"], name=op.f("fk_start_timer_deployment_id_deployment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_start_timer")),
    )
    op.create_index(op.f("ix_start_timer_deployment_id"), "start_timer", ["deployment_id"], unique=False)
    op.create_index(
        "ix_start_timer_due",
        "start_timer",
        ["due_at", "id"],
        unique=False,
        sqlite_where=pending,
        postgresql_where=pending,
    )
    op.create_table(
        "migration",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("from_deployment_id", TEXT, nullable=False),
        sa.Column("to_deployment_id", TEXT, nullable=False),
        sa.Column("mapping", TEXT, server_default="{}", nullable=False),
        sa.Column("reason", TEXT, server_default="", nullable=False),
        sa.Column("asked_by", TEXT, nullable=True),
        sa.Column("asked_at", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(
            ["from_deployment_id"], ["deployment.id"], name=op.f("fk_migration_from_deployment_id_deployment")
        ),
        sa.ForeignKeyConstraint(
            ["to_deployment_id"], ["deployment.id"], name=op.f("fk_migration_to_deployment_id_deployment")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_migration")),
    )
    op.create_index("ix_migration_from", "migration", ["from_deployment_id", "id"], unique=False)
    op.create_table(
        "moved_instance",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("migration_id", TEXT, nullable=False),
        sa.Column("instance_id", TEXT, nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("state", TEXT, server_default="waiting", nullable=False),
        sa.Column("said", TEXT, server_default="[]", nullable=False),
        sa.Column("before", TEXT, server_default="{}", nullable=False),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("settled_at", sa.BigInteger(), nullable=True),
        sa.ForeignKeyConstraint(["case_id"], ["case_file.id"], name=op.f("fk_moved_instance_case_id_case_file")),
        sa.ForeignKeyConstraint(["instance_id"], ["instance.id"], name=op.f("fk_moved_instance_instance_id_instance")),
        sa.ForeignKeyConstraint(
            ["migration_id"], ["migration.id"], name=op.f("fk_moved_instance_migration_id_migration")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_moved_instance")),
        sa.UniqueConstraint("migration_id", "instance_id", name=op.f("uq_moved_instance_migration_id_instance_id")),
    )
    op.create_index(op.f("ix_moved_instance_instance_id"), "moved_instance", ["instance_id"], unique=False)
    op.create_index("ix_moved_instance_state", "moved_instance", ["migration_id", "state", "id"], unique=False)
