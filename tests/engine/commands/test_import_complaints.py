"""Complaints from a file become cases, each exactly once; what cannot be read is told by line, and the rest goes on."""

from __future__ import annotations

import csv
import gzip
import json
import sqlite3
import time
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest

from engine.commands import import_batches
from engine.commands.import_batches import subject_of
from engine.commands.import_days import Days, shown_by
from engine.model.errors import Message
from engine.store import sqlite
from tests.engine.commands.conftest import Run, Said

ROWS = [
    {"id": "a-1", "text": "My mortgage servicer lost two payments and charged a late fee.", "label": "mortgage"},
    {"id": "a-2", "text": "A debt collector calls me daily about a debt that is not mine.", "label": "debt_collection"},
    {
        "id": "a-3",
        "text": "The credit bureau shows an account on my credit report that I never opened.",
        "label": "credit_reporting",
    },
]


def write(path: Path, rows: list[dict[str, str]]) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def figures(makegood: Run) -> dict[str, object]:
    found: dict[str, object] = json.loads(makegood("status", "--json").out)
    return found


def ask(house: Path, query: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(house / "makegood.db")) as database:
        return database.execute(query).fetchall()


def test_rows_become_cases_that_are_classified_in_a_queue_and_under_clocks(
    house: Path, makegood: Run, tmp_path: Path
) -> None:
    said = makegood("import", "complaints", write(tmp_path / "bank.csv", ROWS), "--country", "US")
    assert (said.code, "registered: 3" in said.out) == (0, True), said
    assert "accuracy: 100.0% (3 of 3 labelled cases)" in said.out
    assert figures(makegood)["tasks_by_queue"] == {"front_office": 3}
    assert ask(house, "SELECT count(*) FROM clock WHERE kind = 'statutory'") == [(3,)]
    assert makegood("audit", "verify").code == 0


def test_the_same_file_again_registers_nothing(house: Path, makegood: Run, tmp_path: Path) -> None:
    file = write(tmp_path / "bank.csv", ROWS)
    makegood("import", "complaints", file)
    said = makegood("import", "complaints", file)
    assert "already there: 3" in said.out
    assert figures(makegood)["cases"] == 3


def test_rows_without_an_id_are_known_by_what_they_say(house: Path, makegood: Run, tmp_path: Path) -> None:
    same = [{"text": "The kettle leaks."}, {"text": "The kettle leaks."}, {"text": "The oven is cold."}]
    file = write(tmp_path / "plain.csv", same)
    for _ in range(2):
        makegood("import", "complaints", file)
    assert figures(makegood)["cases"] == 3


def test_a_bad_row_is_told_by_its_line_and_the_others_go_on(house: Path, makegood: Run, tmp_path: Path) -> None:
    file = tmp_path / "bad.csv"
    file.write_bytes(b"id,text\n1,The kettle leaks.\n2\n3,caf\xe9 machine broken\n4,   \n5,The oven is cold.\n")
    said = makegood("import", "complaints", file)
    assert "registered: 2" in said.out
    assert "line 3: The row has 1 values, the head has 2." in said.out
    assert "line 4: The row is not written in UTF-8." in said.out
    assert "line 5: The row has no text of a complaint." in said.out


def test_a_file_without_the_column_text_says_how_to_name_it(house: Path, makegood: Run, tmp_path: Path) -> None:
    file = write(tmp_path / "other.csv", [{"narrative": "The kettle leaks."}])
    said = makegood("import", "complaints", file)
    assert said.code == 1
    assert "--map text=COLUMN; the file has: narrative" in said.err
    assert "registered: 1" in makegood("import", "complaints", file, "--map", "text=narrative").out


def test_a_packed_file_with_semicolons_is_read_as_well(house: Path, makegood: Run, tmp_path: Path) -> None:
    file = tmp_path / "packed.csv.gz"
    file.write_bytes(gzip.compress('\ufeffid;text\n1;"The kettle leaks; badly."\n'.encode()))
    assert "registered: 1" in makegood("import", "complaints", file).out


def test_a_packed_file_that_is_torn_says_so(house: Path, makegood: Run, tmp_path: Path) -> None:
    file = tmp_path / "torn.csv.gz"
    file.write_bytes(gzip.compress(b"id,text\n" + b"1,The kettle leaks.\n" * 500)[:60])
    assert "cannot be unpacked" in makegood("import", "complaints", file).err


def test_a_missing_file_and_an_unknown_field_get_a_sentence(house: Path, makegood: Run, tmp_path: Path) -> None:
    assert "There is no file" in makegood("import", "complaints", tmp_path / "none.csv").err
    said = makegood("import", "complaints", tmp_path / "none.csv", "--map", "colour=x")
    assert "--map colour=x is not understood" in said.err


def test_a_dry_run_registers_nothing(house: Path, makegood: Run, tmp_path: Path) -> None:
    said = makegood("import", "complaints", write(tmp_path / "bank.csv", ROWS), "--dry-run")
    assert "would be registered: 3" in said.out
    assert figures(makegood)["cases"] == 0


