"""What `makegood audit export` writes can be checked by a program that knows nothing of Makegood."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.engine.commands.conftest import Run

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def hash_of(line: dict[str, object]) -> str:
    """The SHA-256 of the previous hash and the canonical text, as the help of the command tells it."""
    at = datetime.fromisoformat(str(line["at"]))
    told = {name: line[name] for name in ("actor", "case", "data", "kind", "sequence")}
    told |= {"at": (at - EPOCH) // timedelta(microseconds=1), "for": line["on_behalf_of"]}
    text = json.dumps(told, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(f"{line['previous_hash']}{text}".encode()).hexdigest()


def test_an_exported_trail_can_be_recomputed_by_anybody(house: Path, makegood: Run, tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text("id,text,amount\n1,The kettle “Żuraw” leaks.,12.50\n")
    makegood("import", "complaints", file)
    lines = [json.loads(line) for line in makegood("audit", "export").out.splitlines()]
    assert len(lines) > 5
    before = ""
    for line in lines:
        assert line["previous_hash"] == before
        before = hash_of(line)
        assert line["hash"] == before


def test_times_of_an_exported_trail_are_those_of_iso_8601(house: Path, makegood: Run, tmp_path: Path) -> None:
    file = tmp_path / "one.csv"
    file.write_text("id,text\n1,The kettle leaks.\n")
    makegood("import", "complaints", file)
    first = json.loads(makegood("audit", "export").out.splitlines()[0])
    assert "T" in first["at"]
    assert datetime.fromisoformat(first["at"]).utcoffset() == timedelta(0)
