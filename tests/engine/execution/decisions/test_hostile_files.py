"""Files that mean harm, or are broken anyhow, give findings, null or a refusal: never an accident, never code, never for ever."""

from __future__ import annotations

import time
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.execution.decisions import check_decisions, compile_decisions, decide
from engine.execution.expressions import ExpressionError
from engine.model.errors import DefinitionInvalid
from tests.engine.execution.decisions.boxed_in_xml import (
    conditional,
    context,
    decision,
    definitions,
    function,
    imported,
    invocation,
    literal,
    loop,
    model,
    needs,
    service,
    told,
)
from tests.engine.execution.decisions.tables_in_xml import table

GOOD = definitions(
    '<itemDefinition name="tSize"><typeRef>string</typeRef><allowedValues><text>"S","M"</text></allowedValues></itemDefinition>',
    told("size:tSize"),
    told("n:number"),
    model("f", conditional(literal("n > 0"), literal("n * 2"), literal("0")), "n:number"),
    decision(
        "a",
        table("FIRST", ["n:number"], ["o"], [("> 3", "f(n)"), ("-", "0")]),
        uses=needs("#_n", kind="Input") + needs("#_f", kind="Knowledge"),
    ),
    decision(
        "b",
        context(("x", literal("a + 1")), result=loop("for", "i", literal("1..3"), literal("i * x"))),
        uses=needs("#_a"),
    ),
    service("s", "_b", "_a"),
    decision("c", invocation("s", a="4"), uses=needs("#_s", kind="Knowledge")),
)


@pytest.mark.parametrize(
    "text",
    [
        "().__class__",
        "a.__class__.__bases__",
        '__import__("os")',
        'open("/etc/passwd")',
        "a.mro()",
        "{}.keys()",
        "format(a)",
    ],
)
def test_python_is_out_of_reach(text: str) -> None:
    xml = definitions(decision("d", context(("a", literal("[1]")), result=literal(text))))
    result = decide(xml, "d", {"x": 1})
    assert result.value in (None, [None], [])


def test_recursion_between_models_services_and_loops_ends_with_a_problem() -> None:
    uses = needs("#_s", "#_f", kind="Knowledge")
    f = model("f", loop("for", "i", literal("[n]"), literal("s(i + 1)")), "n", uses=uses)
    inner = decision("inner", literal("f(n)"), uses=needs("#_n", kind="Input") + uses)
    xml = definitions(told("n"), f, inner, service("s", "_inner", "", "_n"), decision("d", literal("f(1)"), uses=uses))
    result = decide(xml, "d", {})
    assert any("deeper than 300" in str(problem) for problem in result.problems)


def test_recursion_that_branches_ends_by_its_work() -> None:
    body = literal("f(n - 1) + f(n - 1)")
    xml = definitions(model("f", body, "n"), decision("d", literal("f(1)"), uses=needs("#_f", kind="Knowledge")))
    begun = time.monotonic()
    assert decide(xml, "d", {}).value is None
    assert time.monotonic() - begun < 60


def test_loops_over_more_than_there_is_room_for_end_with_a_problem() -> None:
    logic = loop("for", "i", literal("[1..1000000000]"), literal("i"))
    assert decide(definitions(decision("d", logic)), "d", {}).problems


def test_long_chains_and_wide_graphs_are_decided_without_recursion() -> None:
    chain = [decision("x0", literal("1"))]
    chain += [decision(f"x{n}", literal(f"x{n - 1} + 1"), uses=needs(f"#_x{n - 1}")) for n in range(1, 3_000)]
    assert decide(definitions(*reversed(chain)), "x2999", {}).value == 3_000


def test_files_that_import_the_next_ones_twice_are_read_in_time() -> None:
    files = [
        definitions(
            imported("a", f"urn:{n + 1}"),
            imported("b", f"urn:{n + 1}"),
            decision("d", literal("1")),
            namespace=f"urn:{n}",
        )
        for n in range(30)
    ]
    begun = time.monotonic()
    assert decide(files, "d", {}).value == 1
    assert time.monotonic() - begun < 20


def test_types_that_lie_in_one_another_for_ever_are_a_finding() -> None:
    types = '<itemDefinition name="tA"><itemComponent name="b"><typeRef>tB</typeRef></itemComponent></itemDefinition>'
    types += '<itemDefinition name="tB"><itemComponent name="a"><typeRef>tA</typeRef></itemComponent></itemDefinition>'
    xml = definitions(types, told("x:tA"), decision("d", literal("x.b"), uses=needs("#_x", kind="Input")))
    assert "decision_type_circle" in [finding.message.code for finding in check_decisions(xml)]
    assert decide(xml, "d", {"x": {"b": {"a": {"b": None}}}}).value == {"a": {"b": None}}


def test_functions_that_lie_deep_in_one_another_are_compiled_and_called() -> None:
    logic = literal("1")
    for _ in range(80):
        logic = function(logic)
    found = decide(definitions(decision("d", context(("f", logic), result=literal("f" + "()" * 80)))), "d", {})
    assert found.value == 1


@settings(max_examples=150, deadline=None)
@given(place=st.integers(0, len(GOOD) - 1), length=st.integers(0, 40), put=st.text(max_size=8))
def test_a_file_that_is_broken_anywhere_is_refused_in_words(place: int, length: int, put: str) -> None:
    broken = GOOD[:place] + put.encode("utf-8", "surrogatepass") + GOOD[place + length :]
    for finding in check_decisions(broken, "d.dmn"):
        assert str(finding.message)
        assert str(finding.remedy)
    with suppress(DefinitionInvalid):
        compile_decisions(broken)
    for name in ("a", "c", "s", "f"):
        with suppress(DefinitionInvalid, ExpressionError):
            decide(broken, name, {"n": 4, "a": 1, "size": "S"})


def test_the_file_that_is_broken_above_is_good() -> None:
    assert check_decisions(GOOD) == ()
    assert decide(GOOD, "c", {"n": 4, "size": "S"}).value == [5, 10, 15]
