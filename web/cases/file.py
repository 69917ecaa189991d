"""The case file: all that is known of a case on one page, told in the reader's language."""

from __future__ import annotations

from collections.abc import Mapping
from io import BytesIO
from json import dumps

from flask import Response, render_template, send_file
from flask.typing import ResponseReturnValue

from engine.model.case import CaseStatus
from engine.model.errors import FieldError, MakegoodError
from engine.model.running import DecisionRecordRow
from engine.queries.case_file import attachment_of, case_file, diagram_of
from web.access import DESK, roles
from web.cases.blueprint import blueprint
from web.current import read
from web.drawn_diagrams import in_words
from web.event_words import Names, told
from web.filters import country
from web.language import _
from web.rule_notes import reason_of
from web.security import diagrams
from web.words import key_name, value_name


@blueprint.get("/cases/<number>")
@roles(*DESK)
@diagrams
def file(number: str) -> str:
    """Show the file."""
    return page(number)


def page(number: str, *, refusal: MakegoodError | None = None, typed: dict[str, str] | None = None) -> str:
    """Render the file, with what was refused and typed where a small form of it did not fit."""
    with read() as tx:
        found = case_file(tx, number)
    names = Names(found.names, {task.id: task.name for task in found.tasks}, found.elements)
    faults: tuple[FieldError, ...] = tuple(getattr(refusal, "fields", ()))
    return render_template(
        "cases/file.html",
        file=found,
        case=found.case,
        names=found.names,
        events=[told(event, names) for event in reversed(found.events)],
        records=[(record, said_of(record), why(record)) for record in found.records],
        marks={view.instance.id: dumps(view.marks) for view in found.instances},
        is_open=found.case.status is CaseStatus.OPEN,
        special_mode_open=any(mode.status in ("requested", "sent_back") for mode in found.special_modes),
        refusal=refusal,
        faults={fault.field: fault.message for fault in faults},
        typed=typed or {},
        starts={clock.key: clock.started_at for clock in found.clocks},
    )


def said_of(record: DecisionRecordRow) -> str:
    """What a table answered."""
    result = record.result
    if not isinstance(result, dict):
        return shown(result)
    told = {name: value for name, value in result.items() if name != "reason"}
    return ", ".join(f"{key_name(name)}: {shown(value, of=name)}" for name, value in told.items())


def why(record: DecisionRecordRow) -> list[str]:
    """Why it answered so: what the rules that fired say in the reader's language, else what the table was given."""
    notes = [each.get("annotations") for each in record.fired if isinstance(each, Mapping)]
    told = [reason_of(note) for note in notes if isinstance(note, Mapping) and note]
    given = [
        f"{key_name(name)} = {shown(value, of=name)}"
        for name, value in record.inputs.items()
        if value not in (None, "") and not isinstance(value, dict)
    ]
    return list(dict.fromkeys(told)) or given


def shown(value: object, *, of: str = "") -> str:
    """A value of a table, or of its column or fact `of`, as people read it."""
    if value is None:
        return "–"
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if of == "country":
        return country(str(value))
    return value if isinstance(value, str) and of in ("text", "subject") else value_name(of, value)


@blueprint.get("/cases/<number>/diagram/<instance_id>")
@roles(*DESK)
def diagram(number: str, instance_id: str) -> ResponseReturnValue:
    """The diagram of a process that runs on the case."""
    with read() as tx:
        xml = diagram_of(tx, number, instance_id)
    return Response(in_words(xml), mimetype="application/xml")


@blueprint.get("/cases/<number>/attachments/<attachment_id>")
@roles(*DESK)
def attachment(number: str, attachment_id: str) -> ResponseReturnValue:
    """A file of the case, always as a download."""
    with read() as tx:
        found, content = attachment_of(tx, number, attachment_id)
    answer = send_file(
        BytesIO(content), mimetype=found.media_type, as_attachment=True, download_name=found.name, etag=found.digest
    )
    answer.headers["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return answer
