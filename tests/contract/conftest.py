"""Suites that every backend must pass run on the same fixtures as the engine's own tests."""

from tests.engine.conftest import database, hand_clock, opened_database, store, template_database, tx

__all__ = ["database", "hand_clock", "opened_database", "store", "template_database", "tx"]
