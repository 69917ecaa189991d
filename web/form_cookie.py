"""The signed cookie that holds form tokens and what the next page says: what signs it is made ready once, not for each request."""

from __future__ import annotations

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class FormCookie(SecureCookieSessionInterface):
    """Flask's own cookie; the key of this application does not change while it runs."""

    def __init__(self) -> None:
        self._signing: URLSafeTimedSerializer | None = None

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie holds; a program sends none, and nothing has to be looked for."""
        if "HTTP_COOKIE" not in request.environ:
            return self.session_class()
        return super().open_session(app, request)

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs and reads the cookie."""
        if self._signing is None:
            self._signing = super().get_signing_serializer(app)
        return self._signing
