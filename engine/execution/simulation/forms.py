"""A task with a form takes the form's fields, validated and typed; one without takes any name, here only (R2)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePosixPath

from engine.definitions.forms import join_forms, read_form
from engine.execution.form_rules import validate
from engine.model.errors import DefinitionInvalid, Finding, Invalid, Severity
from engine.model.form import Form


def forms_of(files: Mapping[str, bytes]) -> dict[str, Form]:
    """Read the form files, by key; raise DefinitionInvalid with all their error findings."""
    findings: list[Finding] = []
    found: dict[str, Form] = {}
    for name, data in files.items():
        if not name.endswith(".json"):
            continue
        read = read_form(data, key=PurePosixPath(name).stem, file=name)
        findings += read.findings
        if read.form is not None:
            found[read.form.key] = read.form
    joined, faults = join_forms(found)
    errors = [finding for finding in (*findings, *faults) if finding.severity is Severity.ERROR]
    if errors:
        raise DefinitionInvalid(errors)
    return joined


def typed(form: Form, data: Mapping[str, object], known: Mapping[str, object]) -> dict[str, object]:
    """Give the typed values; raise Invalid with every fault."""
    checked = validate(form, data, known)
    if checked.errors:
        first = checked.errors[0]
        raise Invalid(
            "form_faults",
            "{count} fields of the form do not fit; the first: {field}: {fault}",
            fields=checked.errors,
            count=len(checked.errors),
            field=first.field,
            fault=str(first.message),
        )
    return dict(checked.values)
