"""Pages run only our own scripts, sit in no frame, and tell other sites nothing."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from flask import Flask, Response, g
from flask.globals import app_ctx

if TYPE_CHECKING:
    from _typeshed.wsgi import WSGIEnvironment

Params = ParamSpec("Params")
Answer = TypeVar("Answer")

_NEVER_ELSEWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
_POLICY = "Content-Security-Policy"
_ONLY_OVER_TLS = {"Strict-Transport-Security": "max-age=31536000"}


def csp_nonce() -> str:
    """The one-time mark of scripts that belong to this page."""
    if "csp_nonce" not in g:
        g.csp_nonce = secrets.token_urlsafe(16)
    nonce: str = g.csp_nonce
    return nonce


def diagrams(view: Callable[Params, Answer]) -> Callable[Params, Answer]:
    """Let the page set styles on its elements, which the diagram viewer does; put this below @roles."""

    @wraps(view)
    def wrapped(*args: Params.args, **kwargs: Params.kwargs) -> Answer:
        g.inline_styles = True
        return view(*args, **kwargs)

    return wrapped


def policy() -> str:
    """The content security policy of this answer; where nothing was marked, no mark lets anything run."""
    here = app_ctx.g
    mark = f" 'nonce-{here.csp_nonce}'" if "csp_nonce" in here else ""
    styles = " 'unsafe-inline'" if "inline_styles" in here else ""
    return (
        f"default-src 'none'; script-src 'self'{mark}; style-src 'self'{styles}; img-src 'self' data:; "
        "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def guarded(*, https: bool) -> type[Response]:
    """Make the kind of answer that carries the headers, unless its view has said its own."""
    always = list((_NEVER_ELSEWHERE | _ONLY_OVER_TLS if https else _NEVER_ELSEWHERE).items())

    class Guarded(Response):
        """An answer of the desk."""

        def get_wsgi_response(self, environ: WSGIEnvironment) -> tuple[Iterable[bytes], str, list[tuple[str, str]]]:
            """Give body, status and all headers."""
            body, status, headers = super().get_wsgi_response(environ)
            said = {name.lower() for name, _value in headers}
            rest = [(_POLICY, policy()), *always]
            return body, status, [*headers, *(each for each in rest if each[0].lower() not in said)]

    return Guarded


def guard_answers(app: Flask, *, https: bool) -> None:
    """Put the headers on every answer; what belongs to one person is kept in no shared store."""
    app.response_class = guarded(https=https)

    @app.after_request
    def keep_to_one_person(answer: Response) -> Response:
        headers = answer.headers
        if app_ctx.g.get("actor") is not None and not headers.get("Cache-Control"):
            headers["Cache-Control"] = "private, no-store"
            answer.vary.add("Cookie")
        return answer
