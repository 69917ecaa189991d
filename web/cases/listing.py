"""The list of cases with its filters, and the search box on top of every page."""

from __future__ import annotations

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.model.case import CaseStage
from engine.model.errors import NotFound
from engine.model.lists import CaseFilter, Listed, Order, Place, order_from, place_from
from engine.queries.case_parts import visible_case
from engine.queries.case_search import CaseLine, Walk, cases, filters
from web.access import DESK, roles
from web.cases.blueprint import blueprint
from web.csv_lines import csv_answer, every_page
from web.current import read
from web.language import NP_, _, pgettext
from web.list_address import at, here, sorted_by
from web.words import clock_name, key_name, queue_title, stage_name

SORTS = ("opened", "due", "priority")
PAGE, EXPORTED = 40, 500
STATUSES = (("open", NP_("cases", "Open")), ("closed", NP_("cases", "Closed")), ("all", NP_("cases", "All")))


def wanted() -> tuple[CaseFilter, Order]:
    """Read the address; what is searched for is searched among all cases."""
    given = {name: request.args.get(name, "").strip()[:200] for name in ("stage", "queue", "category", "customer", "q")}
    status = request.args.get("status", "all" if given["q"] or given["customer"] else "open")
    found = CaseFilter(
        status="" if status == "all" else "closed" if status == "closed" else "open",
        stage=given["stage"],
        queue=given["queue"],
        category=given["category"],
        overdue=request.args.get("overdue") == "yes",
        text=given["q"],
        customer_id=given["customer"],
    )
    return found, order_from(request.args.get("sort") or "-opened", SORTS)


@blueprint.get("/cases")
@roles(*DESK)
def listing() -> str:
    """Show one page of cases."""
    asked, order = wanted()
    with read() as tx:
        listed = cases(tx, asked, Walk(order, place_from(request.args.get("at")), PAGE))
        offered = filters(tx)
    return render_template(
        "cases/listing.html",
        asked=asked,
        listed=listed,
        categories=[(key, key_name(key)) for key in offered.categories],
        queues=[(key, queue_title(name)) for key, name in offered.queues],
        order=order,
        stages=[(stage.value, stage_name(stage)) for stage in CaseStage],
        statuses=STATUSES,
        sorted_by=lambda key: sorted_by(order, key),
        at=at,
        here=here,
        csv_url=url_for(".listing_csv", _external=False, **request.args.to_dict()),
    )


@blueprint.get("/cases.csv")
@roles(*DESK)
def listing_csv() -> ResponseReturnValue:
    """The whole list as CSV."""
    asked, order = wanted()

    def page(place: Place | None) -> Listed[CaseLine]:
        with read() as tx:
            return cases(tx, asked, Walk(order, place, EXPORTED))

    headings = [
        _("Case"), _("Subject"), _("Customer"), _("Stage"), _("Status"), _("Category"), _("Queue"), _("Priority"),
        _("With"), _("Clock"), _("Due"), _("Received on"), _("Opened"), pgettext("when", "Closed"),
    ]  # fmt: skip
    return csv_answer("cases", headings, (line_of(line) for line in every_page(page)))


def line_of(line: CaseLine) -> tuple[object, ...]:
    """One line of the file."""
    case = line.case
    return (
        case.number,
        case.subject,
        line.customer,
        stage_name(case.stage),
        case.status,
        key_name(case.category) if case.category else "",
        key_name(case.queue) if case.queue else "",
        case.priority,
        ", ".join(line.owners),
        clock_name(line.clock) if line.clock else "",
        line.due_at,
        case.received_on,
        case.opened_at,
        case.closed_at,
    )


@blueprint.get("/search")
@roles(*DESK)
def search() -> ResponseReturnValue:
    """A case's number opens the case; anything else is searched for among all cases."""
    text = request.args.get("q", "").strip()[:200]
    if text:
        with read() as tx:
            try:
                return redirect(url_for(".file", number=visible_case(tx, text).number), 303)
            except NotFound:
                pass
    return redirect(url_for(".listing", q=text or None), 303)
