"""A daily anchor seals the heads of all chains with a key from outside the database, so that a cut chain shows."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from engine.model.errors import Message, StorageTrouble
from engine.store.secret_file import secret_of
from engine.store.transaction import Tx

AUDIT_KEY = "audit.key"

_MOVED = """
SELECT case_file.id, case_file.audit_sequence, case_file.audit_hash FROM case_file
LEFT JOIN (SELECT case_id, max(sequence) AS sequence FROM anchor_head GROUP BY case_id) AS sealed
  ON sealed.case_id = case_file.id
WHERE case_file.audit_sequence > coalesce(sealed.sequence, 0) ORDER BY case_file.id"""
_LOST = """
SELECT anchor_head.case_id, anchor_head.sequence FROM anchor_head
LEFT JOIN audit_event ON audit_event.case_id = anchor_head.case_id AND audit_event.sequence = anchor_head.sequence
WHERE anchor_head.day = ? AND coalesce(audit_event.hash, '') <> anchor_head.hash
  AND NOT EXISTS (SELECT 1 FROM archived_case WHERE archived_case.id = anchor_head.case_id)
ORDER BY anchor_head.case_id"""

Head = tuple[str, int, str]


@dataclass(frozen=True, slots=True)
class AnchorFault:
    """Which day's seal does not hold, and how."""

    day: str
    message: Message


def key_in(tx: Tx, folder: Path) -> bytes:
    """The key that seals, made where nothing is sealed yet; raise StorageTrouble where the one that sealed is not in the folder."""
    is_sealed = tx.connection.row("SELECT 1 FROM anchor LIMIT 1") is not None
    if is_sealed and not (folder / AUDIT_KEY).exists():
        raise StorageTrouble(
            "audit_key_away",
            "The audit trail is sealed with a key that is not in {folder}. Let MAKEGOOD_DATA_DIR name the folder that has {file}, "
            "or put it back from a backup.",
            folder=str(folder),
            file=AUDIT_KEY,
        )
    return secret_of(folder / AUDIT_KEY)


def cast(tx: Tx, key: bytes) -> str | None:
    """Seal the heads that moved since the last anchor, once a day (UTC); give `day digest mac`, or None if it is done."""
    day = tx.now.date().isoformat()
    tx.connection.hold("anchor")
    if tx.connection.row("SELECT 1 FROM anchor WHERE day = ?", (day,)) is not None:
        return None
    moved: list[Head] = tx.connection.rows(_MOVED)
    last = tx.connection.row("SELECT digest FROM anchor ORDER BY day DESC LIMIT 1")
    digest = _digest(last[0] if last else "", day, moved)
    seal = _seal(key, digest)
    tx.connection.execute(
        "INSERT INTO anchor (day, cases, digest, mac, created_at) VALUES (?, ?, ?, ?, ?)",
        (day, len(moved), digest, seal, int(tx.now.timestamp() * 1_000_000)),
    )
    tx.connection.executemany(
        "INSERT INTO anchor_head (day, case_id, sequence, hash) VALUES (?, ?, ?, ?)", ((day, *head) for head in moved)
    )
    return f"{day} {digest} {seal}"


def verify(tx: Tx, key: bytes, noted: Mapping[str, str]) -> list[AnchorFault]:
    """Check every anchor: its seal, its heads, and that none which `noted` names (day → seal) is missing."""
    faults: list[AnchorFault] = []
    previous, days = "", set[str]()
    for day, digest, seal in tx.connection.rows("SELECT day, digest, mac FROM anchor ORDER BY day"):
        days.add(day)
        heads = tx.connection.rows(
            "SELECT case_id, sequence, hash FROM anchor_head WHERE day = ? ORDER BY case_id", (day,)
        )
        if digest != _digest(previous, day, heads) or not hmac.compare_digest(seal, _seal(key, digest)):
            faults.append(_fault("anchor_broken", day, "The anchor of {day} was altered."))
        elif noted.get(day, seal) != seal:
            faults.append(_fault("anchor_replaced", day, "The anchor of {day} is not the one that was noted that day."))
        for case_id, sequence in tx.connection.rows(_LOST, (day,)):
            text = "Event {sequence} of case {case} was there on {day}, and is gone or altered."
            faults.append(
                AnchorFault(day, Message("anchor_lost", text, {"sequence": sequence, "case": case_id, "day": day}))
            )
        previous = digest
    missing = sorted(set(noted) - days)
    return faults + [_fault("anchor_missing", day, "The anchor of {day} is missing.") for day in missing]


def note(path: Path, line: str) -> None:
    """Add an anchor to the file beside the database."""
    with path.open("a", encoding="ascii") as file:
        file.write(line + "\n")


def noted_in(path: Path) -> dict[str, str]:
    """Give the seals that the file beside the database holds, by day."""
    if not path.exists():
        return {}
    lines = (line.split() for line in path.read_text(encoding="ascii").splitlines())
    return {parts[0]: parts[2] for parts in lines if len(parts) == 3}


def _fault(code: str, day: str, text: str) -> AnchorFault:
    return AnchorFault(day, Message(code, text, {"day": day}))


def _digest(previous: str, day: str, heads: Sequence[Head]) -> str:
    total = hashlib.sha256(f"{previous}\n{day}\n".encode())
    for case_id, sequence, head in heads:
        total.update(f"{case_id} {sequence} {head}\n".encode())
    return total.hexdigest()


def _seal(key: bytes, digest: str) -> str:
    return hmac.new(key, digest.encode(), hashlib.sha256).hexdigest()
