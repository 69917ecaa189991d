"""`makegood audit` recomputes every case's chain of events, or writes the events out for somebody else to check."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Iterator

from engine.commands.command import Command, opened
from engine.commands.terminal import Terminal
from engine.model.audit import AuditEvent
from engine.model.case import Case
from engine.model.errors import NotFound
from engine.model.people import SYSTEM
from engine.model.values import to_tagged
from engine.store import audit, rows
from engine.store.audit import ChainFault
from engine.store.transaction import Tx
from engine.wiring import Engine

RECOMPUTED = """Each line's hash is the SHA-256, in hex, of its previous_hash followed by the JSON of actor, at, case, data, for
(on_behalf_of), kind and sequence: keys sorted, no spaces, characters as they are, at in microseconds since 1970 UTC."""


def arguments(parser: ArgumentParser) -> None:
    """Take verify or export, and a case."""
    what = parser.add_subparsers(dest="what", metavar="WHAT", required=True)
    verify = what.add_parser("verify", help="recompute the chains; exit code 1 where one does not hold")
    verify.add_argument("number", nargs="?", help="of one case; all cases without it")
    export = what.add_parser("export", help="write every event as one line of JSON", epilog=RECOMPUTED)
    export.add_argument("number", nargs="?", help="of one case; all cases without it")


def run(args: Namespace, terminal: Terminal) -> int:
    """Do it."""
    with opened() as engine:
        with engine.read(SYSTEM) as tx:
            case = case_numbered(tx, args.number) if args.number else None
            if args.what == "export":
                return export(tx, case, terminal)
        return verify(engine, case, terminal)


def case_numbered(tx: Tx, number: str) -> Case:
    """The case; raise NotFound."""
    found = rows.first(tx, Case, number=number.strip().upper())
    if found is None:
        raise NotFound("no_such_case", "There is no case {number}.", number=number)
    return found


def verify(engine: Engine, case: Case | None, terminal: Terminal) -> int:
    """Print every fault, or how many events hold; without a case, the daily anchors are checked as well."""
    faults = engine.verify_audit(case.id if case else None)
    with engine.read(SYSTEM) as tx:
        broken = {fault.case_id for fault in faults if isinstance(fault, ChainFault)}
        numbers = {row.id: row.number for row in rows.find(tx, Case, id=broken)}
        cases = 1 if case else rows.count(tx, Case)
        events = rows.count(tx, AuditEvent, case_id=case.id) if case else rows.count(tx, AuditEvent)
    for fault in faults:
        where = numbers.get(fault.case_id, fault.case_id) if isinstance(fault, ChainFault) else fault.day
        terminal.say(f"{where}: {fault.message}")
    if faults:
        terminal.tell(f"The audit trail does not hold: {len(faults)} faults in {cases} cases. Compare with a backup.")
        return 1
    terminal.say(f"{events} events of {cases} cases: every chain holds.")
    return 0


def export(tx: Tx, case: Case | None, terminal: Terminal) -> int:
    """Write the events, a case after the other, oldest first, with all that their hashes are made of."""
    for event in events(tx, case):
        line = {
            "case": event.case_id,
            "sequence": event.sequence,
            "kind": event.kind,
            "actor": event.actor_id,
            "on_behalf_of": event.on_behalf_of,
            "at": event.at.isoformat(timespec="microseconds"),
            "data": to_tagged(event.data),
            "previous_hash": event.previous_hash,
            "hash": event.hash,
        }
        terminal.say(json.dumps(line, ensure_ascii=False))
    return 0


def events(tx: Tx, case: Case | None) -> Iterator[AuditEvent]:
    """The events of one case, or of all."""
    ids = [case.id] if case else [row[0] for row in rows.fetch(tx, "SELECT id FROM case_file ORDER BY number")]
    for case_id in ids:
        yield from audit.events_of(tx, case_id)


COMMAND = Command("audit", "check that no event of a case was altered, or write the events out", arguments, run)
