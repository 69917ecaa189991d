"""Column kinds: ids are UUIDv7 text, times are integer microseconds UTC, days are ISO text, JSON is canonical text."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import BigInteger, Column, ForeignKey, ForeignKeyConstraint, Index, Integer, MetaData
from sqlalchemy import Text as PlainText
from sqlalchemy import text as sql

# bytes decide order and equality on every database, whatever language its server speaks
Text = PlainText().with_variant(PlainText(collation="C"), "postgresql")

# SQLite keeps such a table's rows in its key's own tree: one tree less to write, for rows of less than a quarter page
BY_KEY: Mapping[str, Any] = {"sqlite_with_rowid": False}

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s_%(referred_table_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def key() -> Column[Any]:
    """The primary key of a row: a UUIDv7 in text."""
    return Column("id", Text, primary_key=True)


def ref(name: str, target: str, *, null: bool = False, index: bool = False) -> Column[Any]:
    """A foreign key to `target`'s id."""
    return Column(name, Text, ForeignKey(f"{target}.id"), nullable=null, index=index)


def of_instance() -> tuple[Column[Any], Column[Any], ForeignKeyConstraint]:
    """An instance and its case: what is kept under both is found by the case alone too."""
    return (
        ref("case_id", "case_file"),
        Column("instance_id", Text, nullable=False),
        ForeignKeyConstraint(["case_id", "instance_id"], ["instance.case_id", "instance.id"]),
    )


def text(name: str, default: str | None = "") -> Column[Any]:
    """Text; `default` None means that it may be absent."""
    if default is None:
        return Column(name, Text, nullable=True)
    return Column(name, Text, nullable=False, default=default, server_default=default)


def moment(name: str, *, null: bool = False) -> Column[Any]:
    """A point in time, integer microseconds UTC."""
    return Column(name, BigInteger, nullable=null)


def count(name: str, default: int | None = 0) -> Column[Any]:
    """A whole number; booleans are 0 and 1; `default` None means that it may be absent."""
    if default is None:
        return Column(name, Integer, nullable=True)
    return Column(name, Integer, nullable=False, default=default, server_default=str(default))


def partial(name: str, *columns: str, where: str, unique: bool = False) -> Index:
    """An index over the rows that meet a condition."""
    return Index(name, *columns, unique=unique, sqlite_where=sql(where), postgresql_where=sql(where))
