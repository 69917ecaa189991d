"""A table goes to XLSX and CSV and comes back the same; what was changed there is in the file, and nothing else."""

from __future__ import annotations

import io
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from engine.definitions.dmn import read_decisions
from engine.definitions.dmn.exchange import (
    differences,
    put_table,
    read_csv,
    read_workbook,
    rows_of,
    table_of,
    write_csv,
    write_workbook,
)
from engine.definitions.dmn.exchange.placing import plain_table
from engine.model.dmn import Cell, Decision, DecisionTable, HitPolicy
from engine.model.errors import Invalid
from engine.shipped import shipped_folder
from tests.conftest import SHARED

SHIPPED = sorted(shipped_folder("processes").rglob("*.dmn"))
KIT = sorted((SHARED / "conformance" / "cases" / "dmn").rglob("*.dmn"))
LIMITS = shipped_folder("processes") / "complaint" / "approval_limits.dmn"


def tables(data: bytes) -> list[tuple[Decision, DecisionTable]]:
    model, _ = read_decisions(data)
    return [(each, each.logic) for each in model.decisions if isinstance(each.logic, DecisionTable)]


def limits() -> tuple[Decision, DecisionTable]:
    return tables(LIMITS.read_bytes())[0]


@pytest.mark.parametrize("path", [*SHIPPED, *KIT], ids=lambda path: path.stem)
def test_a_table_comes_back_the_same(path: Path) -> None:
    data = path.read_bytes()
    for decision, table in tables(data):
        rows = rows_of(decision, table)
        for again in (read_workbook(write_workbook(rows)), read_csv(write_csv(rows))):
            found = table_of(again, decision.id)
            assert plain_table(found) == plain_table(table)
            assert list(differences(table, found)) == []
            assert put_table(data, decision.id, found) == data


@pytest.mark.parametrize("path", [*SHIPPED, *KIT], ids=lambda path: path.stem)
def test_a_table_that_is_written_anew_reads_the_same(path: Path) -> None:
    data = path.read_bytes()
    for decision, table in tables(data):
        rules = tuple(replace(rule, id=f"new_{number}") for number, rule in enumerate(table.rules))
        inputs = tuple(replace(each, label=f"{each.label} now") for each in table.inputs)
        outputs = tuple(replace(each, label=f"{each.label} now") for each in table.outputs)
        wanted = replace(table, rules=rules, inputs=inputs, outputs=outputs)
        written = {each.id: logic for each, logic in tables(put_table(data, decision.id, wanted))}
        assert plain_table(written[decision.id]) == plain_table(wanted)


def test_other_programs_read_the_workbook() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    decision, table = limits()
    sheet = openpyxl.load_workbook(io.BytesIO(write_workbook(rows_of(decision, table)))).worksheets[0]
    assert (sheet["A1"].value, sheet["B1"].value, sheet["B2"].value) == ("Decision", "approval_limit", "FIRST")
    assert {cell.data_type for row in sheet.iter_rows() for cell in row if cell.value is not None} == {"s"}
    assert sheet.merged_cells.ranges


def test_what_people_type_into_a_spreadsheet_is_exact() -> None:
    openpyxl = pytest.importorskip("openpyxl")
    decision, table = limits()
    book = openpyxl.load_workbook(io.BytesIO(write_workbook(rows_of(decision, table))))
    sheet = book.worksheets[0]
    first = next(row[0].row for row in sheet.iter_rows() if row[0].value == "1")
    sheet.cell(first, 4).value = 0.1
    sheet.cell(first, 8).value = 1250
    sheet.cell(first, 7).value = True
    sheet.cell(first, 5).value = date(2026, 3, 2)
    room = io.BytesIO()
    book.save(room)
    rule = table_of(read_workbook(room.getvalue()), decision.id).rules[0]
    assert [cell.text for cell in rule.tests][2:4] == ["0.1", 'date("2026-03-02")']
    assert [cell.text for cell in rule.results] == ["true", "1250"]


