"""Each row type has one table of the same column names; statements are built once per type and kind."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import lru_cache
from typing import Any, Generic, TypeVar, get_type_hints

from sqlalchemy import Table, bindparam, insert, select, update
from sqlalchemy import delete as delete_from
from sqlalchemy.dialects.sqlite import dialect as sqlite_dialect
from sqlalchemy.sql.elements import ColumnElement
from sqlalchemy.sql.expression import ClauseElement

from engine.model import archive, audit, case, decision, operations, people, running, saved_filter, task
from engine.model.records import Record
from engine.store.codecs import Codec, Convert, codec_of
from engine.store.tables import archive as archive_tables
from engine.store.tables import cases as case_tables
from engine.store.tables import operations as operation_tables
from engine.store.tables import people as people_tables
from engine.store.tables import running as running_tables

Row = TypeVar("Row")

TABLE_OF: dict[type[Any], Table] = {
    people.Person: people_tables.person,
    people.PersonRole: people_tables.person_role,
    people.PersonLevel: people_tables.person_level,
    people.ApprovalLevel: people_tables.approval_level,
    people.Queue: people_tables.queue,
    people.QueueMember: people_tables.queue_member,
    people.Absence: people_tables.absence,
    people.Session: people_tables.session,
    people.LoginAttempt: people_tables.login_attempt,
    people.Token: people_tables.token,
    saved_filter.SavedFilter: people_tables.saved_filter,
    people.Segment: people_tables.segment,
    people.Setting: people_tables.setting,
    people.Notice: people_tables.notice,
    case.Customer: case_tables.customer,
    case.Case: case_tables.case_file,
    case.ClockRow: case_tables.clock,
    case.CaseMessage: case_tables.message,
    case.Comment: case_tables.comment,
    case.Attachment: case_tables.attachment,
    case.AttachmentContent: case_tables.attachment_content,
    decision.Decision: case_tables.decision,
    decision.SpecialMode: case_tables.special_mode,
    audit.AuditEvent: case_tables.audit_event,
    task.Task: running_tables.task,
    running.Deployment: running_tables.deployment,
    running.DeploymentFile: running_tables.deployment_file,
    running.Instance: running_tables.instance,
    running.Timer: running_tables.timer,
    running.Subscription: running_tables.subscription,
    running.KeptMessage: running_tables.kept_message,
    running.StoredData: running_tables.stored_data,
    running.Job: running_tables.job,
    running.Incident: running_tables.incident,
    running.DecisionRecordRow: running_tables.decision_record,
    running.PathEvent: running_tables.path_event,
    running.IdempotencyKey: running_tables.idempotency_key,
    archive.ArchiveEvent: archive_tables.archive_event,
    archive.ArchivedCase: archive_tables.archived_case,
    operations.StartTimer: operation_tables.start_timer,
    operations.Migration: operation_tables.migration,
    operations.MovedInstance: operation_tables.moved_instance,
}
# a write to one of these gives the house a new version (store/house.py)
HOUSE = frozenset(
    {"person", "person_role", "person_level", "approval_level", "queue", "queue_member", "absence", "setting", "token"}
)
# a condition by column: None is IS NULL, 0 is =, n > 0 is IN with n values
Where = tuple[tuple[str, int | None], ...]
Writes = tuple[tuple[int, Convert, bool], ...]
_MANY = (tuple, list, set, frozenset)
_MANY_OR_NONE = frozenset({*_MANY, type(None)})
_ORDER = re.compile(r"(\w+)(?: (ASC|DESC))?", re.IGNORECASE)
_DIALECT = sqlite_dialect(paramstyle="qmark")


@dataclass(frozen=True, slots=True)
class Named:
    """Some fields: the condition that each equals a value, how such values are written, and the change of the row with a key."""

    equal: Where
    writes: Writes
    change: str


class Shape(Generic[Row]):
    """A row type, its table, and how its fields become columns."""

    def __init__(self, kind: type[Row], table: Table) -> None:
        hints = get_type_hints(kind)
        self.kind = kind
        self.table = table
        named = {field.name: field.name for field in fields(kind)}  # type: ignore[arg-type]  # all kinds are dataclasses
        # the table's order, because that is the order in which an insert names its columns; but the fields' own names,
        # because a column's is no plain text, and looking up an attribute by one takes three times as long
        self.names = tuple(named[column.name] for column in table.columns if column.name in named)
        self.codecs: dict[str, Codec] = {
            name: codec_of(hints[name], nullable=bool(table.c[name].nullable)) for name in self.names
        }
        self.of_house = table.name in HOUSE
        keys = list(table.primary_key.columns)
        self.key = named.get(keys[0].name, "") if len(keys) == 1 else ""
        self._record = Record(kind, self.names)
        self._reads = tuple((index, codec.read) for index, codec in enumerate(self.codecs.values()) if codec.read)
        self._writes = _writes(self.codecs.values())
        self._named: dict[tuple[str, ...], Named] = {}
        self._as_read = {name: (codec.as_read, codec.settled) for name, codec in self.codecs.items() if codec.as_read}
        self.columns = ", ".join(f"{table.name}.{name}" for name in self.names)
        self.insert = _text(insert(table).values({name: bindparam(name) for name in self.names}))
        self.delete_one = self.delete(((self.key, 0),)) if self.key else ""
        self.insert_unless_there = f"{self.insert} ON CONFLICT DO NOTHING"

    def encode(self, row: Row) -> list[object]:
        """Give the row's values as the columns hold them, in the order of `names`."""
        return _written(self._record.values(row), self._writes)

    def decode(self, values: Sequence[Any]) -> Row:
        """Give the row that a query in the order of `names` found."""
        found = list(values)
        for index, read in self._reads:
            value = found[index]
            if value is not None:
                found[index] = read(value)
        return self._record.made(found)

    def as_read(self, row: Row) -> Row:
        """Give the row as a query would find it: lists as tuples, states as members, times in UTC."""
        changes: dict[str, object] = {}
        for name, (convert, settled) in self._as_read.items():
            value = getattr(row, name)
            if value is None or type(value) is settled:
                continue
            found = convert(value)
            if found is not value:
                changes[name] = found
        return self._record.changed(row, changes) if changes else row

    def changed(self, row: Row, changes: Mapping[str, object]) -> Row:
        """Give the row with other values in some fields, as a query would find it."""
        found = {**changes}
        for name, value in changes.items():
            convert, settled = self._as_read.get(name, (None, None))
            if convert is not None and value is not None and type(value) is not settled:
                found[name] = convert(value)
        return self._record.changed(row, found)

    def encode_field(self, name: str, value: object) -> object:
        """Give one field's value as its column holds it."""
        codec = self.codecs.get(name)
        if codec is None:
            raise TypeError(f"{self.kind.__name__} has no field {name}")
        return codec.write(value) if codec.write and not (value is None and codec.optional) else value

    def change(self, changes: Mapping[str, object], key: str) -> tuple[str, list[object]]:
        """Give the update of the row with this key, and its parameters."""
        named = self.named(tuple(changes))
        return named.change, _written([*changes.values(), key], named.writes)

    def change_where(
        self, changes: Mapping[str, object], equals: Mapping[str, object]
    ) -> tuple[str, list[object]] | None:
        """Give the update of the rows whose fields equal these, and its parameters; None where there can be no such row."""
        condition = self.condition(equals)
        if condition is None:
            return None
        where, params = condition
        names = tuple(changes)
        return self.update(names, where), [*_written([*changes.values()], self.named(names).writes), *params]

    def condition(self, equals: Mapping[str, object]) -> tuple[Where, list[object]] | None:
        """Give condition and parameters of the rows whose fields equal these, or None where nothing can meet it."""
        if _MANY_OR_NONE.isdisjoint(map(type, equals.values())):
            named = self.named(tuple(equals))
            return named.equal, _written([*equals.values()], named.writes)
        where: list[tuple[str, int | None]] = []
        params: list[object] = []
        for name, value in equals.items():
            if value is None and self.table.c[name].nullable:
                where.append((name, None))
            elif isinstance(value, _MANY):
                if not value:
                    return None
                where.append((name, len(value)))
                params.extend([self.encode_field(name, item) for item in value])
            else:
                where.append((name, 0))
                params.append(self.encode_field(name, value))
        return tuple(where), params

    def named(self, names: tuple[str, ...]) -> Named:
        """Give what is made once of some fields."""
        known = self._named.get(names)
        if known is None:
            unknown = [name for name in names if name not in self.codecs]
            if unknown:
                raise TypeError(f"{self.kind.__name__} has no field {', '.join(unknown)}")
            change = self.update(names, ((self.key, 0),)) if self.key and names else ""
            known = Named(tuple((name, 0) for name in names), _writes(self.codecs[name] for name in names), change)
            self._named[names] = known
        return known

    @lru_cache(maxsize=512)  # noqa: B019  # shapes live as long as the program
    def select(self, where: Where, order_by: str = "", limited: bool = False) -> str:
        """Build the query for rows that meet `where`; a limit is the last parameter."""
        query = select(*(self.table.c[name] for name in self.names)).where(*self._conditions(where))
        if order_by:
            query = query.order_by(*self._order(order_by))
        return _text(query) + (" LIMIT ?" if limited else "")

    @lru_cache(maxsize=512)  # noqa: B019  # shapes live as long as the program
    def update(self, names: tuple[str, ...], where: Where) -> str:
        """Build the update of `names` for rows that meet `where`."""
        changes: dict[str, Any] = {name: bindparam(f"new_{name}") for name in names}
        ordered = [(self.table.c[name], value) for name, value in changes.items()]
        return _text(update(self.table).ordered_values(*ordered).where(*self._conditions(where)))

    @lru_cache(maxsize=128)  # noqa: B019  # shapes live as long as the program
    def delete(self, where: Where) -> str:
        """Build the deletion of rows that meet `where`."""
        return _text(delete_from(self.table).where(*self._conditions(where)))

    def _conditions(self, where: Where) -> list[ColumnElement[bool]]:
        found: list[ColumnElement[bool]] = []
        for name, count in where:
            column = self.table.c[name]
            if count is None:
                found.append(column.is_(None))
            elif count == 0:
                found.append(column == bindparam(f"is_{name}", type_=column.type))
            else:
                found.append(column.in_([bindparam(f"is_{name}_{index}", type_=column.type) for index in range(count)]))
        return found

    def _order(self, order_by: str) -> list[Any]:
        terms: list[Any] = []
        for wanted in order_by.split(","):
            matched = _ORDER.fullmatch(wanted.strip())
            if matched is None or matched[1] not in self.codecs:
                raise TypeError(f"{self.kind.__name__} cannot be ordered by {wanted.strip()!r}")
            column = self.table.c[matched[1]]
            is_descending = (matched[2] or "").upper() == "DESC"
            ordered = column.desc() if is_descending else column.asc()
            if column.nullable:  # what is not there comes before what is, whatever the database thinks
                ordered = ordered.nulls_last() if is_descending else ordered.nulls_first()
            terms.append(ordered)
        return terms


_shapes: dict[type[Any], Shape[Any]] = {}


def shape_of(kind: type[Row]) -> Shape[Row]:
    """Give the shape of a row type."""
    found = _shapes.get(kind)
    if found is None:
        found = _shapes.setdefault(kind, Shape(kind, TABLE_OF[kind]))
    return found


def _writes(codecs: Iterable[Codec]) -> Writes:
    """The places of values that are not written as they are, with how they are, and whether None is NULL there."""
    return tuple((place, codec.write, codec.optional) for place, codec in enumerate(codecs) if codec.write)


def _written(values: list[object], writes: Writes) -> list[object]:
    for place, write, optional in writes:
        value = values[place]
        if value is not None or not optional:
            values[place] = write(value)
    return values


def _text(statement: ClauseElement) -> str:
    return str(statement.compile(dialect=_DIALECT))
