"""The notices that somebody has not read have an index of their own: each page counts them, among all that were ever read."""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"

UNREAD = "read_at IS NULL"


def upgrade() -> None:
    where = sa.text(UNREAD)
    op.create_index("ix_notice_unread", "notice", ["person_id"], sqlite_where=where, postgresql_where=where)
