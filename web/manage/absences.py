"""Absences: one's own for everybody, anybody's for leads, managers and administrators."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.actions.set_absence import Away, cancel_absence, set_absence
from engine.model.errors import FieldError, Invalid, MakegoodError, Message
from engine.model.people import Role
from engine.queries.absences import absence_book
from web.access import signed_in
from web.csv_lines import csv_answer
from web.current import actor, begin, read
from web.language import _, sentence
from web.manage.blueprint import blueprint
from web.manage.tabs import room_tabs


@dataclass(frozen=True, slots=True)
class Typed:
    """The form as it was sent, with its faults."""

    values: dict[str, str] = field(default_factory=dict[str, str])
    faults: dict[str, str] = field(default_factory=dict[str, str])
    refusal: str = ""


@blueprint.get("/absences")
@signed_in
def absences() -> str:
    """Show who is away, with the form to enter more."""
    return page(Typed())


def sees_everybody() -> bool:
    """Whether the reader enters absences of others."""
    return actor().has(Role.LEAD, Role.MANAGER, Role.ADMINISTRATOR)


def page(typed: Typed) -> str:
    """The page with what was typed."""
    with read() as tx:
        book = absence_book(tx)
    return render_template(
        "manage/absences.html",
        book=book,
        typed=typed,
        sees_everybody=sees_everybody(),
        tabs=room_tabs() if actor().has(Role.LEAD, Role.MANAGER) else [],
    )


@blueprint.post("/absences")
@signed_in
def enter_absence() -> ResponseReturnValue:
    """Enter one; what does not fit is said beside its field."""
    values = {
        name: request.form.get(name, "").strip() for name in ("person", "first_day", "last_day", "substitute", "note")
    }
    person = values["person"] if sees_everybody() else actor().person_id or ""
    faults: list[FieldError] = []
    first, last = day_of(values, "first_day", faults), day_of(values, "last_day", faults)
    if not person:
        faults.append(FieldError("person", Message("person_needed", "Choose who is away.")))
    if faults or first is None or last is None:
        return page(Typed(values, said(faults))), 422
    try:
        with begin() as tx:
            away = Away(first_day=first, last_day=last, substitute=values["substitute"], note=values["note"])
            set_absence(tx, person, away)
    except Invalid as invalid:
        return page(Typed(values, said(invalid.fields))), 422
    except MakegoodError as refusal:
        return page(Typed(values, refusal=sentence(refusal.message))), 409
    flash(_("The absence is entered. New work goes to the substitute on these days."), "done")
    return redirect(url_for(".absences"), 303)


@blueprint.post("/absences/<absence_id>/cancel")
@signed_in
def cancel(absence_id: str) -> ResponseReturnValue:
    """Take an absence back."""
    with begin() as tx:
        cancel_absence(tx, absence_id)
    flash(_("The absence is taken back."), "done")
    return redirect(url_for(".absences"), 303)


@blueprint.get("/absences.csv")
@signed_in
def absences_csv() -> ResponseReturnValue:
    """What is on the page as CSV."""
    with read() as tx:
        book = absence_book(tx)
    lines = (
        (line.person, line.absence.first_day, line.absence.last_day, line.substitute, line.absence.note)
        for line in (*book.current, *book.past)
    )
    return csv_answer("absences", [_("Person"), _("First day"), _("Last day"), _("Substitute"), _("Note")], lines)


def day_of(values: dict[str, str], name: str, faults: list[FieldError]) -> date | None:
    """A day of the form; what is none is a fault."""
    try:
        return date.fromisoformat(values[name])
    except ValueError:
        faults.append(FieldError(name, Message("day_needed", "Enter a day, such as 2026-03-31.")))
        return None


def said(faults: list[FieldError] | tuple[FieldError, ...]) -> dict[str, str]:
    """Faults by field, as sentences."""
    return {fault.field: sentence(fault.message) for fault in faults}
