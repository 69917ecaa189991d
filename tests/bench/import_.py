"""How fast real complaints become cases: the public sample of two thousand, read from its file, on SQLite."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path

from engine.commands.demo.making import begin_empty
from engine.commands.demo.people import hire
from engine.commands.import_batches import Import, Plan
from engine.commands.import_rows import Reading, days_of, mapping_of, read_rows
from engine.commands.terminal import Terminal
from engine.settings import Settings
from engine.wiring import build
from tests.bench.figures import Bound, Figures

SAMPLE = Path(__file__).resolve().parents[3] / "shared" / "data" / "complaints" / "cfpb_dev_2000.csv.gz"
MUST = {"cases_to_300_a_second": Bound(least=1)}


def run() -> Figures:
    """Import the sample into an empty house with the shipped processes, up to each case's first task and letter."""
    if not SAMPLE.exists():
        return Figures("import", {"the public sample is not here": (0, "")}, {}, {})
    columns = mapping_of([])
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(data_dir=Path(folder))
        begin_empty(settings)
        engine = build(settings)
        hire(engine.store)
        done = Import(engine, Plan(source="bench", country="US"), Terminal(io.StringIO(), io.StringIO()))
        done.take(read_rows(SAMPLE, Reading(columns, days_of(SAMPLE, columns, ""))))
        engine.close()
    rate = done.registered / done.seconds
    measured = {
        "cases registered": (done.registered, ""),
        "seconds, with all that follows": (done.seconds, "s"),
        "cases a second": (rate, ""),
    }
    return Figures("import", measured, {"cases_to_300_a_second": rate / 300}, MUST)
