"""Of a hundred faults seeded into good tables at least 95 are told; good files raise no alarm."""

from __future__ import annotations

from functools import cache
from random import Random

import pytest

from engine.checks import check_files
from engine.checks.tables import table_findings
from engine.execution.decisions import check_decisions, decide
from engine.model.errors import Finding, Severity
from engine.shipped import shipped_folder
from tests.conftest import SHARED
from tests.engine.checks.seeded_tables import GOOD, Good, seeded

KIT = SHARED / "conformance" / "cases" / "dmn"


@cache
def found_in(data: bytes) -> list[Finding]:
    return [*check_decisions(data, "t.dmn"), *table_findings(data, "t.dmn")]


@pytest.mark.parametrize("name", sorted(GOOD))
def test_a_good_table_has_no_finding(name: str) -> None:
    assert [str(finding) for finding in found_in(GOOD[name].written())] == []


def test_the_tables_that_ship_have_no_finding() -> None:
    for folder in ("complaint", "special_mode"):
        files = {path.name: path.read_bytes() for path in (shipped_folder("processes") / folder).glob("*.dmn")}
        assert files
        assert [str(finding) for finding in check_files(files)] == []


def test_seeded_faults_are_told() -> None:
    faults = list(seeded())
    missed: list[str] = []
    for fault in faults:
        before = {(found.message.code, str(found)) for found in found_in(fault.good)}
        now = {(found.message.code, str(found)) for found in found_in(fault.bad)} - before
        if not any(code in fault.codes for code, _ in now):
            missed.append(f"{fault.what}: {sorted(code for code, _ in now)}")
    print(f"{len(faults) - len(missed)} of {len(faults)} seeded faults told; missed: {missed}")  # noqa: T201  # a figure of this test
    assert len(faults) >= 100
    assert len(missed) / len(faults) <= 0.05, missed


def test_the_kits_valid_files_raise_hardly_an_alarm() -> None:
    if not KIT.is_dir():
        pytest.skip("the public kit is not beside this repository")
    alarms: list[str] = []
    files = sorted(KIT.rglob("*.dmn"))
    for path in files:
        beside = {other.name: other.read_bytes() for other in path.parent.glob("*.dmn")}
        told = [str(each) for each in table_findings(path.read_bytes(), path.name, beside=beside) if is_alarm(each)]
        alarms += told[:1]
    print(f"{len(alarms)} of {len(files)} valid files raise an alarm: {alarms}")  # noqa: T201  # a figure of this test
    assert len(alarms) / len(files) <= 0.05


def is_alarm(found: Finding) -> bool:
    return found.severity is not Severity.INFORMATION


@pytest.mark.parametrize("seed", range(40))
def test_gaps_and_overlaps_are_those_that_deciding_shows(seed: int) -> None:
    chance = Random(seed)
    cells = ["-", "< 10", "<= 10", "10", "[10..20]", "(10..20]", "]10..20[", "> 20", ">= 20", "not(10)", "5, 25"]
    colours = ["-", '"red"', '"red", "green"', 'not("red")']
    rows = [(chance.choice(cells), chance.choice(colours), str(number)) for number in range(chance.randint(1, 6))]
    table = Good("UNIQUE", ("n:number", 'colour:string:"red", "green"'), ("x:number",), tuple(rows)).written()
    answers = [
        decide(table, "d", {"n": n, "colour": colour})
        for n in (5, 7, 10, 15, 20, 25, 30)
        for colour in ("red", "green")
    ]
    codes = {found.message.code for found in found_in(table)}
    assert ("table_gap" in codes) == any(each.value is None and not each.problems for each in answers)
    assert bool(codes & {"table_overlap", "table_twin"}) == any(each.problems for each in answers)
