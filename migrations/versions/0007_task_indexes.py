"""Open tasks have an index for each way in which lists read them: by owner, free or held in a queue, by name."""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"

OPEN = "closed_at IS NULL"
INDEXES = {
    "ix_task_open_owner": (["owner_id", "due_at", "id"], f"{OPEN} AND owner_id IS NOT NULL"),
    "ix_task_free_queue": (["queue", "due_at", "id"], f"{OPEN} AND owner_id IS NULL"),
    "ix_task_held_queue": (["queue", "due_at", "id"], f"{OPEN} AND owner_id IS NOT NULL"),
    "ix_task_open_name": (["name", "queue", "due_at", "id"], OPEN),
}


def upgrade() -> None:
    for name in ("ix_task_open_owner", "ix_task_open_queue"):
        op.drop_index(name, table_name="task")
    for name, (columns, where) in INDEXES.items():
        op.create_index(name, "task", columns, sqlite_where=sa.text(where), postgresql_where=sa.text(where))
