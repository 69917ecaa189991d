"""Pages run only our own scripts, sit in no frame, and tell other sites nothing."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec, TypeVar

from flask import Flask, Response, g

Params = ParamSpec("Params")
Answer = TypeVar("Answer")

_NEVER_ELSEWHERE = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=()",
}
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
    mark = f" 'nonce-{g.csp_nonce}'" if "csp_nonce" in g else ""
    styles = " 'unsafe-inline'" if "inline_styles" in g else ""
    return (
        f"default-src 'none'; script-src 'self'{mark}; style-src 'self'{styles}; img-src 'self' data:; "
        "font-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )


def guard_answers(app: Flask, *, https: bool) -> None:
    """Put the headers on every answer; what belongs to one person is kept in no shared store."""

    always = [
        (name.lower(), name, value)
        for name, value in (_NEVER_ELSEWHERE | _ONLY_OVER_TLS if https else _NEVER_ELSEWHERE).items()
    ]

    @app.after_request
    def add_headers(answer: Response) -> Response:
        headers = answer.headers
        said = {name.lower() for name, _value in headers}  # each question to them walks through all of them
        if "content-security-policy" not in said:
            headers.add("Content-Security-Policy", policy())
        for lower, name, value in always:
            if lower not in said:
                headers.add(name, value)
        if g.get("actor") is not None and not headers.get("Cache-Control"):
            headers["Cache-Control"] = "private, no-store"
            answer.vary.add("Cookie")
        return answer
