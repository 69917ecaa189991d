"""Incidents: what stopped, where and why; retried at once, or skipped with a reason."""

from __future__ import annotations

import json

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.actions.settle_incident import retry_incident, skip_incident
from engine.model.errors import Invalid
from engine.model.lists import Listed, Place, place_from
from engine.model.running import IncidentState
from engine.queries.incidents import IncidentLine, open_incidents
from engine.queries.incidents import incident as one_incident
from engine.queries.incidents import incidents as read_incidents
from web.access import roles
from web.csv_lines import csv_answer, every_page
from web.current import begin, read
from web.language import _, sentence
from web.list_address import at, here
from web.ops.blueprint import WATCHERS, blueprint, room_tabs
from web.ops.incident_words import AT_CUSTOMER, advice_on, incident_kind
from web.ops.job_words import job_name

EXPORTED = 500


def state_asked() -> str:
    """Open ones, unless the address asks for the settled."""
    return IncidentState.SETTLED if request.args.get("state") == IncidentState.SETTLED else IncidentState.OPEN


@blueprint.get("/ops/incidents")
@roles(*WATCHERS)
def incidents() -> str:
    """Show one list."""
    state = state_asked()
    with read() as tx:
        listed = read_incidents(tx, state, place_from(request.args.get("at")))
        count = open_incidents(tx)
    return render_template(
        "ops/incidents.html",
        listed=listed,
        state=state,
        count=count,
        job_name=job_name,
        tabs=room_tabs(incidents=count),
        at=at,
        here=here,
    )


@blueprint.get("/ops/incidents.csv")
@roles(*WATCHERS)
def incidents_csv() -> ResponseReturnValue:
    """The whole list as CSV."""
    state = state_asked()

    def piece(place: Place | None) -> Listed[IncidentLine]:
        with read() as tx:
            return read_incidents(tx, state, place, size=EXPORTED)

    headings = [
        _("Time"),
        _("Case"),
        _("Process"),
        _("Step"),
        _("What is wrong"),
        _("State"),
        _("Settled by"),
        _("Settled at"),
    ]
    lines = (
        (
            line.incident.created_at,
            line.case_number,
            line.process,
            line.element,
            sentence(line.incident.message),
            line.incident.settled_how or line.incident.state,
            line.settled_by,
            line.incident.settled_at,
        )
        for line in every_page(piece)
    )
    return csv_answer("incidents", headings, lines)


@blueprint.get("/ops/incidents/<incident_id>")
@roles(*WATCHERS)
def incident(incident_id: str) -> str:
    """Show one with everything that is known of it."""
    return page(incident_id)


def page(incident_id: str, *, error: str = "") -> str:
    """One incident; `error` is said at the reason."""
    with read() as tx:
        line = one_incident(tx, incident_id)
    args = (
        json.dumps(dict(line.job.args), indent=2, ensure_ascii=False, default=str)
        if line.job is not None and line.job.args
        else ""
    )
    return render_template(
        "ops/incident.html",
        line=line,
        args=args,
        error=error,
        job_name=job_name,
        incident_kind=incident_kind,
        advice=advice_on(line),
        advice_at_customer=line.incident.code in AT_CUSTOMER,
        tabs=room_tabs(),
    )


@blueprint.post("/ops/incidents/<incident_id>/retry")
@roles(*WATCHERS)
def retry(incident_id: str) -> ResponseReturnValue:
    """Try again now."""
    try:
        with begin() as tx:
            retry_incident(tx, incident_id, reason=request.form.get("reason", ""))
    except Invalid as invalid:
        return page(incident_id, error=" ".join(sentence(fault.message) for fault in invalid.fields)), 422
    flash(_("It is tried again now. Should it fail, it comes back as a new incident."), "done")
    return redirect(url_for(".incidents"), 303)


@blueprint.post("/ops/incidents/<incident_id>/skip")
@roles(*WATCHERS)
def skip(incident_id: str) -> ResponseReturnValue:
    """Go on without what failed."""
    try:
        with begin() as tx:
            skip_incident(tx, incident_id, reason=request.form.get("reason", ""))
    except Invalid as invalid:
        return page(incident_id, error=" ".join(sentence(fault.message) for fault in invalid.fields)), 422
    flash(_("The step was left out; the process goes on behind it."), "done")
    return redirect(url_for(".incidents"), 303)
