"""What people do with a case from its file: comment, attach, ask for special mode, and what the customer did."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from engine.actions.attach_file import attach_file
from engine.actions.comment_case import comment_case
from engine.actions.correct_contact import Contact, correct_contact
from engine.actions.message_case import record_reply, reopen_case, withdraw_case
from engine.actions.request_special_mode import request_special_mode
from engine.model.errors import Conflict, FieldError, Forbidden, Invalid, Message
from engine.queries.case_parts import visible_case
from engine.wiring import Tx
from web.access import DESK, roles
from web.cases.blueprint import blueprint
from web.cases.file import page
from web.current import begin
from web.language import _

Doing = Callable[[Tx, str], object]


def do(number: str, doing: Doing, *, done: str, part: str) -> ResponseReturnValue:
    """Do it in one transaction; a fault shows the file again with what was typed."""
    try:
        with begin() as tx:
            doing(tx, visible_case(tx, number).id)
    except Invalid as refusal:
        return page(number, refusal=refusal, typed=request.form.to_dict()), 422
    except Conflict as refusal:
        return page(number, refusal=refusal, typed=request.form.to_dict()), 409
    except Forbidden as refusal:
        return page(number, refusal=refusal, typed=request.form.to_dict()), 403
    flash(done, "done")
    return redirect(url_for(".file", number=number, _anchor=part), 303)


@blueprint.post("/cases/<number>/comments")
@roles(*DESK)
def comment(number: str) -> ResponseReturnValue:
    """Add a comment."""
    body = request.form.get("body", "")
    return do(
        number, lambda tx, case: comment_case(tx, case, body=body), done=_("Your comment is kept."), part="comments"
    )


@blueprint.post("/cases/<number>/attachments")
@roles(*DESK)
def attach(number: str) -> ResponseReturnValue:
    """Attach files."""
    files = [(file.filename or "", file.read()) for file in request.files.getlist("file") if file.filename]

    def keep(tx: Tx, case_id: str) -> None:
        if not files:
            fault = FieldError("file", Message("file_missing", "Choose a file first."))
            raise Invalid("attachment_invalid", "The file cannot be attached.", fields=[fault])
        for name, content in files:
            attach_file(tx, case_id, name=name, content=content)

    return do(number, keep, done=_("The file is attached."), part="attachments")


@blueprint.post("/cases/<number>/contact")
@roles(*DESK)
def contact(number: str) -> ResponseReturnValue:
    """Correct how the customer is reached."""
    given = Contact(**{name: request.form.get(name, "") for name in ("email", "phone", "address")})
    return do(
        number,
        lambda tx, case: correct_contact(tx, case, given),
        done=_("The contact data are corrected. Letters that have not left go to the new address."),
        part="customer",
    )


@blueprint.post("/cases/<number>/special-mode")
@roles(*DESK)
def special_mode(number: str) -> ResponseReturnValue:
    """Ask for special mode."""
    reason = request.form.get("reason", "")

    def ask(tx: Tx, case_id: str) -> None:
        request_special_mode(tx, case_id, reason=reason, amount=typed_amount())

    return do(number, ask, done=_("Special mode is asked for. Whoever decides has been told."), part="special-mode")


def typed_amount() -> Decimal | None:
    """The amount as it was typed, with a comma or a point; raises Invalid for what is no amount."""
    text = request.form.get("amount", "").replace(" ", "").replace("\u00a0", "").replace(",", ".")
    if not text:
        return None
    try:
        amount = Decimal(text)
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or len(text) > 20:
        fault = FieldError("amount", Message("amount_not_number", "Write the amount in digits, such as 1250.50."))
        raise Invalid(
            "special_mode_invalid", "Special mode cannot be asked for yet: see the marked fields.", fields=[fault]
        )
    return amount


@blueprint.post("/cases/<number>/withdraw")
@roles(*DESK)
def withdraw(number: str) -> ResponseReturnValue:
    """The customer takes the complaint back."""
    reason = request.form.get("reason", "")
    return do(
        number,
        lambda tx, case: withdraw_case(tx, case, reason=reason),
        done=_("The complaint is withdrawn, and the case ends."),
        part="timeline",
    )


@blueprint.post("/cases/<number>/reply")
@roles(*DESK)
def reply(number: str) -> ResponseReturnValue:
    """The customer answered a question."""
    text = request.form.get("text", "")
    return do(
        number,
        lambda tx, case: record_reply(tx, case, text=text),
        done=_("The customer’s answer is kept, and whoever asked has been told."),
        part="letters",
    )


@blueprint.post("/cases/<number>/reopen")
@roles(*DESK)
def reopen(number: str) -> ResponseReturnValue:
    """Take a closed case up again."""
    reason = request.form.get("reason", "")
    return do(
        number,
        lambda tx, case: reopen_case(tx, case, reason=reason),
        done=_("The case is open again."),
        part="timeline",
    )
