"""The signed cookie that holds form tokens and what the next page says: what signs it is made ready once, not for each request."""

from __future__ import annotations

from flask import Flask
from flask.sessions import SecureCookieSessionInterface
from itsdangerous import URLSafeTimedSerializer


class FormCookie(SecureCookieSessionInterface):
    """Flask's own cookie; the key of this application does not change while it runs."""

    def __init__(self) -> None:
        self._signing: URLSafeTimedSerializer | None = None

    def get_signing_serializer(self, app: Flask) -> URLSafeTimedSerializer | None:
        """What signs and reads the cookie."""
        if self._signing is None:
            self._signing = super().get_signing_serializer(app)
        return self._signing
