"""What escalated, lapsed, or found nobody to do it, in the last days."""

from __future__ import annotations

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.model.lists import Listed, Place, place_from
from engine.queries.escalations import EventLine, Since, named_in
from engine.queries.escalations import escalations as escalated
from engine.queries.queue_load import led_queues
from web.access import LEADS, roles
from web.csv_lines import csv_answer, every_page
from web.current import read
from web.event_words import Names, told
from web.language import N_, _
from web.list_address import at, here
from web.manage.blueprint import blueprint
from web.manage.queue_names import titled
from web.manage.tabs import room_tabs

DAYS = (("1", N_("Since yesterday")), ("7", N_("A week")), ("30", N_("30 days")))
LEVELS = (("0", N_("All")), ("80", N_("From 80 %")), ("100", N_("Time used up")))
EXPORTED = 500


def asked() -> Since:
    """Read the address."""
    days, level = request.args.get("days", ""), request.args.get("level", "")
    return Since(
        days=int(days) if days in {each for each, _label in DAYS} else 7,
        level=int(level) if level in {each for each, _label in LEVELS} else 0,
        queue=request.args.get("queue", "")[:64],
    )


@blueprint.get("/manage/escalations")
@roles(*LEADS)
def escalations() -> str:
    """Show them, the newest first."""
    chosen = asked()
    with read() as tx:
        listed = escalated(tx, chosen, place_from(request.args.get("at")))
        names = Names(*named_in(tx, [line.event for line in listed.rows]))
        queues = titled(led_queues(tx))
    return render_template(
        "manage/escalations.html",
        asked=chosen,
        listed=listed,
        lines=[(line, told(line.event, names)) for line in listed.rows],
        queues=queues,
        names=dict(queues),
        days=DAYS,
        levels=LEVELS,
        tabs=room_tabs(),
        at=at,
        here=here,
    )


@blueprint.get("/manage/escalations.csv")
@roles(*LEADS)
def escalations_csv() -> ResponseReturnValue:
    """The whole list as CSV."""
    chosen = asked()

    def piece(place: Place | None) -> Listed[tuple[EventLine, str, str]]:
        with read() as tx:
            page = escalated(tx, chosen, place, size=EXPORTED)
            names = Names(*named_in(tx, [line.event for line in page.rows]))
        shown = [(line, told(line.event, names)) for line in page.rows]
        return Listed([(line, words.title, words.text) for line, words in shown], page.next, page.previous)

    lines = (
        (line.event.at, line.case_number, line.subject, line.queue, title, text)
        for line, title, text in every_page(piece)
    )
    return csv_answer("escalations", [_("Time"), _("Case"), _("Subject"), _("Queue"), _("What"), _("More")], lines)