def test_a_changed_cell_is_told_and_is_the_only_change_of_the_file() -> None:
    decision, table = limits()
    rows = rows_of(decision, table)
    line = next(row for row in rows if row[0] == "4")
    line[3] = "> 6000"
    found = table_of(read_csv(write_csv(rows)), decision.id)
    assert [str(each) for each in differences(table, found)] == ["Rule 4, column “Amount”: > 5000 becomes > 6000"]
    after = put_table(LIMITS.read_bytes(), decision.id, found).decode()
    kept = set(LIMITS.read_text("utf-8").splitlines())
    changed = [line for line in after[after.index("<decisionTable") :].splitlines()[1:] if line not in kept]
    assert [line.count("6000") for line in changed if "<rule" in line] == [1]
    assert plain_table(tables(after.encode())[0][1]).rules[3].tests[2] == Cell("> 6000")


def test_rules_and_policies_that_come_and_go_are_told() -> None:
    table = limits()[1]
    new = replace(table.rules[0], id="", tests=(Cell('"partly"'), *table.rules[0].tests[1:]))
    wanted = replace(table, hit_policy=HitPolicy.UNIQUE, rules=(new, *table.rules[:-1]))
    told = [str(each) for each in differences(table, wanted)]
    assert told[0] == "Hit policy: FIRST becomes UNIQUE."
    assert any(each.startswith("Rule 1 is new") for each in told)
    assert any(each.startswith("Rule 7 is gone") for each in told)


@pytest.mark.parametrize("text", ["=1+1", "+1", "@x", "-5", "-", "'quoted", "'=x", "\ttab", 'a,b;c\n"d"', "_x0041_"])
def test_no_cell_is_taken_for_a_formula_and_each_comes_back(text: str) -> None:
    assert read_workbook(write_workbook([["A", text]])) == [["A", text]]
    assert read_csv(write_csv([["A", text]])) == [["A", text]]
    assert b",=" not in write_csv([["A", text]])


def test_rows_may_be_parted_by_semicolons() -> None:
    assert read_csv(b"\xef\xbb\xbfDecision;d;x\r\nHit policy;FIRST;") == [
        ["Decision", "d", "x"],
        ["Hit policy", "FIRST", ""],
    ]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        ([["Hit policy", "FIRST"]], "sheet_heading"),
        ([["Decision", "other"], ["Hit policy", "FIRST"], ["Column", "output"]], "sheet_decision"),
        ([["Decision", "d"], ["Hit policy", "SOME"], ["Column", "output"]], "sheet_policy"),
        ([["Decision", "d"], ["Hit policy", "FIRST"], ["Column", "inputs", "output"]], "sheet_column"),
        ([["Decision", "d"], ["Hit policy", "FIRST"], ["Column", "input"]], "sheet_output"),
        ([["Decision", "d"], ["Hit policy", "FIRST"], ["Column", "output"], *[["1", "x"]] * 10_001], "sheet_large"),
    ],
)
def test_a_sheet_that_is_no_table_is_refused(rows: list[list[str]], code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        table_of(rows, "d")
    assert refusal.value.code == code


def book_with(sheet: str, **parts: str) -> bytes:
    room = io.BytesIO(write_workbook([["A"]]))
    made = io.BytesIO()
    with zipfile.ZipFile(room) as old, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            new.writestr(name, sheet if name.endswith("sheet1.xml") and sheet else parts.get(name, old.read(name)))
    return made.getvalue()


SHEET = '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row>{}</row></sheetData></worksheet>'


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"PK no zip", "workbook_broken"),
        (book_with('<!DOCTYPE a [<!ENTITY b "c">]><worksheet/>'), "workbook_broken"),
        (book_with("<worksheet"), "workbook_broken"),
        (book_with(SHEET.format('<c r="A1" t="s"><v>7</v></c>')), "workbook_broken"),
        (book_with(SHEET.format('<c r="A1"><f>1+1</f><v>2</v></c>')), "workbook_formula"),
        (book_with(SHEET.format('<c r="A9999999"><v>2</v></c>')), "workbook_large"),
        (book_with(SHEET.format("<!-- " + "x" * 10_000_001 + " -->")), "workbook_large"),
    ],
)
def test_a_workbook_that_is_none_or_means_harm_is_refused(data: bytes, code: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_workbook(data)
    assert refusal.value.code == code
