"""Clocks that are over or due soon, the law's first, each with its case and who has it."""

from __future__ import annotations

from dataclasses import dataclass

from flask import render_template, request
from flask.typing import ResponseReturnValue

from engine.model.lists import Listed, Place, place_from
from engine.queries.clock_board import KEYS, ClockLine, Watched, clock_counts, watched_clocks
from engine.queries.queue_load import led_queues
from web.access import LEADS, roles
from web.csv_lines import csv_answer, every_page
from web.current import read
from web.language import N_, _, drawn
from web.list_address import at, here
from web.manage.blueprint import blueprint
from web.manage.queue_names import titled
from web.manage.tabs import room_tabs
from web.words import clock_name, key_name, stage_name

WITHIN = (("2", N_("Two days")), ("7", N_("A week")), ("30", N_("30 days")), ("0", N_("Overdue only")))
EXPORTED = 500


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for."""

    key: str
    within: str
    queue: str

    @property
    def wanted(self) -> Watched:
        """The same for the query."""
        days = int(self.within)
        return Watched(key="" if self.key == "all" else self.key, days=days, overdue=days == 0, queue=self.queue)


def asked() -> Asked:
    """Read the address; the law's clocks come first."""
    key, within = request.args.get("clock", ""), request.args.get("within", "")
    known = {each for each, _label in WITHIN}
    return Asked(
        key if key in (*KEYS, "all") else KEYS[0],
        within if within in known else "7",
        request.args.get("queue", "")[:64],
    )


@blueprint.get("/manage/clocks")
@roles(*LEADS)
def clocks() -> str:
    """Show one kind of clock."""
    chosen = asked()
    with read() as tx:
        listed = watched_clocks(tx, chosen.wanted, place_from(request.args.get("at")))
        counts = clock_counts(tx, Watched(days=max(int(chosen.within), 0), queue=chosen.queue))
        queues = titled(led_queues(tx))
    kinds = [
        (clock_name(each.key), here(clock=each.key), each.key == chosen.key, str(each.within) if each.within else None)
        for each in counts
    ]
    kinds.append((_("All kinds"), here(clock="all"), chosen.key == "all", None))
    return render_template(
        "manage/clocks.html",
        asked=chosen,
        listed=listed,
        kinds=kinds,
        over=sum(each.over for each in counts if chosen.key in (each.key, "all")),
        queues=queues,
        names=dict(queues),
        within=WITHIN,
        tabs=room_tabs(),
        at=at,
        here=here,
    )


@blueprint.get("/manage/clocks.csv")
@roles(*LEADS)
def clocks_csv() -> ResponseReturnValue:
    """The whole list as CSV."""
    chosen = asked()

    def piece(place: Place | None) -> Listed[ClockLine]:
        with read() as tx:
            return watched_clocks(tx, chosen.wanted, place, size=EXPORTED)

    headings = [
        _("Case"),
        _("Subject"),
        _("Clock"),
        _("Due"),
        _("Last day"),
        _("Zone"),
        _("Queue"),
        _("Stage"),
        _("Task"),
        _("Owner"),
    ]
    lines = (
        (
            line.case_number,
            line.subject,
            clock_name(line.key),
            line.due_at,
            line.last_day,
            line.zone,
            key_name(line.queue) if line.queue else "",
            stage_name(line.stage),
            drawn(line.task_name),
            line.owner_name,
        )
        for line in every_page(piece)
    )
    return csv_answer("clocks", headings, lines)
