"""A case is opened in one way, whoever or whatever asks for it: number, search, counters and the first audit event (promise 1)."""

from __future__ import annotations

from engine.actions.case_record import CaseRecord, record_of
from engine.model.case import Case
from engine.store import counters, numbers, rows, search
from engine.store.transaction import Tx


def open_case(tx: Tx, case: Case, words: str) -> CaseRecord:
    """Keep a new case that is found by `words`; its clocks and its process are the caller's to start."""
    rows.insert(tx, case)
    record = record_of(tx, case)
    record.is_new = True
    search.put(tx, case.id, words)
    counters.add(tx, "cases", "all", 1)
    counters.add(tx, "cases", "open", 1)
    counters.add(tx, "cases_by_stage", case.stage, 1)
    counters.add(tx, "cases_by_category", "", 1)
    record.note("registered", number=case.number, channel=case.channel, received_on=case.received_on)
    return record


def next_number(tx: Tx) -> str:
    """The next number of this year, as people say it."""
    return f"C-{tx.now.year}-{numbers.next_number(tx, f'case-{tx.now.year}'):06d}"


def tracking_code(seed: str) -> str:
    """Eight letters and digits that a customer can read out, taken from a random id."""
    alphabet = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    value = int(seed.replace("-", "")[-16:], 16)
    return "".join(alphabet[(value >> (5 * place)) & 31] for place in range(8))
