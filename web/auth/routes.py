"""Signing in leads to where one wanted to go, or to the room of one's role; nothing here says whether a name exists."""

from __future__ import annotations

import secrets

from flask import flash, g, make_response, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from engine.actions.change_password import change_password
from engine.actions.choose_preferences import choose_preferences
from engine.actions.sign_in import TooManyTries, attempt_sign_in
from engine.actions.sign_in import sign_in as open_session
from engine.actions.sign_out import sign_out as close_session
from engine.model.errors import FieldError, Invalid, Message
from engine.model.passwords import hash_password, is_password, password_faults
from engine.model.people import SYSTEM
from engine.model.session import hash_of
from engine.queries.own_account import own_account
from engine.queries.shell_facts import demo_people
from engine.queries.signed_in import by_session
from web.access import public, signed_in
from web.auth.blueprint import blueprint
from web.auth.destination import safe_next
from web.auth.tokens import tokens
from web.current import actor, begin, begin_as, engine, read
from web.language import LANGUAGES, _, sentence
from web.navigation import landing
from web.sign_in_cookie import drop_cookie, set_cookie, token_of

PAGES = (tokens,)
__all__ = ["PAGES", "blueprint"]
_WRONG = Message("wrong_password", "This is not the password that you have now.")
_DIFFERENT = Message("passwords_differ", "This is not the same as the new password above.")


@blueprint.get("/sign-in")
@public
def sign_in() -> ResponseReturnValue:
    if g.actor is not None:
        return redirect(safe_next(request.args.get("next")) or landing(g.actor), 303)
    return _sign_in_page()


def _sign_in_page(*, login: str = "", fault: str = "", status: int = 200) -> ResponseReturnValue:
    with engine().read(SYSTEM) as tx:
        people = demo_people(tx)
    wanted = safe_next(request.values.get("next"))
    return render_template("auth/sign_in.html", people=people, login=login, fault=fault, next=wanted), status


@blueprint.post("/sign-in")
@public
def try_sign_in() -> ResponseReturnValue:
    login, password = request.form.get("login", ""), request.form.get("password", "")
    try:
        with begin_as(SYSTEM) as tx:
            attempt = attempt_sign_in(tx, login, address=request.remote_addr or "")
    except TooManyTries as refusal:
        return _sign_in_page(login=login, fault=sentence(refusal.message), status=429)
    if not is_password(password[:1000], attempt.password_hash):
        return _sign_in_page(
            login=login, fault=_("This name and password do not belong together. Try again."), status=422
        )
    token = secrets.token_urlsafe(32)
    with begin_as(SYSTEM) as tx:
        open_session(tx, attempt.id, person_id=attempt.person_id, token_hash=hash_of(token))
    with engine().read(SYSTEM) as tx:
        found = by_session(tx, hash_of(token))
    session.clear()  # a form token of before signing in is worth nothing afterwards
    answer = redirect(safe_next(request.form.get("next")) or (landing(found.actor) if found else url_for("start")), 303)
    set_cookie(answer, token)
    return answer


@blueprint.post("/sign-out")
@signed_in
def sign_out() -> ResponseReturnValue:
    with begin() as tx:
        close_session(tx, hash_of(token_of(request)))
    session.clear()
    answer = redirect(url_for(".sign_in"), 303)
    drop_cookie(answer)
    return answer


@blueprint.get("/account")
@signed_in
def account() -> ResponseReturnValue:
    return _account_page()


def _account_page(refusal: Invalid | None = None) -> ResponseReturnValue:
    with read() as tx:
        person = own_account(tx)
    faults = refusal.fields if refusal is not None else ()
    texts = {fault.field: sentence(fault.message) for fault in faults}
    page = render_template("auth/account.html", person=person, faults=faults, texts=texts)
    return page, 422 if faults else 200


@blueprint.post("/account/password")
@signed_in
def new_password() -> ResponseReturnValue:
    old, new, again = (request.form.get(name, "")[:1000] for name in ("old", "new", "again"))
    with read() as tx:
        kept = own_account(tx).password_hash
    faults = list(password_faults(new, login=actor().login, field="new"))
    if new != again:
        faults.append(FieldError("again", _DIFFERENT))
    if not is_password(old, kept):
        faults.insert(0, FieldError("old", _WRONG))
    if faults:
        return _account_page(Invalid("password_refused", "The password was not changed.", fields=faults))
    fresh = hash_password(new, salt=secrets.token_bytes(16))
    with begin() as tx:
        change_password(tx, kept, new_hash=fresh, keep=hash_of(token_of(request)))
    flash(_("Your password is changed. Everywhere else you are signed out."), "done")
    return redirect(url_for(".account"), 303)


@blueprint.post("/account/preferences")
@signed_in
def preferences() -> ResponseReturnValue:
    try:
        with begin() as tx:
            choose_preferences(
                tx,
                request.form.get("language", ""),
                zone=request.form.get("zone", "").strip(),
                offered=frozenset(LANGUAGES),
            )
    except Invalid as refusal:
        return _account_page(refusal)
    return redirect(url_for(".account"), 303)


@blueprint.post("/theme")
@public
def theme() -> ResponseReturnValue:
    """Light, dark, or what the device prefers; kept in this browser."""
    chosen = request.form.get("theme", "")
    answer = make_response(redirect(safe_next(request.form.get("next")) or url_for("start"), 303))
    if chosen in ("light", "dark"):
        answer.set_cookie("theme", chosen, max_age=365 * 86400, samesite="Lax", httponly=True)
    else:
        answer.delete_cookie("theme")
    return answer


@blueprint.post("/language")
@public
def speak() -> ResponseReturnValue:
    """The language of this browser until somebody signs in."""
    answer = make_response(redirect(safe_next(request.form.get("next")) or url_for("start"), 303))
    if request.form.get("language") in LANGUAGES:
        answer.set_cookie("language", request.form["language"], max_age=365 * 86400, samesite="Lax", httponly=True)
    return answer
