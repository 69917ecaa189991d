"""What people fill in becomes typed values, or a sentence beside every field that does not fit."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.execution.form_rules import check_conditions, validate
from tests.engine.definitions.forms.assess import assess, form_of

FORM = form_of(assess())
GOOD: dict[str, Any] = {"cause": "material", "found_on": "2026-03-02"}


def faults(**values: object) -> dict[str, str]:
    """The code of each fault by field."""
    return {error.field: error.message.code for error in validate(FORM, {**GOOD, **values}).errors}


def test_values_are_typed() -> None:
    given = {
        **GOOD,
        "cost": "120.50",
        "pieces": 3,
        "safe": True,
        "marks": ["rust"],
        "lines": [{"part": "Roof", "qty": 2}],
    }
    checked = validate(FORM, given)
    assert checked.errors == ()
    assert checked.values == {
        "cause": "material",
        "found_on": date(2026, 3, 2),
        "cost": Decimal("120.50"),
        "pieces": 3,
        "safe": True,
        "marks": ["rust"],
        "lines": [{"part": "Roof", "qty": 2}],
    }


def test_values_that_are_typed_already_are_taken_as_they_are() -> None:
    checked = validate(
        FORM, {"cause": "material", "found_on": date(2026, 3, 2), "cost": Decimal("3"), "pieces": Decimal(2)}
    )
    assert checked.errors == ()
    assert (checked.values["cost"], checked.values["pieces"]) == (Decimal(3), 2)


@pytest.mark.parametrize(
    ("name", "value", "code"),
    [
        ("cause", "theft", "field_choice"),
        ("cause", None, "field_required"),
        ("cause", "  ", "field_required"),
        ("cost", "a lot", "field_number"),
        ("cost", "-1", "field_minimum"),
        ("cost", "5000.01", "field_maximum"),
        ("cost", "NaN", "field_number"),
        ("cost", "1e999999", "field_number"),
        ("found_on", "2026-02-30", "field_date"),
        ("found_on", "2 March", "field_date"),
        ("found_on", "0000-01-01", "field_date"),
        ("pieces", "three", "field_number_whole"),
        ("pieces", 2.5, "field_whole"),
        ("pieces", 0, "field_minimum"),
        ("pieces", 10**40, "field_digits"),
        ("note", "x" * 20_001, "field_too_long"),
        ("note", ["deep"], "field_text"),
        ("mail", "anna", "field_email"),
        ("phone", "call me", "field_phone"),
        ("safe", "maybe", "field_yes_no"),
        ("marks", ["moss"], "field_choice"),
        ("marks", "rust", "field_choice"),
        ("photos", ["../../etc/passwd"], "field_file"),
        ("lines", {"part": "Roof"}, "field_lines"),
        ("ghost", 1, "field_unknown"),
    ],
)
def test_every_fault_has_its_code(name: str, value: object, code: str) -> None:
    expected = "field_whole" if code == "field_number_whole" else code
    found = faults(**{name: value})
    assert {field.split(".")[0]: each for field, each in found.items()} == {name: expected}


def test_a_fault_in_a_line_names_line_and_column() -> None:
    assert faults(lines=[{"part": "Roof"}, {"qty": 0}]) == {
        "lines.1.part": "field_required",
        "lines.1.qty": "field_minimum",
    }


def test_all_faults_come_at_once_in_the_order_of_the_form() -> None:
    checked = validate(FORM, {"phone": "?", "pieces": 0})
    assert [error.field for error in checked.errors] == ["cause", "found_on", "pieces", "phone"]


def test_a_hidden_field_is_neither_required_nor_kept() -> None:
    content = assess()
    content["schema"]["required"].append("cost")
    form = form_of(content)
    assert validate(form, GOOD).errors[0].field == "cost"
    checked = validate(form, {"cause": "misuse", "found_on": "2026-03-02", "cost": "nonsense"})
    assert checked.errors == ()
    assert "cost" not in checked.values


def test_a_condition_reads_what_is_known_of_the_case() -> None:
    content = assess()
    content["ui"]["fields"]["pieces"]["show_when"] = "country == 'PL' and cost > 100"
    form = form_of(content)
    values = {**GOOD, "cost": "120", "pieces": 3}
    assert "pieces" in validate(form, values, {"country": "PL"}).values
    assert "pieces" not in validate(form, values, {"country": "DE"}).values


def test_what_hangs_on_a_hidden_field_is_hidden_too() -> None:
    content = assess()
    content["ui"]["fields"]["pieces"]["show_when"] = "cost > 100"
    checked = validate(form_of(content), {"cause": "misuse", "found_on": "2026-03-02", "cost": "500", "pieces": 3})
    assert set(checked.values) == {"cause", "found_on"}


def test_a_condition_that_cannot_be_read_is_found_with_its_line() -> None:
    content = assess()
    content["ui"]["fields"]["pieces"]["show_when"] = "cause =! 'misuse'"
    found = list(check_conditions(form_of(content)))
    assert [finding.element_id for finding in found] == ["pieces"]
    assert found[0].line > 0
    assert list(check_conditions(form_of(assess()))) == []


def test_a_field_left_empty_is_null_and_one_left_out_is_not_written() -> None:
    assert validate(FORM, {**GOOD, "note": "  "}).values == {
        "cause": "material",
        "found_on": date(2026, 3, 2),
        "note": None,
    }


def test_a_field_that_is_only_shown_is_not_taken_from_people() -> None:
    content = assess()
    content["ui"]["fields"]["phone"]["readonly"] = True
    errors = validate(form_of(content), {**GOOD, "phone": "+48 22 123 45 67"}).errors
    assert [(error.field, error.message.code) for error in errors] == [("phone", "field_readonly")]


def test_text_that_is_no_text_is_cleaned() -> None:
    assert validate(FORM, {**GOOD, "note": " caf\u00e9 \x00\ud800 "}).values["note"] == "café ?"


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.decimals(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@given(st.dictionaries(st.sampled_from([field.name for field in FORM.fields]), json_values))
def test_no_input_breaks_the_check_and_what_passes_passes_again(values: dict[str, object]) -> None:
    checked = validate(FORM, values)
    if not checked.errors:
        assert validate(FORM, checked.values).values == checked.values
