"""`makegood decide` gives a value as JSON, its rules with their reasons, and refuses in sentences."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from engine.commands.demo.making import make_demo
from engine.commands.terminal import Terminal
from engine.model.people import SYSTEM
from engine.model.running import DecisionRecordRow
from engine.queries.decision_again import decided_again
from engine.settings import Settings
from engine.shipped import shipped_folder
from engine.store import rows
from engine.wiring import build
from tests.engine.commands.conftest import Run
from tests.engine.execution.decisions.tables_in_xml import decision, definitions, table

LIMITS = shipped_folder("processes") / "complaint" / "approval_limits.dmn"
REFUSAL = '{"decision": "reject", "amount": 600.50}'


def test_the_value_comes_alone_as_json(makegood: Run) -> None:
    said = makegood("decide", LIMITS, "--decision", "approval_limit", "--input", REFUSAL)
    assert (said.code, json.loads(said.out)) == (0, {"second_person": True, "limit": 0})


def test_explained_it_says_which_rule_fired_and_why(makegood: Run) -> None:
    said = makegood("decide", LIMITS, "--decision", "approval_limit", "--input", REFUSAL, "--explain")
    assert "  amount = 600.5\n" in said.out
    assert "approval_limit, rule 1: Every refusal is checked by a second person." in said.out


def test_the_input_may_come_from_a_pipe(makegood: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO(REFUSAL))
    said = makegood("decide", LIMITS, "--decision", "approval_limit", "--input", "-", "--json")
    assert json.loads(said.out)["fired"][0]["rule"] == 1


def test_files_given_together_see_one_another(makegood: Run, tmp_path: Path) -> None:
    lower = definitions(
        '<inputData id="i" name="n"/>', decision("d", "<literalExpression><text>1 + 1</text></literalExpression>")
    )
    (tmp_path / "lower.dmn").write_bytes(lower.replace(b'namespace="urn:t"', b'namespace="urn:lower"'))
    upper = definitions(
        '<import name="low" namespace="urn:lower" importType="https://www.omg.org/spec/DMN/20230324/MODEL/"/>',
        '<decision id="u" name="u"><informationRequirement><requiredDecision href="urn:lower#d"/></informationRequirement>'
        "<literalExpression><text>low.d * 21</text></literalExpression></decision>",
    )
    (tmp_path / "upper.dmn").write_bytes(upper)
    said = makegood("decide", tmp_path / "upper.dmn", tmp_path / "lower.dmn", "--decision", "u")
    assert (said.code, said.out) == (0, "42\n")


def test_now_is_told(makegood: Run, tmp_path: Path) -> None:
    (tmp_path / "t.dmn").write_bytes(
        definitions(decision("d", table("FIRST", ["today()"], ["x"], [["-", "today()", "n"]])))
    )
    said = makegood("decide", tmp_path / "t.dmn", "--decision", "d", "--now", "2026-03-02T09:00Z")
    assert json.loads(said.out) == "2026-03-02"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ((LIMITS, "--decision", "nothing"), "There is no decision “nothing”"),
        ((LIMITS, "--decision", "approval_limit", "--input", "{"), "The input is no JSON"),
        ((LIMITS, "--decision", "approval_limit", "--input", "[1]"), "The input is an object"),
        ((LIMITS, "--decision", "approval_limit", "--now", "noon"), "“noon” is no time"),
        ((LIMITS,), "Name the decision"),
        (("--decision", "d"), "Name a DMN file"),
        ((LIMITS.with_name("none.dmn"), "--decision", "d"), "There is no file"),
    ],
)
def test_what_cannot_be_decided_is_refused_in_a_sentence(
    makegood: Run, arguments: tuple[object, ...], words: str
) -> None:
    said = makegood("decide", *map(str, arguments))
    assert (said.code, said.out) == (1, "")
    assert words in said.err


def test_every_record_of_the_demonstration_comes_out_the_same_again(
    tmp_path: Path, makegood: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    make_demo(settings, Terminal(io.StringIO(), io.StringIO()))
    engine = build(settings)
    with engine.read(SYSTEM) as tx:
        records = rows.find(tx, DecisionRecordRow, order_by="id")
        again = [decided_again(tx, record.id) for record in records]
    engine.close()
    assert len(again) > 300
    assert [found.record.id for found in again if not found.same] == []
    monkeypatch.setenv("MAKEGOOD_DATA_DIR", str(settings.data_dir))
    said = makegood("decide", "--record", records[0].id, "--explain")
    assert (said.code, "The same as in the record of" in said.err) == (0, True)
    assert "There is no record" in makegood("decide", "--record", "nothing").err
