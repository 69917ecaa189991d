"""Decisions see what they require and no more: inputs, decisions, functions, services, and imported files by their names."""

from __future__ import annotations

from datetime import date

import pytest

from engine.execution.decisions import check_decisions, compile_decisions, decide
from engine.execution.expressions import ExpressionError
from engine.model.errors import DefinitionInvalid
from tests.engine.execution.decisions.boxed_in_xml import (
    context,
    decision,
    definitions,
    imported,
    invocation,
    literal,
    model,
    needs,
    service,
    told,
)

AGES = ["age:number"]


def codes(xml: object) -> list[str]:
    return [finding.message.code for finding in check_decisions(xml)]  # type: ignore[arg-type]  # bytes or a list of them


def test_a_decision_sees_what_it_requires_and_nothing_behind_that() -> None:
    far = decision("far", literal("7"))
    near = decision("near", literal("far + 1"), uses=needs("#_far"))
    xml = definitions(far, near, decision("d", literal("[near, far]"), uses=needs("#_near")))
    assert decide(xml, "d", {}).value == [8, None]
    assert codes(xml) == ["dmn_not_required"]


def test_each_decision_is_decided_once() -> None:
    shared = decision("shared", literal("now()"))
    sides = [decision(name, literal("shared"), uses=needs("#_shared")) for name in ("left", "right")]
    xml = definitions(shared, *sides, decision("d", literal("left = right"), uses=needs("#_left", "#_right")))
    assert len(compile_decisions(xml).plan("_d").steps) == 4


def test_an_input_of_another_type_is_null_alone_and_refused_in_a_process() -> None:
    xml = definitions(told("age:number"), decision("d", literal("age"), uses=needs("#_age", kind="Input")))
    result = decide(xml, "d", {"age": "old"})
    assert (result.value, result.inputs) == (None, {"age": None})
    assert "“age” does not fit" in str(result.problems[0])
    with pytest.raises(ExpressionError, match="“age” does not fit"):
        compile_decisions(xml).evaluate("_d", {"age": "old"}, strict=True)


def test_the_value_of_a_decision_has_its_type() -> None:
    xml = definitions(decision("d:number", literal('"seven"')))
    assert decide(xml, "d", {}).value is None
    assert "“d” does not fit: A number is wanted, not a string." in str(decide(xml, "d", {}).problems[0])
    with pytest.raises(ExpressionError, match="does not fit"):
        compile_decisions(xml).evaluate("_d", {}, strict=True)


def test_a_decision_is_asked_by_id_or_by_name() -> None:
    xml = definitions(decision("How much", literal("3")))
    assert decide(xml, "_How much", {}).value == decide(xml, "How much", {}).value == 3
    with pytest.raises(ExpressionError, match="no decision “How many”; the file has _How much"):
        decide(xml, "How many", {})


SERVICE = (
    told("first:string"),
    decision("second:string", literal('"decided"')),
    decision("both", literal('first + " " + second'), uses=needs("#_second") + needs("#_first", kind="Input")),
    decision("other", literal("1")),
    service("offer", "_both", "_second", "_first"),
    service("two", "_both _other", "", "_first", "_second"),
)


def test_a_service_is_a_function_of_its_inputs_and_then_its_decisions() -> None:
    uses = needs("#_offer", kind="Knowledge")
    by_place = decision("d", literal('offer("A", "B")'), uses=uses)
    by_name = decision("e", literal('offer(second: "B", first: "A")'), uses=uses)
    invoked = decision("f", invocation("offer", first='"A"', second='"B"'), uses=uses)
    xml = definitions(*SERVICE, by_place, by_name, invoked)
    assert [decide(xml, name, {}).value for name in "def"] == ["A B"] * 3


@pytest.mark.parametrize("call", ['offer("A")', 'offer("A", "B", "C")', "offer(1, 2)", 'offer(first: "A", third: "B")'])
def test_a_service_called_with_something_else_is_null_and_a_problem(call: str) -> None:
    result = decide(
        definitions(*SERVICE, decision("d", literal(call), uses=needs("#_offer", kind="Knowledge"))), "d", {}
    )
    assert result.value is None
    assert result.problems


def test_a_service_is_asked_by_name_and_gives_a_context_of_several_outputs() -> None:
    xml = definitions(*SERVICE)
    assert decide(xml, "two", {"first": "A"}).value == {"both": "A decided", "other": 1}
    assert decide(xml, "offer", {"first": "A", "second": "told"}).value == "A told"


def test_a_decision_that_a_service_offers_is_told_its_input_decisions_when_it_is_asked_by_name() -> None:
    xml = definitions(*SERVICE)
    assert decide(xml, "both", {"first": "A", "second": "told"}).value == "A told"
    assert decide(xml, "_both", {"first": "A", "second": "told"}).value == "A decided"
    assert decide(xml, "both", {"first": "A"}).value is None


TYPES = '<itemDefinition name="tPerson"><itemComponent name="full name"><typeRef>string</typeRef></itemComponent></itemDefinition>'
BASE = definitions(
    TYPES,
    told("person:tPerson"),
    decision("greeting", literal('"Hello, " + person.full name'), uses=needs("#_person", kind="Input")),
    model("shout", literal('upper case(text) + "!"'), "text:string"),
    service("greet", "_greeting", "", "_person"),
    namespace="urn:base",
)


