"""These tests see the frame and the sign-in room alone."""

from __future__ import annotations

import pytest
from flask import Flask

from engine.wiring import Engine
from web.app import create_app


@pytest.fixture
def app(engine: Engine) -> Flask:
    """The application with no other room."""
    return create_app(engine, testing=True, rooms=("auth",))
