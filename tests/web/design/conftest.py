"""These tests see the room of designers beside the sign-in."""

from __future__ import annotations

import pytest
from flask import Flask

from engine.wiring import Engine
from web.app import create_app


@pytest.fixture
def app(engine: Engine) -> Flask:
    """The application with this room."""
    return create_app(engine, testing=True, rooms=("auth", "design"))
