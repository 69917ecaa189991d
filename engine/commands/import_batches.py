"""Rows are registered many to a transaction, a savepoint each; what a batch has kept stays, whatever happens after it."""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from datetime import time as clock_time

from engine.actions.find_customer import NewCustomer
from engine.actions.register_case import Registration, register_case
from engine.commands.import_rows import ImportRow, RefusedRow
from engine.commands.terminal import Terminal
from engine.model.errors import Invalid, MakegoodError, StorageTrouble
from engine.model.letter import LEFT_OUT
from engine.model.people import SYSTEM, Segment
from engine.store import rows
from engine.store.transaction import Tx, savepoint
from engine.wiring import Engine

BATCH_SECONDS = 0.09
BATCH = 200
PAUSE = 0.03
LONGEST_SUBJECT = 90


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """What holds for all rows; `by_column`: a dated row was received on its date."""

    source: str
    country: str = ""
    segment: str = ""
    language: str = "en"
    by_column: bool = True
    dry_run: bool = False


@dataclass(slots=True)
class Import:
    """The rows so far: registered, there already, refused, undated; and the labels that the file gives."""

    engine: Engine
    plan: Plan
    terminal: Terminal
    registered: int = 0
    undated: int = 0
    known: int = 0
    refused: list[RefusedRow] = field(default_factory=list[RefusedRow])
    labels: dict[str, str] = field(default_factory=dict[str, str])
    seconds: float = 0.0
    pause: float = 0.0  # between transactions, where people work on the same database

    def take(self, found: Iterable[ImportRow | RefusedRow], *, limit: int = 0) -> None:
        """Register the rows batch by batch, and run what they started."""
        started = time.monotonic()
        pending: list[ImportRow] = []
        for count, row in enumerate(found, start=1):
            if isinstance(row, RefusedRow):
                self.refused.append(row)
            else:
                pending.append(row)
            if len(pending) >= BATCH:
                self.keep(pending)
                pending = []
            if limit and count >= limit:
                break
        self.keep(pending)
        if self.registered:
            self.engine.drain()
        self.seconds = time.monotonic() - started

    def keep(self, pending: list[ImportRow]) -> None:
        """Register these rows in as many transactions as a tenth of a second each needs."""
        at = 0
        while at < len(pending):
            counted = self.registered, self.known, self.undated, len(self.refused)
            try:
                at = self.keep_some(pending, at)
            except StorageTrouble:  # nothing of this transaction is kept, so it does not count
                self.registered, self.known, self.undated, refused = counted
                del self.refused[refused:]
                raise
            self.terminal.progress(self.registered + self.known + len(self.refused), 0, "rows")
            time.sleep(self.pause)

    def keep_some(self, pending: list[ImportRow], at: int) -> int:
        """Register rows from `at` on in one transaction; gives where the next one goes on."""
        started = time.monotonic()
        with self.engine.begin(SYSTEM) as tx:
            known = self.known_keys(tx, pending[at:])
            segments = {segment.key for segment in rows.find(tx, Segment)}
            while at < len(pending) and time.monotonic() - started < BATCH_SECONDS:
                self.register(tx, pending[at], known, segments)
                at += 1
        return at

    def known_keys(self, tx: Tx, pending: list[ImportRow]) -> set[str]:
        """The keys among these rows that were registered before."""
        keys = {f"key_{place}": row.key for place, row in enumerate(pending)}
        listed = ", ".join(f":{place}" for place in keys)
        ours = f"source = :source AND reference IN ({listed})"
        query = f"SELECT reference FROM case_file WHERE {ours} UNION SELECT reference FROM archived_case WHERE {ours}"
        return {reference for (reference,) in rows.fetch(tx, query, {"source": self.plan.source, **keys})}

    def register(self, tx: Tx, row: ImportRow, known: set[str], segments: set[str]) -> None:
        """Register one row, or note that it is known or refused."""
        self.labels[row.key] = row.value("label")
        if row.key in known:
            self.known += 1
            return
        try:
            registration = self.registration(row, tx.now, segments)
            if not self.plan.dry_run:
                with savepoint(tx):
                    register_case(tx, registration)
        except StorageTrouble:
            raise
        except MakegoodError as error:
            faults = [fault.message for fault in error.fields] if isinstance(error, Invalid) else []
            self.refused.append(RefusedRow(row.line, faults[0] if faults else error.message))
            return
        known.add(row.key)
        self.registered += 1
        if row.received_on is None:
            self.undated += 1

    def registration(self, row: ImportRow, now: datetime, segments: set[str]) -> Registration:
        """The row as a complaint; nothing but its text says what it is about."""
        plan = self.plan
        segment = row.value("segment", plan.segment).lower()
        if segment and segment not in segments:
            known = ", ".join(sorted(segments))
            template = "There is no segment “{segment}”. Choose one of: {known}."
            raise Invalid("segment_unknown", template, segment=segment, known=known)
        received = row.received_on if plan.by_column and row.received_on is not None else now.date()
        is_historic = received < now.date()
        email = row.value("email")
        customer = NewCustomer(name=row.value("name"), email=email, segment=segment)
        facts: dict[str, object] = {"reported_product": row.value("product")} if row.value("product") else {}
        if is_historic or not email:
            facts[LEFT_OUT] = ["acknowledgement"]
        return Registration(
            subject=subject_of(row.text),
            description=row.text,
            channel="import",
            received_on=received,
            opened_at=opened_on(received, now),
            country=row.value("country", plan.country),
            language=plan.language,
            customer=customer,
            facts=facts,
            source=plan.source,
            reference=row.key,
        )


def opened_on(received: date, now: datetime) -> datetime:
    """When the contract's clock begins: now, or noon of an earlier day of receipt."""
    if received >= now.date():
        return now
    return datetime.combine(received, clock_time(12), UTC)


def subject_of(text: str) -> str:
    """The first sentence, or its beginning, as a line."""
    line = " ".join(text.split())
    end = min((place for mark in (". ", "! ", "? ") if (place := line.find(mark)) > 20), default=len(line))
    line = line[: end + 1]
    return line if len(line) <= LONGEST_SUBJECT else f"{line[: LONGEST_SUBJECT - 1].rsplit(' ', 1)[0]}…"
