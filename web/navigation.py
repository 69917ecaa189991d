"""People see links to the rooms that their role opens, and land in their own room."""

from __future__ import annotations

from dataclasses import dataclass

from babel.support import LazyProxy
from flask import current_app, g, request, url_for

from engine.model.people import Actor, Role
from web.access import access_of
from web.language import N_


@dataclass(frozen=True, slots=True)
class Item:
    """One entry of the navigation; it is shown once its view exists and the reader may open it."""

    endpoint: str
    label: LazyProxy
    icon: str


ITEMS: tuple[Item, ...] = (
    Item("worklist.inbox", N_("Inbox"), "inbox"),
    Item("worklist.queues", N_("Queues"), "queues"),
    Item("cases.listing", N_("Cases"), "cases"),
    Item("intake.register", N_("Register"), "register"),
    Item("manage.overview", N_("Manage"), "manage"),
    Item("design.processes", N_("Processes"), "design"),
    Item("ops.overview", N_("Operations"), "ops"),
    Item("ops.outbox", N_("Outbox"), "outbox"),
)
_LANDINGS: tuple[tuple[Role, str], ...] = (
    (Role.MANAGER, "manage.overview"),
    (Role.LEAD, "manage.overview"),
    (Role.CLERK, "worklist.inbox"),
    (Role.SPECIALIST, "worklist.inbox"),
    (Role.DESIGNER, "design.processes"),
    (Role.ADMINISTRATOR, "ops.overview"),
)


def can(endpoint: str) -> bool:
    """Whether the view exists and the reader's role opens it."""
    access = access_of(current_app, endpoint)
    return access is not None and access.allows(g.get("actor"))


def items() -> list[Item]:
    """The entries for the reader."""
    return [item for item in ITEMS if can(item.endpoint)]


def is_current(item: Item) -> bool:
    """Whether the page at hand belongs to the entry: the view itself, else its room where no entry fits better."""
    asked = request.endpoint or ""
    if any(asked == each.endpoint for each in ITEMS):
        return asked == item.endpoint
    first_of_room = next((each for each in ITEMS if each.endpoint.split(".")[0] == asked.split(".")[0]), None)
    return item is first_of_room


def landing(actor: Actor) -> str:
    """Where somebody arrives after signing in: the room of their role."""
    for role, endpoint in _LANDINGS:
        if role in actor.roles and access_of(current_app, endpoint) is not None:
            return url_for(endpoint)
    return url_for("auth.account")
