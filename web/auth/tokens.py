"""Whoever may use the API gives programs tokens that act as them; a token is shown once, on the page that makes it."""

from __future__ import annotations

import secrets
from datetime import timedelta

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from engine.actions.create_token import PROGRAMMERS, NewToken, create_own_token, revoke_own_token
from engine.model.errors import Invalid
from engine.queries.tokens import own_tokens
from web.access import roles
from web.auth.blueprint import blueprint
from web.current import begin, read
from web.language import N_, _, sentence

LASTS = (("30", N_("30 days")), ("90", N_("90 days")), ("365", N_("A year")), ("", N_("Until it is revoked")))
USUAL = "90"


@blueprint.get("/account/tokens")
@roles(*PROGRAMMERS)
def tokens() -> ResponseReturnValue:
    """The reader's tokens, with the form that makes one."""
    return _page()


def _page(refusal: Invalid | None = None) -> ResponseReturnValue:
    faults = refusal.fields if refusal is not None else ()
    with read() as tx:
        lines = own_tokens(tx)
    page = render_template(
        "auth/tokens.html",
        lines=lines,
        revoke=lambda token_id: url_for(".revoke_token", token_id=token_id),
        lasts=LASTS,
        faults=faults,
        texts={fault.field: sentence(fault.message) for fault in faults},
        name=request.form.get("name", "")[:100],
        days=request.form.get("days", USUAL),
    )
    return page, 422 if faults else 200


@blueprint.post("/account/tokens")
@roles(*PROGRAMMERS)
def make_token() -> ResponseReturnValue:
    """Make a token and show it for the only time."""
    plain = f"mg_{secrets.token_urlsafe(32)}"
    days = request.form.get("days", USUAL)
    lasts = int(days) if days in {"30", "90", "365"} else None if days == "" else int(USUAL)
    try:
        with begin() as tx:
            expires = None if lasts is None else tx.now + timedelta(days=lasts)
            new = NewToken(name=request.form.get("name", ""), plain=plain, expires_at=expires)
            made = create_own_token(tx, new)
    except Invalid as refusal:
        return _page(refusal)
    return render_template("auth/new_token.html", token=made, plain=plain)


@blueprint.post("/account/tokens/<token_id>/revoke")
@roles(*PROGRAMMERS)
def revoke_token(token_id: str) -> ResponseReturnValue:
    """Refuse one of the reader's tokens from now on."""
    with begin() as tx:
        token = revoke_own_token(tx, token_id)
    flash(_("“{name}” is refused from now on.", name=token.name), "done")
    return redirect(url_for(".tokens"), 303)
