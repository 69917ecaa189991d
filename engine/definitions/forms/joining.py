"""Forms that use other forms are joined: facts of a readonly group, fields of an edited one; one level deep."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from json import loads

from engine.definitions.forms.reader import schema_text
from engine.model.errors import Finding, Message, Severity
from engine.model.form import Form, Group, GroupMode, Section


def join_forms(forms: Mapping[str, Form]) -> tuple[dict[str, Form], tuple[Finding, ...]]:
    """Give the forms with their groups filled in, and what stands in the way."""
    findings: list[Finding] = []
    joined = {key: _join(form, forms, findings) for key, form in forms.items()}
    return joined, tuple(findings)


def _join(form: Form, forms: Mapping[str, Form], findings: list[Finding]) -> Form:
    for group in form.groups:
        used = forms.get(group.use)
        refusal = _refusal(form, group, used)
        if used is None or refusal is not None:
            findings.append(refusal or _finding(form, group, _unknown(group), _UNKNOWN_REMEDY))
        elif group.mode is GroupMode.READONLY:
            filled = replace(group, title=used.title, fields=used.fields)
            form = replace(form, groups=tuple(filled if each is group else each for each in form.groups))
        else:
            form = _with_fields(form, used)
    return replace(form, groups=tuple(each for each in form.groups if each.mode is GroupMode.READONLY))


def _with_fields(form: Form, used: Form) -> Form:
    properties = loads(form.schema)["properties"] | loads(used.schema)["properties"]
    fields = (*form.fields, *used.fields)
    section = Section(used.title, tuple(field.name for field in used.fields))
    sections = (*form.sections, *(used.sections or (section,)))
    return replace(form, fields=fields, sections=sections, schema=schema_text(properties, fields))


_UNKNOWN_REMEDY = Message("form_group_unknown_remedy", "Write forms/<key>.json for it, or correct the name.")


def _unknown(group: Group) -> Message:
    return Message("form_group_unknown", "The group “{group}” is no form of this deployment.", {"group": group.use})


def _refusal(form: Form, group: Group, used: Form | None) -> Finding | None:
    if used is None:
        return None
    if used.groups:
        what = Message("form_group_nested", "The group “{group}” uses groups itself.", {"group": group.use})
        return _finding(form, group, what, Message("form_group_nested_remedy", "Use its groups here, side by side."))
    taken = {field.name for field in form.fields} & {field.name for field in used.fields}
    if group.mode is GroupMode.EDIT and taken:
        what = Message(
            "form_group_twice",
            "The group “{group}” and the form both ask for: {fields}.",
            {"group": group.use, "fields": ", ".join(sorted(taken))},
        )
        return _finding(form, group, what, Message("form_group_twice_remedy", "Ask for each field in one place."))
    return None


def _finding(form: Form, group: Group, what: Message, remedy: Message) -> Finding:
    return Finding(Severity.ERROR, what, remedy, file=form.file, line=group.line, element_id=group.use)
