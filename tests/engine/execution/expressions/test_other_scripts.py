"""Scripts of other languages run where they read as assignments; whatever does more is refused with a sentence."""

from __future__ import annotations

import pytest

from engine.execution.expressions import ExpressionError, compile_script_of
from engine.model.errors import DefinitionInvalid
from tests.engine.execution.drawing import drawn

SEEN: dict[str, object] = {"price": 2, "count": 3, "paid": False, "none": None}


@pytest.mark.parametrize(
    ("language", "script", "written"),
    [
        ("groovy", "total = price * count; more = total + 1", {"total": 6, "more": 7}),
        ("javascript", "const sum = price + count; total = sum;", {"total": 5}),
        ("javascript", "late = !paid && price === 2 || false", {"late": True}),
        ("groovy", "execution.setVariable('total', execution.getVariable(\"price\") + 1)", {"total": 3}),
        ("js", "// a remark\ncount++; console.log(count)", {"count": 4}),
        ("groovy", "String word = 'a // b'\nBigDecimal x = 1\nsaid = word\nprintln 'done'", {"said": "a // b"}),
        ("groovy", "known = (none != null\n  && paid)", {"known": False}),
        ("juel", "${execution.setVariable('total', price)}", {"total": 2}),
        ("python", "total = price * count", {"total": 6}),
    ],
)
def test_assignments_of_other_languages_write_what_they_say(
    language: str, script: str, written: dict[str, object]
) -> None:
    assert compile_script_of(script, language).run(SEEN) == written


def test_what_a_script_declares_for_itself_is_no_variable_of_the_process() -> None:
    script = compile_script_of("let sum = price + count\ntotal = sum", "javascript")
    assert script.writes == {"total"}
    assert script.run(SEEN) == {"total": 5}


@pytest.mark.parametrize(
    ("language", "script"),
    [
        ("groovy", "if (paid) { total = 1 }"),
        ("javascript", "total = prices.map(p => p * 2)"),
        ("groovy", 'total = "${price} euro"'),
        ("javascript", "new Date()"),
        ("groovy", "java.lang.Runtime.getRuntime().exec('rm')"),
        ("ruby", "total = 1"),
        ("feel", "total = 1"),
    ],
)
def test_whatever_does_more_is_refused(language: str, script: str) -> None:
    with pytest.raises(ExpressionError):
        compile_script_of(script, language)


def test_a_task_runs_its_groovy_and_keeps_the_value_under_its_name() -> None:
    tasks = (
        'script count scriptFormat="text/x-groovy" do="n = 1; n += 1"\n'
        'script double scriptFormat=javascript camunda:resultVariable=twice do="n * 2;"'
    )
    simulated = drawn(f"start s\n{tasks}\nend e", "s > count > double > e")
    assert simulated.variables() == {"n": 2, "twice": 4}


def test_a_task_whose_script_does_more_is_a_finding_of_its_diagram() -> None:
    with pytest.raises(DefinitionInvalid) as refused:
        drawn('start s\nscript count scriptFormat=groovy do="n = new Date()"\nend e', "s > count > e")
    assert [(finding.element_id, finding.message.code) for finding in refused.value.findings] == [
        ("count", "script_language")
    ]
