"""The rules that a host keeps are tried on the same small desk and database as its actions."""

from __future__ import annotations

from tests.engine.actions.conftest import desk
from tests.engine.conftest import database, hand_clock, opened_database, store, template_database, tx

__all__ = ["database", "desk", "hand_clock", "opened_database", "store", "template_database", "tx"]
