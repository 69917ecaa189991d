"""Administrators keep the people who sign in: add, change, give a new password, let in or no longer."""

from __future__ import annotations

import secrets

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.actions.change_person import PersonChange, change_person
from engine.actions.create_token import revoke_token_of
from engine.actions.keep_people import NewPerson, add_person, set_password
from engine.model.errors import Conflict, Invalid, MakegoodError
from engine.model.passwords import hash_password
from engine.model.people import Role
from engine.queries.staff import member, staff
from engine.queries.tokens import tokens_of
from web.access import roles
from web.csv_lines import csv_answer
from web.current import begin, read
from web.language import LANGUAGES, _, sentence
from web.ops.blueprint import blueprint, room_tabs
from web.words import key_name, role_name

FIELDS = ("login", "name", "email", "language", "zone")


@blueprint.get("/ops/people")
@roles(Role.ADMINISTRATOR)
def people() -> str:
    """Show everybody."""
    return page({})


def page(values: dict[str, str], *, error: str = "") -> str:
    """The list with the form to add somebody."""
    with read() as tx:
        found = staff(tx)
    return render_template(
        "ops/people.html",
        staff=found,
        values=values,
        error=error,
        chosen=chosen_keys(),
        tabs=room_tabs(),
        all_roles=list(Role),
    )


def chosen_keys() -> set[str]:
    """What is ticked in the form that was sent."""
    return {*request.form.getlist("role"), *request.form.getlist("queue"), *request.form.getlist("level")}


@blueprint.post("/ops/people")
@roles(Role.ADMINISTRATOR)
def add() -> ResponseReturnValue:
    """Add somebody; the page that follows shows the password once."""
    values = {name: request.form.get(name, "").strip() for name in FIELDS}
    password = secrets.token_urlsafe(12)
    hashed = hash_password(password, salt=secrets.token_bytes(16))
    ticked = ticks()
    new = NewPerson(
        login=values["login"],
        name=values["name"],
        email=values["email"],
        language=values["language"] if values["language"] in LANGUAGES else "en",
        zone=values["zone"] or "UTC",
        roles=ticked.roles,
        queues=ticked.queues,
        levels=ticked.levels,
        password_hash=hashed,
    )
    try:
        with begin() as tx:
            person = add_person(tx, new)
    except (Invalid, Conflict) as refusal:
        return page(values, error=said(refusal)), 422 if isinstance(refusal, Invalid) else 409
    return render_template("ops/new_password.html", person=person, password=password, tabs=room_tabs())


@blueprint.get("/ops/people/<login>")
@roles(Role.ADMINISTRATOR)
def person(login: str) -> str:
    """Show one person with the form that changes them."""
    with read() as tx:
        line, found = member(tx, login)
        tokens = tokens_of(tx, login)
    return render_template(
        "ops/person.html",
        line=line,
        staff=found,
        tokens=tokens,
        revoke=lambda token_id: url_for(".revoke_token", login=login, token_id=token_id),
        tabs=room_tabs(),
        all_roles=list(Role),
    )


@blueprint.post("/ops/people/<login>")
@roles(Role.ADMINISTRATOR)
def change(login: str) -> ResponseReturnValue:
    """Replace roles, queues and levels; let the person sign in or no longer."""
    with begin() as tx:
        changed = change_person(tx, login, ticks(active=request.form.get("active") == "yes"))
    flash(_("What {name} is here for was changed.", name=changed.name), "done")
    return redirect(url_for(".people"), 303)


@blueprint.post("/ops/people/<login>/password")
@roles(Role.ADMINISTRATOR)
def new_password(login: str) -> ResponseReturnValue:
    """Make a new password and show it once; the person is signed out everywhere."""
    with read() as tx:
        member(tx, login)
    password = secrets.token_urlsafe(12)
    hashed = hash_password(password, salt=secrets.token_bytes(16))
    with begin() as tx:
        found = set_password(tx, login, password_hash=hashed)
    return render_template("ops/new_password.html", person=found, password=password, tabs=room_tabs())


@blueprint.post("/ops/people/<login>/tokens/<token_id>/revoke")
@roles(Role.ADMINISTRATOR)
def revoke_token(login: str, token_id: str) -> ResponseReturnValue:
    """Refuse somebody's token from now on."""
    with begin() as tx:
        token = revoke_token_of(tx, login, token_id)
    flash(_("“{name}” is refused from now on.", name=token.name), "done")
    return redirect(url_for(".person", login=login), 303)


@blueprint.get("/ops/people.csv")
@roles(Role.ADMINISTRATOR)
def people_csv() -> ResponseReturnValue:
    """Everybody as CSV."""
    with read() as tx:
        found = staff(tx)
    headings = [
        _("Name"),
        _("Signs in as"),
        _("E-mail"),
        _("Roles"),
        _("Queues"),
        _("Leads"),
        _("Approval levels"),
        _("Active"),
    ]
    lines = (
        (
            line.person.name,
            line.person.login,
            line.person.email,
            ", ".join(role_name(role) for role in line.roles),
            ", ".join(key_name(key) for key in line.queues),
            ", ".join(key_name(key) for key in line.leads),
            ", ".join(key_name(key) for key in line.levels),
            _("yes") if line.person.active else _("no"),
        )
        for line in found.people
    )
    return csv_answer("staff", headings, lines)


def ticks(*, active: bool = True) -> PersonChange:
    """Roles, queues and levels as ticked; what is no role is passed over."""
    known = set(Role)
    return PersonChange(
        roles=tuple(Role(role) for role in request.form.getlist("role") if role in known),
        queues=tuple(request.form.getlist("queue")),
        levels=tuple(request.form.getlist("level")),
        active=active,
    )


def said(refusal: MakegoodError) -> str:
    """The refusal with its faults."""
    faults = [sentence(fault.message) for fault in refusal.fields] if isinstance(refusal, Invalid) else []
    return " ".join([sentence(refusal.message), *faults])
