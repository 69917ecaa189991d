"""Forms beside a diagram: those that it names exist and read well, and tasks ask for nothing twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import PurePosixPath

from engine.definitions.forms import join_forms, read_form
from engine.definitions.standard.diagram import Diagram
from engine.execution.form_rules import check_conditions
from engine.model.errors import Finding, Message
from engine.model.form import Form


def form_key(name: str) -> str:
    """The key of a form file; the empty text for a file that is no form."""
    path = PurePosixPath(name)
    return path.stem if path.suffix == ".json" and path.parent.name in {"", "forms"} else ""


def forms_read_well(files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Every form file is a form, its conditions can be read, and the groups that it uses are there."""
    forms, findings = joined(files)
    for form in forms.values():
        findings += check_conditions(form)
    yield from findings


def joined(files: Mapping[str, bytes]) -> tuple[Mapping[str, Form], list[Finding]]:
    """The forms among the files with the groups that they use, and what is wrong with them."""
    forms: dict[str, Form] = {}
    findings: list[Finding] = []
    for name in sorted(files):
        key = form_key(name)
        if key:
            read = read_form(files[name], key=key, file=name)
            findings += read.findings
            if read.form is not None:
                forms[key] = read.form
    whole, faults = join_forms(forms)
    return whole, [*findings, *faults]


def forms_exist(diagram: Diagram, files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Every form that a running process shows is among the files."""
    known = {form_key(name) for name in files}
    for level in diagram.levels():
        for node in level.body.nodes if level.runs else ():
            form = node.user.form if node.user else ""
            if form and form not in known:
                yield level.error(
                    node,
                    Message("form_unknown", "The form “{form}” is missing.", {"form": form}),
                    Message("form_unknown_remedy", "Write forms/{form}.json, or correct the name.", {"form": form}),
                )
