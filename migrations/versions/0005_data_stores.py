"""What the data stores of processes hold, beyond the instances that write them."""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"

TEXT = sa.Text().with_variant(sa.Text(collation="C"), "postgresql")


def upgrade() -> None:
    op.create_table(
        "stored_data",
        sa.Column("id", TEXT, nullable=False),
        sa.Column("key", TEXT, server_default="", nullable=False),
        sa.Column("name", TEXT, server_default="", nullable=False),
        sa.Column("value", TEXT, server_default="null", nullable=False),
        sa.Column("written_at", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_data")),
        sa.UniqueConstraint("key", "name", name=op.f("uq_stored_data_key_name")),
    )
