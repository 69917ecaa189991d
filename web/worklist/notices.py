"""What the reader was told, and marking it as read."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.actions.read_notices import read_notices
from engine.model.lists import Listed, Place, place_from
from engine.queries.notices import NoticeLine
from engine.queries.notices import notices as notices_of
from web.access import STAFF, roles
from web.csv_lines import csv_answer, every_page
from web.current import begin, read
from web.language import _
from web.list_address import at, here
from web.worklist.blueprint import blueprint
from web.worklist.leading_on import to_task
from web.worklist.notice_words import reason, said, tone


@blueprint.get("/notices")
@roles(*STAFF)
def notices() -> str:
    """The reader's notices, the newest first."""
    with read() as tx:
        listed = notices_of(tx, place_from(request.args.get("at")))
    return render_template(
        "worklist/notices.html", listed=listed, said=said, tone=tone, reason=reason, at=at, here=here
    )


@blueprint.get("/notices.csv")
@roles(*STAFF)
def notices_csv() -> ResponseReturnValue:
    """The whole list as CSV."""

    def page(place: Place | None) -> Listed[NoticeLine]:
        with read() as tx:
            return notices_of(tx, place)

    headings = (_("When"), _("What"), _("Reason"), _("Case"), _("Subject"))
    lines = (
        (line.notice.created_at, said(line), reason(line), line.case_number, line.subject) for line in every_page(page)
    )
    return csv_answer("notices", headings, lines)


@blueprint.post("/notices/read")
@roles(*STAFF)
def mark_read() -> ResponseReturnValue:
    """Mark one notice, or all, as read; one that belongs to a task leads there."""
    only = request.form.get("notice") or None
    with begin() as tx:
        read_notices(tx, only=only)
    task, case = request.form.get("task"), request.form.get("case")
    if only and task:
        return to_task(task)
    if only and case:
        return redirect(url_for("cases.file", number=case), 303)
    return redirect(url_for(".notices"), 303)
