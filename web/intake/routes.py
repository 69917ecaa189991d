"""Registering by hand: a known or a new customer, a look at similar open cases, and a receipt."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from flask import Blueprint, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.actions.attach_file import attach_file
from engine.actions.permission import may_perform
from engine.actions.register_case import register_case
from engine.execution.form_rules import validate
from engine.model.case import Case, Customer
from engine.model.errors import Conflict, FieldError, Invalid, MakegoodError
from engine.model.form import Form
from engine.queries.case_file import case_file
from engine.queries.case_search import Known, customers_like, known_customer, open_cases_like
from engine.queries.registration_form import registration_form
from engine.wiring import Tx
from web.access import DESK, roles
from web.current import actor, begin, now, read
from web.fields import read_submission
from web.intake.registering import named_as_fields, registration_of, with_customer, without_customer
from web.language import zone

blueprint = Blueprint("intake", __name__, template_folder="templates")


@dataclass(frozen=True, slots=True, kw_only=True)
class Typed:
    """What somebody has entered so far, and what the page says about it."""

    values: Mapping[str, object]
    customer: Customer | None = None
    search: str = ""
    found: Sequence[Known] | None = None
    similar: Sequence[Case] = ()
    warned: bool = False
    errors: Sequence[FieldError] = ()
    refusal: MakegoodError | None = None


@blueprint.get("/cases/new")
@roles(*DESK)
def register() -> ResponseReturnValue:
    """Show the empty form, or one for a known customer."""
    with read() as tx:
        form = registration_form(tx)
        customer = known_customer(tx, request.args.get("customer", ""))
    values: dict[str, object] = {"received_on": now().astimezone(zone()).date().isoformat()}
    return show(form, Typed(values={**values, **preset(customer)}, customer=customer))


def preset(customer: Customer | None) -> dict[str, object]:
    """What a known customer settles of the form."""
    if customer is None:
        return {}
    known = {"language": customer.language, "country": customer.country, "party": customer.party}
    return {name: value for name, value in known.items() if value}


def show(form: Form, typed: Typed, status: int = 200) -> ResponseReturnValue:
    """Render the page."""
    shown = without_customer(form) if typed.customer is not None else form
    files = [file.filename for file in request.files.getlist("f.attachments") if file.filename]
    return render_template("intake/register.html", form=shown, typed=typed, files=files), status


@blueprint.post("/cases/new")
@roles(*DESK)
def submit() -> ResponseReturnValue:
    """Look for a customer, choose one, show the form again, or register."""
    with read() as tx:
        form = registration_form(tx)
        customer = known_customer(tx, request.form.get("_use") or request.form.get("_customer", ""))
        if request.form.get("_forget"):
            customer = None
        asked = without_customer(form) if customer is not None else form
        sent = read_submission(asked, request.form, request.files)
        values = dict(sent.values) | (preset(customer) if request.form.get("_use") else {})
        search = request.form.get("_search", "").strip()[:200]
        found = customers_like(tx, search) if search and request.form.get("_find") else None
        similar = open_cases_like(
            tx, customer_id=customer.id if customer else "", serial=str(values.get("serial") or "").strip()
        )
    typed = Typed(
        values=values,
        customer=customer,
        search=search,
        found=found,
        similar=similar,
        warned=bool(request.form.get("_warned")),
    )
    if not request.form.get("_register") or sent.rebuild:
        return show(form, typed)
    return check_and_register(form, typed)


def check_and_register(form: Form, typed: Typed) -> ResponseReturnValue:
    """Check, warn of similar cases once, then register with the attached files in one transaction."""
    checked = validate(form, with_customer(typed.values, typed.customer))
    if checked.errors:
        return show(form, with_faults(typed, checked.errors), 422)
    if typed.similar and not typed.warned:
        return show(form, with_faults(typed, (), warned=True))
    try:
        with begin() as tx:
            case = register_case(tx, registration_of(checked.values, typed.customer))
            attach_all(tx, case)
    except Invalid as refusal:
        return show(form, with_faults(typed, named_as_fields(refusal.fields), refusal), 422)
    except Conflict as refusal:
        return show(form, with_faults(typed, (), refusal), 409)
    return redirect(url_for(".receipt", number=case.number), 303)


def with_faults(
    typed: Typed, errors: Sequence[FieldError], refusal: MakegoodError | None = None, *, warned: bool = False
) -> Typed:
    """The same entries with what is wrong about them."""
    return Typed(
        values=typed.values,
        customer=typed.customer,
        similar=typed.similar,
        warned=warned or typed.warned,
        errors=errors,
        refusal=refusal,
    )


def attach_all(tx: Tx, case: Case) -> None:
    """Attach the files; their faults are the field's."""
    for file in request.files.getlist("f.attachments"):
        if not file.filename:
            continue
        try:
            attach_file(tx, case.id, name=file.filename, content=file.read())
        except Invalid as refusal:
            faults = [FieldError("attachments", fault.message) for fault in refusal.fields]
            raise Invalid(refusal.code, refusal.message.template, fields=faults) from refusal


@blueprint.get("/cases/<number>/receipt")
@roles(*DESK)
def receipt(number: str) -> str:
    """What was registered: the number, the clocks, and what comes next."""
    with read() as tx:
        found = case_file(tx, number)
    return render_template(
        "intake/receipt.html",
        file=found,
        case=found.case,
        names=found.names,
        may_perform=lambda task: may_perform(actor(), task),
    )
