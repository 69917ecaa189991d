"""Jobs that wait, run or have failed."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.model.lists import Listed, Place, place_from
from engine.model.running import JobState
from engine.queries.jobs import JobLine, work_figures
from engine.queries.jobs import jobs as read_jobs
from web.access import roles
from web.csv_lines import csv_answer, every_page
from web.current import read
from web.language import _
from web.list_address import at, here
from web.ops.blueprint import WATCHERS, blueprint, room_tabs
from web.ops.job_words import job_name

EXPORTED = 500


def state_asked() -> str:
    """Waiting ones, unless the address asks for others."""
    state = request.args.get("state", "")
    return state if state in set(JobState) else JobState.PENDING


@blueprint.get("/ops/jobs")
@roles(*WATCHERS)
def jobs() -> str:
    """Show one list."""
    state = state_asked()
    with read() as tx:
        listed = read_jobs(tx, state, place_from(request.args.get("at")))
        work = work_figures(tx)
    choices = [
        (_("Waiting"), here(state=JobState.PENDING), state == JobState.PENDING, str(work.waiting)),
        (_("Running"), here(state=JobState.RUNNING), state == JobState.RUNNING, str(work.running)),
        (_("Failed"), here(state=JobState.FAILED), state == JobState.FAILED, str(work.failed)),
    ]
    return render_template(
        "ops/jobs.html",
        listed=listed,
        state=state,
        work=work,
        choices=choices,
        tabs=room_tabs(),
        job_name=job_name,
        at=at,
        here=here,
    )


@blueprint.get("/ops/jobs.csv")
@roles(*WATCHERS)
def jobs_csv() -> ResponseReturnValue:
    """The whole list as CSV."""
    state = state_asked()

    def piece(place: Place | None) -> Listed[JobLine]:
        with read() as tx:
            return read_jobs(tx, state, place, size=EXPORTED)

    headings = [_("Job"), _("Case"), _("State"), _("Due"), _("Attempts"), _("Last error"), _("Created")]
    lines = (
        (
            job_name(line.job.name),
            line.case_number,
            line.job.state,
            line.job.due_at,
            line.job.attempts,
            line.job.last_error,
            line.job.created_at,
        )
        for line in every_page(piece)
    )
    return csv_answer("jobs", headings, lines)