def test_an_old_complaint_gets_no_letter_and_no_flood_of_notices(house: Path, makegood: Run, tmp_path: Path) -> None:
    rows = [
        {"id": str(n), "text": "The kettle leaks.", "date_received": "2019-03-05", "email": f"{n}@example.org"}
        for n in range(5)
    ]
    said = makegood("import", "complaints", write(tmp_path / "old.csv", rows), "--country", "PL")
    assert "registered: 5" in said.out
    assert ask(house, "SELECT count(*) FROM message WHERE direction = 'out'") == [(0,)]
    assert ask(house, "SELECT count(*) FROM timer WHERE state = 'skipped' OR due_at < 0") != [(0,)]
    assert ask(house, "SELECT count(*) FROM notice") == [(0,)]


def test_a_new_complaint_with_an_address_is_acknowledged(house: Path, makegood: Run, tmp_path: Path) -> None:
    rows = [{"id": "1", "text": "The kettle leaks.", "email": "zofia@example.org", "name": "Zofia Nowak"}]
    makegood("import", "complaints", write(tmp_path / "new.csv", rows))
    letters = ask(house, "SELECT letter, recipient FROM message WHERE direction = 'out'")
    assert letters == [("acknowledgement", "zofia@example.org")]


def test_an_unknown_segment_refuses_its_row_alone(house: Path, makegood: Run, tmp_path: Path) -> None:
    rows = [
        {"id": "1", "text": "The kettle leaks.", "segment": "gold"},
        {"id": "2", "text": "Cold oven.", "segment": "platinum"},
    ]
    said = makegood("import", "complaints", write(tmp_path / "segments.csv", rows))
    assert "registered: 1" in said.out
    assert "line 3: There is no segment “platinum”." in said.out


@pytest.mark.parametrize("text", ["03/04/2024", "3.4.2024"])
def test_an_ambiguous_day_needs_a_format(text: str) -> None:
    read = Days().read(text)
    assert isinstance(read, Message)
    assert read.code == "day_ambiguous"
    assert Days(text.replace("03", "%d").replace("04", "%m").replace("3.4.", "%d.%m.").replace("2024", "%Y")).read(
        text
    ) == date(2024, 4, 3)


def test_a_file_shows_by_its_own_days_how_they_are_written() -> None:
    shown = shown_by(["11-04-2023", "14-04-2023", "12/25/2023", "25/12/2023", "2023-01-02"])
    assert Days(shown=shown).read("11-04-2023") == date(2023, 4, 11)
    assert isinstance(Days(shown=shown).read("03/04/2023"), Message), "the file contradicts itself about slashes"
    assert Days(shown=shown).read("13/04/2023") == date(2023, 4, 13)


def test_a_subject_is_the_first_sentence_or_its_beginning() -> None:
    assert subject_of("The kettle leaks badly. I want my money back.") == "The kettle leaks badly."
    assert len(subject_of("word " * 100)) <= 90


@pytest.mark.slow
def test_two_thousand_real_complaints_come_in_within_twenty_processor_seconds(
    house: Path, makegood: Run, shared: Path
) -> None:
    file = shared / "data" / "complaints" / "cfpb_dev_2000.csv.gz"
    began = time.process_time()
    said = makegood("import", "complaints", file, "--country", "US")
    assert "registered: 2000" in said.out, said
    # processor seconds: what else the machine has to do at the time is no fault of the import
    assert time.process_time() - began <= 20
    assert share(said, "accuracy") >= 60
    assert share(said, "unmatched") <= 10
    assert "already there: 2000" in makegood("import", "complaints", file, "--country", "US").out
    found = figures(makegood)
    assert (found["cases"], found["jobs_pending"], found["incidents"]) == (2000, 0, 0)
    assert makegood("audit", "verify").code == 0


def share(said: Said, name: str) -> float:
    return float(said.out.split(f"{name}: ")[1].split("%")[0])


def test_a_full_disk_is_said_and_what_was_registered_stays(
    house: Path, makegood: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages = ask(house, "PRAGMA page_count")[0][0]
    assert isinstance(pages, int)
    rows = [{"id": str(n), "text": f"The kettle number {n} leaks and burnt my hand."} for n in range(60)]
    file = write(tmp_path / "many.csv", rows)
    monkeypatch.setattr(sqlite, "_PRAGMAS", (*sqlite._PRAGMAS, f"PRAGMA max_page_count={pages + 60}"))
    monkeypatch.setattr(import_batches, "BATCH", 5)
    said = makegood("import", "complaints", file)
    assert said.code == 1
    assert "The disk of the database is full. Nothing was saved; make room and try again." in said.err
    monkeypatch.undo()
    monkeypatch.setenv("MAKEGOOD_DATA_DIR", str(house))
    kept = figures(makegood)["cases"]
    assert isinstance(kept, int)
    assert 0 < kept < 60
    assert f"registered: {kept}\n" in said.out
    assert "already there" in makegood("import", "complaints", file).out
    assert figures(makegood)["cases"] == 60
    assert makegood("audit", "verify").code == 0
