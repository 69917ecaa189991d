"""A signed-in browser holds a random token; the database holds its hash, so that each sign-in can be revoked."""

from __future__ import annotations

from datetime import timedelta

from flask import Flask, Request, current_app
from flask.globals import app_ctx, request_ctx
from werkzeug.wrappers import Response

from engine.actions.keep_session import keep_session
from engine.model.people import SYSTEM
from engine.model.session import hash_of, needs_keeping
from engine.queries.signed_in import by_session, by_token
from web.current import engine, now

COOKIE = "makegood_session"
_LIFE = timedelta(hours=12)


def set_cookie(answer: Response, token: str) -> None:
    """Hand the token to the browser, for this site only and out of reach of scripts."""
    answer.set_cookie(
        COOKIE,
        token,
        max_age=int(_LIFE.total_seconds()),
        httponly=True,
        secure=bool(current_app.config["SESSION_COOKIE_SECURE"]),
        samesite="Lax",
    )


def drop_cookie(answer: Response) -> None:
    """Take the token back."""
    answer.delete_cookie(
        COOKIE, httponly=True, samesite="Lax", secure=bool(current_app.config["SESSION_COOKIE_SECURE"])
    )


def token_of(asked: Request) -> str:
    """The session token that the browser sent, or nothing."""
    return asked.cookies.get(COOKIE, "")


def bearer_of(asked: Request) -> str:
    """The token of a program that calls the API, or nothing."""
    kind, _, token = asked.headers.get("Authorization", "").partition(" ")
    return token.strip() if kind.lower() == "bearer" else ""


def recognise() -> None:
    """Find out who asks; whoever is not known stays nobody."""
    here, asked = app_ctx.g, request_ctx.request  # themselves: looking either up costs as much as asking it
    here.actor = None
    here.bearer = False
    if asked.endpoint == "static":
        return
    bearer = bearer_of(asked) if asked.path.startswith("/api/") else ""
    if bearer:
        here.bearer, here.token_hash = True, hash_of(bearer)
        with engine().read(SYSTEM) as tx:
            here.actor, here.now = by_token(tx, here.token_hash), tx.now
        return
    token = token_of(asked)
    if not token:
        return
    with engine().read(SYSTEM) as tx:
        found, here.now = by_session(tx, hash_of(token)), tx.now
    if found is None:
        return
    here.actor, here.session_hash = found.actor, found.session.token_hash
    if needs_keeping(found.session, now()):
        with engine().begin(found.actor) as tx:
            keep_session(tx, found.session.token_hash)


def recognise_everybody(app: Flask) -> None:
    """Ask before each request who it is."""
    app.before_request(recognise)