def test_an_imported_file_is_seen_behind_its_name() -> None:
    uses = needs("urn:base#_greeting") + needs("urn:base#_shout", "urn:base#_greet", kind="Knowledge")
    logic = context(
        ("loud", literal("base.shout(base.greeting)")),
        ("ben", literal('base.greet({full name: "Ben"})')),
        ("typed:base.tPerson", literal('{full name: "Jan"}')),
        result=literal("[loud, ben, typed.full name]"),
    )
    xml = definitions(imported("base", "urn:base"), decision("d", logic, uses=uses), namespace="urn:main")
    told_person = {"base": {"person": {"full name": "Anna"}}}
    wanted = ["HELLO, ANNA!", "Hello, Ben", "Jan"]
    assert codes([xml, BASE]) == []
    assert decide([xml, BASE], "d", told_person).value == wanted
    assert decide({"base.dmn": BASE, "main.dmn": xml}, "d", {"person": {"full name": "Anna"}}).value == wanted


def test_one_file_imported_on_two_ways_is_told_twice() -> None:
    def between(namespace: str, suffix: str) -> bytes:
        logic = literal(f'base.greeting + "{suffix}"')
        return definitions(
            imported("base", "urn:base"),
            decision("greeted", logic, uses=needs("urn:base#_greeting")),
            namespace=namespace,
        )

    uses = needs("urn:one#_greeted", "urn:two#_greeted")
    main = definitions(
        imported("one", "urn:one"),
        imported("two", "urn:two"),
        decision("d", literal("[one.greeted, two.greeted]"), uses=uses),
        namespace="urn:main",
    )
    inputs = {"one": {"base": {"person": {"full name": "A"}}}, "two": {"base": {"person": {"full name": "B"}}}}
    files = [main, between("urn:one", "?"), between("urn:two", "!"), BASE]
    assert decide(files, "d", inputs).value == ["Hello, A?", "Hello, B!"]


def test_an_import_without_a_name_is_seen_as_if_it_were_here() -> None:
    uses = needs("urn:base#_greeting") + needs("urn:base#_shout", kind="Knowledge")
    logic = context(("p:tPerson", literal('{full name: "x"}')), result=literal("shout(greeting)"))
    xml = definitions(imported("", "urn:base"), decision("d", logic, uses=uses), namespace="urn:main")
    assert codes([xml, BASE]) == []
    assert decide([xml, BASE], "d", {"person": {"full name": "Anna"}}).value == "HELLO, ANNA!"


def test_files_beside_a_deployments_file_are_read_where_they_are_imported() -> None:
    xml = definitions(
        imported("base", "urn:base"),
        decision("d", literal("base.greeting"), uses=needs("urn:base#_greeting")),
        namespace="urn:main",
    )
    with pytest.raises(DefinitionInvalid, match="“base” is not among the files"):
        compile_decisions(xml, "main.dmn")
    found = compile_decisions(xml, "main.dmn", beside={"base.dmn": BASE, "other.txt": b"no"})
    assert found.evaluate("d", {"person": {"full name": "Anna"}}, strict=True).value == "Hello, Anna"


def test_files_that_import_one_another_are_a_finding() -> None:
    one = definitions(imported("two", "urn:two"), decision("d", literal("1")), namespace="urn:one")
    two = definitions(imported("one", "urn:one"), decision("e", literal("1")), namespace="urn:two")
    assert "dmn_import_circle" in codes([one, two])
    assert decide([one, two], "d", {}).value == 1


@pytest.mark.parametrize(
    ("parts", "code"),
    [
        ((decision("d", literal("1"), uses=needs("#_x")),), "dmn_requires_unknown"),
        ((decision("d", literal("1"), uses=needs("#_x", kind="Input")),), "dmn_input_unknown"),
        ((decision("d", literal("1"), uses=needs("#_x", kind="Knowledge")),), "dmn_knowledge_unknown"),
        ((decision("d", literal("1"), uses=needs("#_d")),), "dmn_circle"),
        ((service("s", "_x"),), "dmn_requires_unknown"),
        ((decision("d", literal("agee"), uses=needs("#_age", kind="Input")), told("age")), "dmn_name_unknown"),
        ((model("m", literal("a + b"), "a"),), "dmn_name_unknown"),
        ((decision("d", literal("m(1)")), model("m", literal("a"), "a")), "dmn_not_required"),
        (
            (told("age:tMoon"), decision("d", literal("age"), uses=needs("#_age", kind="Input"))),
            "decision_type_unknown",
        ),
    ],
)
def test_a_wrong_requirement_is_a_finding(parts: tuple[str, ...], code: str) -> None:
    assert code in codes(definitions(*parts))


def test_what_a_caller_tells_needs_no_declaration() -> None:
    xml = definitions(decision("d", literal("amount + 1")))
    assert codes(xml) == []
    result = compile_decisions(xml).evaluate("d", {"amount": 2, "other": 5}, strict=True)
    assert (result.value, result.inputs) == (3, {"amount": 2})


def test_a_name_that_is_also_a_function_may_be_told() -> None:
    xml = definitions(decision("d", literal('if date >= date("2026-01-01") then number else count([1])')))
    assert decide(xml, "d", {"date": date(2026, 3, 2), "number": "C-1"}).value == "C-1"


def test_a_circle_is_told_of_those_in_it_and_of_nobody_else() -> None:
    one = decision("one", literal("two"), uses=needs("#_two"))
    two = decision("two", literal("one"), uses=needs("#_one"))
    xml = definitions(one, two, decision("d", literal("one"), uses=needs("#_one")), decision("e", literal("1")))
    found = [finding for finding in check_decisions(xml) if finding.message.code == "dmn_circle"]
    assert [finding.element_id for finding in found] == ["_one", "_two"]
    assert decide(xml, "e", {}).value == 1
