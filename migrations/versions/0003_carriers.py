"""On PostgreSQL, Procrastinate's own tables, as its version 3.10 makes them; SQLite has none."""

from importlib import import_module

from alembic import op

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    connection = op.get_bind()
    if connection.dialect.name != "postgresql":
        return
    schema = import_module("procrastinate.schema").SchemaManager.get_schema()
    connection.connection.driver_connection.execute(schema)
