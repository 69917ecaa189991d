"""A form file becomes typed fields, or every fault with its line."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from engine.definitions.forms import join_forms, read_form
from engine.model.form import FieldKind, GroupMode, Store, Widget, text_in
from tests.engine.definitions.forms.assess import assess, codes_of, form_of

K = FieldKind


def test_each_field_has_the_kind_that_its_schema_says() -> None:
    kinds = {field.name: field.kind for field in form_of(assess()).fields}
    assert kinds == {
        "cause": K.CHOICE,
        "cost": K.MONEY,
        "found_on": K.DATE,
        "pieces": K.NUMBER,
        "note": K.LONG_TEXT,
        "mail": K.EMAIL,
        "phone": K.PHONE,
        "safe": K.YES_NO,
        "marks": K.CHOICES,
        "photos": K.FILE,
        "lines": K.LINES,
    }


def test_a_good_form_has_no_findings_and_says_what_it_may_write() -> None:
    assert codes_of(assess()) == []
    form = form_of(assess())
    assert form.names == {field.name for field in form.fields}
    assert form.stored(Store.CUSTOMER) == {"mail", "phone"}
    assert form.stored(Store.ATTACHMENT) == {"photos"}


def test_texts_fall_back_to_english() -> None:
    cause = form_of(assess()).fields[0]
    assert text_in(cause.label, "pl") == "Przyczyna"
    assert text_in(cause.label, "de") == "Cause"
    assert [text_in(option.label, "pl") for option in cause.options] == ["Material", "Assembly", "Wrong use"]


def test_the_order_is_the_designers_and_what_it_leaves_out_comes_last() -> None:
    content = assess()
    content["ui"]["order"] = ["cost", "cause"]
    assert [field.name for field in form_of(content).fields][:3] == ["cost", "cause", "found_on"]
    assert set(codes_of(content)) == {"form_order_missing"}


def test_a_long_choice_is_a_list_and_a_short_one_buttons() -> None:
    content = assess()
    assert form_of(content).fields[0].widget is Widget.RADIO
    content["schema"]["properties"]["cause"]["enum"] = ["misuse", *"abcdef"]
    assert form_of(content).fields[0].widget is Widget.SELECT


Change = Callable[[dict[str, Any]], object]

FAULTS: list[tuple[str, Change]] = [
    ("form_no_fields", lambda form: form["schema"].update(properties={}, required=[])),
    ("form_unknown_field", lambda form: form["schema"]["required"].append("ghost")),
    ("form_unknown_field", lambda form: form["ui"]["fields"].update(ghost={})),
    ("form_order", lambda form: form["ui"].update(order=["ghost"])),
    ("form_order_twice", lambda form: form["ui"].update(order=["cause", "cause"])),
    ("form_widget", lambda form: form["ui"]["fields"]["cause"].update(widget="slider")),
    ("form_ui_key", lambda form: form["ui"]["fields"]["cause"].update(colour="red")),
    ("form_store", lambda form: form["ui"]["fields"]["cause"].update(store="cloud")),
    ("form_store", lambda form: form["ui"]["fields"]["photos"].update(store="variable")),
    ("form_texts", lambda form: form["ui"]["fields"]["cause"].update(label="Cause")),
    ("form_option", lambda form: form["ui"]["fields"]["cause"]["options"].update(theft={"en": "Theft"})),
    ("form_readonly_required", lambda form: form["ui"]["fields"]["cause"].update(readonly=True)),
    ("form_label", lambda form: form["ui"]["fields"]["cause"].pop("label")),
    ("form_group", lambda form: form["ui"].update(groups=[{"mode": "readonly"}])),
    ("form_list", lambda form: form["ui"].update(sections="all")),
    ("form_section", lambda form: form["ui"].update(sections=[{"title": {"en": "A"}, "fields": ["ghost"]}])),
    ("form_unknown_key", lambda form: form.update(fields=[])),
    ("form_unknown_key", lambda form: form["schema"].update(allOf=[])),
    ("form_keyword", lambda form: form["schema"]["properties"]["cause"].update(contentEncoding="base64")),
    ("form_field_kind", lambda form: form["schema"]["properties"].update(cause={"type": "object"})),
    ("form_field_name", lambda form: form["schema"]["properties"].update({"_cause": {"type": "string"}})),
    ("form_schema", lambda form: form["schema"]["properties"].update(cause={"type": "strin"})),
    ("form_schema", lambda form: form["schema"]["properties"]["mail"].update(format="mail")),
    ("form_schema", lambda form: form["schema"]["properties"]["note"].update(pattern="(a+)\\1")),
    ("form_part", lambda form: form.pop("schema")),
    ("form_title", lambda form: form.pop("title")),
    ("form_column", lambda form: form["ui"]["fields"]["lines"]["columns"]["qty"].update(show_when="part != ''")),
    (
        "form_column",
        lambda form: form["schema"]["properties"]["lines"]["items"]["properties"].update(
            photo={"type": "string", "format": "file"}
        ),
    ),
]


@pytest.mark.parametrize(("code", "change"), FAULTS, ids=[f"{place}-{code}" for place, (code, _) in enumerate(FAULTS)])
def test_every_fault_of_a_form_is_found(code: str, change: Change) -> None:
    content = assess()
    change(content)
    assert code in codes_of(content)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "form_json"),
        (b'{"title": 1, "title": 2}', "form_key_twice"),
        (b"[]", "form_not_object"),
        (b'{"a": NaN}', "form_json_value"),
        (b"[" * 100_000, "form_json_value"),
        (b'"' + b"a" * 1_000_001 + b'"', "form_too_large"),
        ("{}".encode("utf-16"), "form_encoding"),
    ],
)
def test_what_is_no_form_file_at_all_is_one_finding(data: bytes, code: str) -> None:
    read = read_form(data, key="assess")
    assert read.form is None
    assert [finding.message.code for finding in read.findings] == [code]


def test_a_finding_names_file_line_and_what_to_do() -> None:
    content = assess()
    content["ui"]["fields"]["pieces"]["widget"] = "slider"
    text = json.dumps(content, indent=1)
    finding = read_form(text.encode(), key="assess").findings[0]
    assert finding.file == "forms/assess.json"
    assert '"pieces"' in text.splitlines()[finding.line - 1]
    assert str(finding.remedy) == "For this field there is: input."


def test_a_schema_never_reaches_for_the_network() -> None:
    content = assess()
    content["schema"]["properties"]["cause"] = {"$ref": "http://127.0.0.1:1/schema.json"}
    assert "form_schema" in codes_of(content)


def _forms(mode: str) -> tuple[dict[str, Any], dict[str, Any]]:
    facts = {
        "title": {"en": "Facts"},
        "schema": {"type": "object", "properties": {"country": {"type": "string"}}},
        "ui": {},
    }
    content = assess()
    content["ui"]["groups"] = [{"use": "facts", "mode": mode}]
    return content, facts


def test_a_readonly_group_shows_facts_and_asks_nothing() -> None:
    content, facts = _forms("readonly")
    joined, findings = join_forms({"assess": form_of(content), "facts": form_of(facts)})
    group = joined["assess"].groups[0]
    assert (group.mode, [field.name for field in group.fields], findings) == (GroupMode.READONLY, ["country"], ())
    assert "country" not in joined["assess"].names


def test_the_fields_of_an_edited_group_become_the_forms_own() -> None:
    content, facts = _forms("edit")
    joined, findings = join_forms({"assess": form_of(content), "facts": form_of(facts)})
    assert findings == ()
    assert "country" in joined["assess"].names
    assert "country" in json.loads(joined["assess"].schema)["properties"]
    assert joined["assess"].sections[-1].names == ("country",)


def test_a_group_that_does_not_exist_is_found() -> None:
    content, _ = _forms("readonly")
    _, findings = join_forms({"assess": form_of(content)})
    assert [finding.message.code for finding in findings] == ["form_group_unknown"]


def test_a_group_that_asks_for_the_same_field_is_found() -> None:
    content, facts = _forms("edit")
    facts["schema"]["properties"]["cause"] = {"type": "string"}
    _, findings = join_forms({"assess": form_of(content), "facts": form_of(facts)})
    assert [finding.message.code for finding in findings] == ["form_group_twice"]
