"""Operators archive closed cases from the command line, see beforehand which, and bring one back."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine.actions.message_case import withdraw_case
from engine.model.archive import ArchiveEvent
from engine.model.case import Case
from engine.model.people import SYSTEM
from engine.settings import Settings
from engine.store import rows
from engine.wiring import build
from tests.engine.commands.conftest import Run

FUTURE = "2999-01-01"


@pytest.fixture
def closed(house: Path, makegood: Run, tmp_path: Path) -> str:
    """The number of a case that was closed, with another that is open."""
    file = tmp_path / "two.csv"
    file.write_text("id,text\n1,The kettle leaks.\n2,The toaster burns.\n")
    makegood("import", "complaints", file)
    engine = build(Settings(data_dir=house))
    engine.settle()
    with engine.begin(SYSTEM) as tx:
        case = rows.find(tx, Case, order_by="number")[0]
        withdraw_case(tx, case.id, reason="It works again")
    engine.settle()
    engine.close()
    return case.number


def numbers(house: Path) -> list[str]:
    """The cases that are there."""
    engine = build(Settings(data_dir=house))
    with engine.read(SYSTEM) as tx:
        found = [case.number for case in rows.find(tx, Case, order_by="number")]
    engine.close()
    return found


def test_a_closed_case_goes_into_a_file_and_comes_back(house: Path, makegood: Run, closed: str) -> None:
    there = numbers(house)
    said = makegood("archive", "--before", FUTURE)
    (file,) = (house / "archives").iterdir()
    assert (said.code, str(file) in said.out, "1 cases closed before" in said.out) == (0, True, True), said
    assert numbers(house) == [number for number in there if number != closed]
    assert "every chain holds" in makegood("audit", "verify").out
    back = makegood("archive", "--bring-back", closed)
    assert (back.code, f"{closed} is back on the desk" in back.out) == (0, True), back
    assert numbers(house) == there
    assert "every chain holds" in makegood("audit", "verify").out


def test_many_cases_go_into_several_files_one_after_the_other(
    house: Path, makegood: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engine.commands.archive.AT_ONCE", 2)
    (tmp_path / "five.csv").write_text("id,text\n" + "".join(f"{row},Kettle {row} leaks.\n" for row in range(5)))
    makegood("import", "complaints", tmp_path / "five.csv")
    engine = build(Settings(data_dir=house))
    engine.settle()
    with engine.begin(SYSTEM) as tx:
        for case in rows.find(tx, Case):
            withdraw_case(tx, case.id, reason="It works again")
    engine.settle()
    engine.close()
    there = numbers(house)
    said = makegood("archive", "--before", FUTURE)
    assert [line.split()[0] for line in said.out.splitlines() if "are archived" in line] == ["2", "2", "1"]
    assert (len(list((house / "archives").iterdir())), numbers(house)) == (3, [])
    assert all(makegood("archive", "--bring-back", number).code == 0 for number in there)
    assert numbers(house) == there


def test_a_trial_says_which_and_changes_nothing(house: Path, makegood: Run, closed: str) -> None:
    said = makegood("archive", "--before", FUTURE, "--dry-run")
    assert (said.code, closed in said.out, "nothing was changed" in said.out) == (0, True, True)
    assert (closed in numbers(house), (house / "archives").exists()) == (True, False)


def test_where_nothing_is_old_enough_there_is_no_file(house: Path, makegood: Run, closed: str) -> None:
    said = makegood("archive", "--before", "2001-01-01")
    assert (said.code, "No case was closed before 2001-01-01" in said.out) == (0, True)
    assert not (house / "archives").exists()


def test_an_archive_that_lies_elsewhere_is_named(house: Path, makegood: Run, closed: str, tmp_path: Path) -> None:
    makegood("archive", "--before", FUTURE)
    (file,) = (house / "archives").iterdir()
    moved = file.rename(tmp_path / "moved.archive")
    refused = makegood("archive", "--bring-back", closed)
    assert (refused.code, f"Put {file.name} there" in refused.err) == (1, True)
    assert makegood("archive", "--bring-back", closed, "--file", moved).code == 0


def test_a_backup_names_the_archives_that_it_does_not_hold(
    house: Path, makegood: Run, closed: str, tmp_path: Path
) -> None:
    assert "Archived cases" not in makegood("backup", tmp_path / "before.backup").out
    makegood("archive", "--before", FUTURE)
    (file,) = (house / "archives").iterdir()
    said = makegood("backup", tmp_path / "after.backup").out
    assert (f"Keep a copy of these files of {file.parent}" in said, said.rstrip().endswith(file.name)) == (True, True)
    assert file.name not in makegood("restore", tmp_path / "after.backup").err
    moved = file.rename(tmp_path / file.name)
    assert f"{file.name}  (not there now)" in makegood("backup", tmp_path / "later.backup").out
    assert "copy it there" in makegood("restore", tmp_path / "later.backup").err
    moved.rename(file)
    assert makegood("archive", "--bring-back", closed).code == 0


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--before", "yesterday"), "is no date. Write it as 2025-01-31."),
        (("--bring-back", "C-2020-1"), "There is no archived case C-2020-1."),
        (("--bring-back", "C-2020-1", "--dry-run"), "--dry-run goes with --before"),
        (("--before", FUTURE, "--file", "x"), "--file goes with --bring-back"),
    ],
)
def test_a_wrong_wish_gets_a_sentence(house: Path, makegood: Run, arguments: tuple[str, ...], sentence: str) -> None:
    said = makegood("archive", *arguments)
    assert (said.code != 0, sentence in said.err, (house / "archives").exists()) == (True, True, False), said


def test_a_case_on_the_desk_is_not_brought_back(house: Path, makegood: Run, closed: str) -> None:
    assert f"Case {closed} is not archived: it is on the desk." in makegood("archive", "--bring-back", closed).err


def test_each_archiving_is_kept(house: Path, makegood: Run, closed: str) -> None:
    makegood("archive", "--before", FUTURE)
    makegood("archive", "--bring-back", closed)
    engine = build(Settings(data_dir=house))
    with engine.read(SYSTEM) as tx:
        kept = [(event.kind, event.cases, event.number) for event in rows.find(tx, ArchiveEvent, order_by="sequence")]
    engine.close()
    assert kept == [("archived", 1, None), ("brought_back", 1, closed)]
