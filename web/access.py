"""Every view says who may open it; a view that says nothing stops the application from starting."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

from flask import Flask

from engine.model.people import Actor, Role

View = TypeVar("View", bound=Callable[..., Any])

STAFF: tuple[Role, ...] = tuple(Role)
DESK: tuple[Role, ...] = (Role.CLERK, Role.SPECIALIST, Role.LEAD, Role.MANAGER)
LEADS: tuple[Role, ...] = (Role.LEAD, Role.MANAGER)


@dataclass(frozen=True, slots=True)
class Access:
    """Who may open a view: anybody, or signed-in people with one of the roles."""

    anybody: bool
    roles: frozenset[Role] = frozenset()

    def allows(self, actor: Actor | None) -> bool:
        """Whether the actor may open the view; the action behind it decides about the object."""
        return self.anybody or (actor is not None and not self.roles.isdisjoint(actor.roles))


_DECLARED: dict[Callable[..., Any], Access] = {}


def _declare(access: Access) -> Callable[[View], View]:
    def declare(view: View) -> View:
        _DECLARED[view] = access
        return view

    return declare


def public(view: View) -> View:
    """Anybody may open this view."""
    return _declare(Access(anybody=True))(view)


def signed_in(view: View) -> View:
    """Everybody who is signed in may open this view."""
    return _declare(Access(anybody=False, roles=frozenset(Role)))(view)


def roles(*allowed: Role) -> Callable[[View], View]:
    """People with one of these roles may open this view."""
    if not allowed:
        raise ValueError("name at least one role, or declare the view @public or @signed_in")
    return _declare(Access(anybody=False, roles=frozenset(allowed)))


def access_of(app: Flask, endpoint: str | None) -> Access | None:
    """What the view behind an endpoint declares; None where there is no such view."""
    view = app.view_functions.get(endpoint or "")
    if view is None:
        return None
    return Access(anybody=True) if _is_static(endpoint) else _DECLARED.get(view)


def _is_static(endpoint: str | None) -> bool:
    return endpoint == "static"


def refuse_undeclared(app: Flask) -> None:
    """Raise where a view does not say who may open it."""
    silent = sorted(endpoint for endpoint in app.view_functions if access_of(app, endpoint) is None)
    if silent:
        raise RuntimeError(f"these views do not say who may open them: {', '.join(silent)}")
