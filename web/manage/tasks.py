"""Work is moved here: choose tasks of a queue or a person, say who gets them and why; each is moved for itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

from flask import flash, redirect, render_template, request
from flask.typing import ResponseReturnValue

from engine.actions.reassign_tasks import AT_ONCE, BACK, SHARE, Moved, reassign_tasks
from engine.model.errors import FieldError, Invalid, NotFound
from engine.model.lists import Colour, Holding, Listed, Place, WorkFilter, order_from, place_from
from engine.queries.queue_load import PersonLoad, Walk, WorkItem, categories, colleagues, led_queues, tasks_to_move
from web.access import LEADS, roles
from web.csv_lines import csv_answer, every_page
from web.current import actor, begin, read
from web.language import N_, _, drawn, ngettext, sentence
from web.list_address import at, here, sorted_by
from web.manage.blueprint import blueprint
from web.manage.queue_names import titled
from web.manage.tabs import room_tabs
from web.words import clock_name, task_state_name

SORTS = ("due", "priority", "age")
SIZES = (50, 100, AT_ONCE)
EXPORTED = 500
COLOURS = (
    (Colour.LATE, N_("Overdue")),
    (Colour.SOON, N_("Soon due")),
    (Colour.OK, N_("Time enough")),
    (Colour.NONE, N_("Without a due")),
)
HOLDINGS = (
    (Holding.ALL, N_("All open")),
    (Holding.FREE, N_("Nobody has it")),
    (Holding.TAKEN, N_("Somebody has it")),
    (Holding.STARTED, N_("Started")),
)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was ticked and typed; kept when something is missing."""

    tasks: Sequence[str] = ()
    to: str = ""
    reason: str = ""
    errors: Sequence[FieldError] = field(default_factory=list[FieldError])

    def error(self, name: str) -> str:
        """The fault of a field, as a sentence."""
        return next((sentence(each.message) for each in self.errors if each.field == name), "")


@dataclass(frozen=True, slots=True)
class Asked:
    """Which tasks the address asks for."""

    queue: str
    filter: WorkFilter
    walk: Walk

    @property
    def narrows(self) -> bool:
        """Whether the list hides tasks."""
        return bool(self.queue) or self.filter != WorkFilter()


def asked() -> Asked:
    """Read the address."""
    holding, colour = request.args.get("holding", ""), request.args.get("colour", "")
    found = WorkFilter(
        holding=Holding(holding) if holding in set(Holding) else Holding.ALL,
        colour=Colour(colour) if colour in set(Colour) else None,
        category=request.args.get("category", "")[:80],
        text=request.args.get("words", "")[:200],
        owner=request.args.get("owner", "")[:64],
    )
    size = request.args.get("size", "")
    rows = int(size) if size in {str(each) for each in SIZES} else SIZES[0]
    walk = Walk(order_from(request.args.get("sort"), SORTS), place_from(request.args.get("at")), rows)
    return Asked(request.args.get("queue", "")[:64], found, walk)


@blueprint.get("/manage/tasks")
@roles(*LEADS)
def tasks() -> str:
    """Show the tasks of the reader's queues with a box before each."""
    return page(Chosen())


def page(chosen: Chosen) -> str:
    """The list with what is ticked and typed in it."""
    wanted = asked()
    with read() as tx:
        listed = tasks_to_move(tx, wanted.queue, wanted.filter, wanted.walk)
        people = colleagues(tx)
        queues = titled(led_queues(tx))
        known = categories(tx)
    return render_template(
        "manage/tasks.html",
        asked=wanted,
        listed=listed,
        people=people,
        targets=targets(people),
        queues=queues,
        categories=known,
        chosen=chosen,
        tabs=room_tabs(),
        colours=COLOURS,
        holdings=HOLDINGS,
        sizes=SIZES,
        sorted_by=lambda key: sorted_by(wanted.walk.order, key),
        at=at,
        here=here,
    )


def targets(people: Sequence[PersonLoad]) -> list[tuple[str, str]]:
    """Who may get the tasks: ways that share them, the reader, then everybody by name with what they have."""
    found = [
        (SHARE, _("Share among those present who have the least")),
        (BACK, _("Back to the queue, for whoever takes it")),
    ]
    own = actor().person_id
    found += [(each.id, _("Me ({name})", name=each.name)) for each in people if each.id == own]
    for each in people:
        if each.id == own:
            continue
        if not each.is_absent:
            found.append(
                (each.id, ngettext("{name}: {count} open", "{name}: {count} open", each.load.open, name=each.name))
            )
        elif each.substitute:
            found.append(
                (each.id, _("{name}: absent, {substitute} stands in", name=each.name, substitute=each.substitute))
            )
    return found


@blueprint.post("/manage/tasks")
@roles(*LEADS)
def move_tasks() -> ResponseReturnValue:
    """Move what is ticked, or everything that the page shows."""
    ticked = request.form.getlist("shown" if request.form.get("everything") else "task")
    to, reason = request.form.get("to", ""), request.form.get("reason", "")
    try:
        with begin() as tx:
            moved = reassign_tasks(tx, ticked, to=to, reason=reason)
    except Invalid as invalid:
        return page(Chosen(ticked, to, reason, invalid.fields)), 422
    except NotFound as missing:
        fault = FieldError("to", missing.message)
        return page(Chosen(ticked, to, reason, [fault])), 422
    refused = [each for each in moved if each.refusal is not None]
    tell(moved)
    if refused:
        moved = sorted(moved, key=lambda each: each.refusal is None)
        return render_template("manage/moved.html", moved=moved, refused=refused, tabs=room_tabs(), back=here())
    return redirect(here(), 303)


def tell(moved: Sequence[Moved]) -> None:
    """Say who has got how many."""
    counts = Counter(each.owner_name for each in moved if each.refusal is None)
    for name, count in sorted(counts.items()):
        if name:
            flash(
                ngettext("{count} task is with {name} now.", "{count} tasks are with {name} now.", count, name=name),
                "done",
            )
        else:
            flash(
                ngettext("{count} task is back in its queue.", "{count} tasks are back in their queues.", count), "done"
            )


@blueprint.get("/manage/tasks.csv")
@roles(*LEADS)
def tasks_csv() -> ResponseReturnValue:
    """The whole list as CSV."""
    wanted = asked()

    def piece(place: Place | None) -> Listed[WorkItem]:
        with read() as tx:
            return tasks_to_move(tx, wanted.queue, wanted.filter, Walk(wanted.walk.order, place, EXPORTED))

    with read() as tx:  # a refusal must come before the answer begins
        names = dict(titled(led_queues(tx)))
        tasks_to_move(tx, wanted.queue, wanted.filter, Walk(size=1))
    headings = [
        _("Case"), _("Task"), _("Subject"), _("Customer"), _("Queue"), _("State"), _("Owner"), _("Priority"), _("Clock"),
        _("Due"), _("Created"),
    ]  # fmt: skip
    lines = (
        (
            item.case_number,
            drawn(item.task.name),
            item.subject,
            item.customer,
            names.get(item.task.queue, item.task.queue),
            task_state_name(item.task.state),
            item.owner_name,
            item.task.priority,
            clock_name(item.task.clock) if item.task.clock else "",
            item.task.due_at,
            item.task.created_at,
        )
        for item in every_page(piece)
    )
    return csv_answer("tasks", headings, lines)
