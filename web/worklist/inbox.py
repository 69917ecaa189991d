"""The inbox: my tasks, what I may take, and one list for each of my queues."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.actions.permission import may_perform
from engine.actions.take_next_task import take_next_task
from engine.model.lists import Colour, Holding, Listed, Place, WorkFilter, order_from, place_from
from engine.queries.worklist import (
    Desk,
    Walk,
    WorkItem,
    desk,
    my_tasks,
    queue_lines,
    queue_tasks,
    takeable_tasks,
)
from engine.wiring import Tx
from web.access import DESK, roles
from web.csv_lines import csv_answer, every_page
from web.current import actor, begin, read
from web.language import N_, _, drawn
from web.list_address import at, here, sorted_by, whole
from web.words import clock_name, key_name, queue_title, task_state_name
from web.worklist.blueprint import blueprint
from web.worklist.leading_on import to_task

MINE, TAKEABLE = "mine", "open"
SORTS = ("due", "priority", "age")
PAGE, EXPORTED = 30, 500
COLOURS = (
    (Colour.LATE, N_("Late")),
    (Colour.SOON, N_("Soon due")),
    (Colour.OK, N_("Time enough")),
    (Colour.NONE, N_("Without a due")),
)
HOLDINGS = (
    (Holding.FREE, N_("To be taken")),
    (Holding.TAKEN, N_("Taken")),
    (Holding.STARTED, N_("Started")),
    (Holding.ALL, N_("All open")),
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which list the address asks for, and how."""

    view: str
    filter: WorkFilter
    walk: Walk

    def read(self, tx: Tx) -> Listed[WorkItem]:
        """Read its page."""
        if self.view == MINE:
            return my_tasks(tx, self.filter, self.walk)
        if self.view == TAKEABLE:
            return takeable_tasks(tx, self.filter, self.walk)
        return queue_tasks(tx, self.view, self.filter, self.walk)


def wanted() -> Wanted:
    """Read the address."""
    view = request.args.get("list", MINE)
    holding = request.args.get("holding", "")
    colour = request.args.get("colour", "")
    default = Holding.ALL if view in (MINE, TAKEABLE) else Holding.FREE
    found = WorkFilter(
        holding=Holding(holding) if holding in set(Holding) else default,
        colour=Colour(colour) if colour in set(Colour) else None,
        category=request.args.get("category", "")[:80],
        priority=whole("priority"),
        text=request.args.get("words", "")[:200],
    )
    walk = Walk(order_from(request.args.get("sort"), SORTS), place_from(request.args.get("at")), PAGE)
    return Wanted(view, found, walk)


@blueprint.get("/inbox")
@roles(*DESK)
def inbox() -> str:
    """Show one list of tasks, with tabs for the others."""
    asked = wanted()
    with read() as tx:
        counts = desk(tx)
        listed = asked.read(tx)
        offered = takeable_tasks(tx, WorkFilter(), Walk(size=5)) if asked.view == MINE and not listed.rows else None
    return render_template(
        "worklist/inbox.html",
        asked=asked,
        listed=listed,
        desk=counts,
        tabs=tabs(asked.view, counts),
        offered=offered,
        colours=COLOURS,
        holdings=HOLDINGS,
        sorted_by=lambda key: sorted_by(asked.walk.order, key),
        at=at,
        here=here,
        may_take=may_take,
        csv_url=url_for(".inbox_csv", _external=False, **request.args.to_dict()),
    )


@blueprint.get("/inbox.csv")
@roles(*DESK)
def inbox_csv() -> ResponseReturnValue:
    """The whole list as CSV."""
    asked = wanted()

    def page(place: Place | None) -> Listed[WorkItem]:
        with read() as tx:
            return replace(asked, walk=Walk(asked.walk.order, place, EXPORTED)).read(tx)

    page(None)  # a refusal must come before the answer begins
    headings = ("case", "task", "subject", "customer", "queue", "state", "owner", "priority", "clock", "due", "created")
    lines = (line_of(item) for item in every_page(page))
    return csv_answer("tasks", [headings_words(name) for name in headings], lines)


def line_of(item: WorkItem) -> tuple[object, ...]:
    """One line of the file."""
    task = item.task
    return (
        item.case_number,
        drawn(task.name),
        item.subject,
        item.customer,
        key_name(task.queue) if task.queue else "",
        task_state_name(task.state),
        item.owner_name,
        task.priority,
        clock_name(task.clock) if task.clock else "",
        task.due_at,
        task.created_at,
    )


def headings_words(name: str) -> str:
    """A column's heading in the reader's language."""
    return {
        "case": _("Case"),
        "task": _("Task"),
        "subject": _("Subject"),
        "customer": _("Customer"),
        "queue": _("Queue"),
        "state": _("State"),
        "owner": _("Owner"),
        "priority": _("Priority"),
        "clock": _("Clock"),
        "due": _("Due"),
        "created": _("Created"),
    }[name]


def tabs(view: str, counts: Desk) -> list[tuple[str, str, bool, str]]:
    """My tasks, all that I may take, and each queue."""
    found = [
        (_("My tasks"), url_for(".inbox"), view == MINE, capped(counts.own)),
        (_("To be taken"), url_for(".inbox", list=TAKEABLE), view == TAKEABLE, capped(counts.takeable)),
    ]
    for key, name, free in counts.queues:
        found.append((queue_title(name), url_for(".inbox", list=key), view == key, capped(free)))
    return found


def capped(count: int) -> str:
    """A count as the tab shows it."""
    return str(count) if count < 100 else "99+"


def may_take(item: WorkItem) -> bool:
    """Whether the reader may claim the task of a line."""
    return item.task.owner_id is None and may_perform(actor(), item.task)


@blueprint.get("/queues")
@roles(*DESK)
def queues() -> str:
    """The reader's queues, with what lies in each."""
    with read() as tx:
        lines = queue_lines(tx)
    return render_template("worklist/queues.html", lines=lines, capped=capped)


@blueprint.post("/tasks/next")
@roles(*DESK)
def take_next() -> ResponseReturnValue:
    """Claim the earliest due task and open it."""
    queue = request.form.get("queue") or None
    with begin() as tx:
        task = take_next_task(tx, queue=queue)
    if task is None:
        flash(_("There is nothing left to take: every task of your queues is with somebody."), "info")
        return redirect(url_for(".inbox"), 303)
    flash(_("“{task}” is yours now.", task=drawn(task.name)), "done")
    return to_task(task.id)
