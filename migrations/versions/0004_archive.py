"""Archived cases and the chain of archivings; anchors outlive the cases they sealed; what refers to a case is found by index."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")
INDEXES = (
    ("case_file", "complainant_id"),
    ("attachment", "digest"),
    ("decision_record", "instance_id"),
    ("moved_instance", "case_id"),
)


def upgrade() -> None:
    op.create_table(
        "archive_event",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=True),
        sa.Column("kind", TEXT, server_default="", nullable=False),
        sa.Column("file", TEXT, server_default="", nullable=False),
        sa.Column("digest", TEXT, server_default="", nullable=False),
        sa.Column("cases", sa.Integer(), server_default="0", nullable=False),
        sa.Column("before_on", TEXT, nullable=True),
        sa.Column("number", TEXT, nullable=True),
        sa.Column("actor_id", TEXT, nullable=True),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("previous_hash", TEXT, server_default="", nullable=False),
        sa.Column("hash", TEXT, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archive_event")),
    )
    op.create_index("uq_archive_event_sequence", "archive_event", ["sequence"], unique=True)
    op.create_table(
        "archived_case",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("number", TEXT, nullable=False),
        sa.Column("source", TEXT, nullable=True),
        sa.Column("reference", TEXT, nullable=True),
        sa.Column("archive_id", TEXT, nullable=False),
        sa.Column("audit_sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("audit_hash", TEXT, server_default="", nullable=False),
        sa.ForeignKeyConstraint(
            ["archive_id"], ["archive_event.id"], name=op.f("fk_archived_case_archive_id_archive_event")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_archived_case")),
    )
    op.create_index("uq_archived_case_number", "archived_case", ["number"], unique=True)
    op.create_index("ix_archived_case_archive_id", "archived_case", ["archive_id"], unique=False)
    op.create_index("ix_archived_case_source", "archived_case", ["source", "reference"], unique=False)
    for table, column in INDEXES:
        op.create_index(f"ix_{table}_{column}", table, [column], unique=False)
    free_anchors()


def free_anchors() -> None:
    """Let the heads that anchors sealed stay when their case goes; SQLite drops no constraint, so the table is made anew."""
    if op.get_bind().dialect.name == "postgresql":
        op.drop_constraint("fk_anchor_head_case_id_case_file", "anchor_head", type_="foreignkey")
        return
    op.create_table(
        "anchor_head_new",
        sa.Column("day", TEXT, server_default="", nullable=False),
        sa.Column("case_id", TEXT, nullable=False),
        sa.Column("sequence", sa.Integer(), server_default="0", nullable=False),
        sa.Column("hash", TEXT, server_default="", nullable=False),
        sa.PrimaryKeyConstraint("day", "case_id", name="pk_anchor_head"),
    )
    op.execute("INSERT INTO anchor_head_new SELECT day, case_id, sequence, hash FROM anchor_head")
    op.drop_table("anchor_head")
    op.rename_table("anchor_head_new", "anchor_head")
    op.create_index("ix_anchor_head_case", "anchor_head", ["case_id", "sequence"], unique=False)
