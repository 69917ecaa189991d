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
    """The content security policy of this answer."""
    styles = "'self' 'unsafe-inline'" if g.get("inline_styles") else "'self'"
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{csp_nonce()}'",
            f"style-src {styles}",
            "img-src 'self' data:",
            "font-src 'self' data:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "frame-ancestors 'none'",
        )
    )


def guard_answers(app: Flask, *, https: bool) -> None:
    """Put the headers on every answer; what belongs to one person is kept in no shared store."""

    @app.after_request
    def add_headers(answer: Response) -> Response:
        answer.headers.setdefault("Content-Security-Policy", policy())
        for name, value in _NEVER_ELSEWHERE.items():
            answer.headers.setdefault(name, value)
        if https:
            answer.headers.setdefault("Strict-Transport-Security", "max-age=31536000")
        if g.get("actor") is not None and not answer.headers.get("Cache-Control"):
            answer.headers["Cache-Control"] = "private, no-store"
            answer.vary.add("Cookie")
        return answer
