"""The index of watched events asks for each kind by itself: of a list SQLite makes a table of its own for each event that it writes."""

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"

WATCHED = "kind = 'escalated' OR kind = 'clock_lapsed' OR kind = 'nobody_to_escalate_to' OR kind = 'level_raised'"


def upgrade() -> None:
    op.drop_index("ix_audit_event_watched", table_name="audit_event")
    where = sa.text(WATCHED)
    op.create_index("ix_audit_event_watched", "audit_event", ["id"], sqlite_where=where, postgresql_where=where)
