"""One version of a process: diagram with its text twin, tables, forms, letters, findings, files and versions."""

from __future__ import annotations

from flask import render_template, request, url_for

from engine.model.dmn import Decision, DecisionTable
from engine.queries.processes import ProcessPage, files_of, process_page
from engine.queries.table_trial import Trial, findings_by_rule, try_table
from engine.wiring import Tx
from web.access import roles
from web.current import actor, read
from web.design.blueprint import DEPLOYERS, READERS, blueprint
from web.design.element_words import details_of, kind_of, kinds_named, runtime_name
from web.language import _
from web.list_address import whole
from web.rule_notes import reason_of
from web.security import diagrams
from web.words import value_name

PARTS = ("diagram", "tables", "forms", "letters", "findings", "versions")


@blueprint.get("/design/<key>")
@roles(*READERS)
@diagrams
def process(key: str) -> str:
    """Show one part of it."""
    with read() as tx:
        page = process_page(tx, key, whole("version"))
        trial = _trial(tx, page)
    opened = page.opened
    part = request.args.get("show", "")
    part = part if part in PARTS else PARTS[0]
    chosen_form = next((form for form in opened.forms if form.key == request.args.get("form")), None)
    decisions, chosen_table = decisions_of(page), chosen(page)
    chosen_diagram = request.args.get("diagram", "")
    return render_template(
        "design/process.html",
        page=page,
        opened=opened,
        part=part,
        tabs=tabs(page, part),
        diagram=chosen_diagram if chosen_diagram in opened.diagrams else next(iter(opened.diagrams), ""),
        decisions=decisions,
        table=chosen_table,
        trial=trial,
        reason_of=reason_of,
        noted=findings_by_rule(opened.findings, chosen_table[0].id) if chosen_table else {},
        form=chosen_form or next(iter(opened.forms), None),
        may_deploy=actor().has(*DEPLOYERS),
        kind_of=kind_of,
        runtime_name=runtime_name,
        value_name=value_name,
        takes=kinds_named(page.takes),
        details_of=details_of,
        names={each.node.id: each.node.name or each.node.id for drawn in opened.processes for each in drawn.elements},
        is_table=lambda logic: isinstance(logic, DecisionTable),
    )


def decisions_of(page: ProcessPage) -> list[tuple[Decision, str]]:
    """All decisions, each with its file."""
    return [(each, file.file) for file in page.opened.tables for each in file.decisions]


def chosen(page: ProcessPage) -> tuple[Decision, str] | None:
    """The decision that is asked for, or the first."""
    decisions = decisions_of(page)
    wanted = (each for each in decisions if each[0].id == request.args.get("table"))
    return next(wanted, next(iter(decisions), None))


def _trial(tx: Tx, page: ProcessPage) -> Trial | None:
    """What the chosen decision gives for the sample inputs of the address; only where tables are shown."""
    found = chosen(page)
    if found is None or request.args.get("show") != "tables":
        return None
    typed = {name.removeprefix("in."): value for name, value in request.args.items() if name.startswith("in.")}
    files = files_of(tx, page.version.key, page.version.version)
    return try_table(tx, files, found[0].id, typed, tried="try" in request.args)


def tabs(page: ProcessPage, part: str) -> list[tuple[str, str, bool, str | None]]:
    """The parts of the page with how much is in each."""
    opened = page.opened
    labels = {
        "diagram": (_("Diagram"), None),
        "tables": (_("Tables"), sum(len(each.decisions) for each in opened.tables)),
        "forms": (_("Forms"), len(opened.forms)),
        "letters": (_("Letters"), len(opened.letters)),
        "findings": (_("Findings"), len(opened.findings)),
        "versions": (_("Versions and files"), len(page.versions)),
    }
    found: list[tuple[str, str, bool, str | None]] = []
    for name, (label, count) in labels.items():
        url = url_for(".process", key=page.version.key, show=name, version=request.args.get("version"))
        found.append((label, url, name == part, None if count is None else str(count)))
    return found
