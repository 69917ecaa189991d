"""The schema: files by meaning; integer microseconds, UUIDv7 text, canonical JSON text."""

from engine.store.tables import archive, cases, operations, people, running
from engine.store.tables.columns import metadata

__all__ = ["archive", "cases", "metadata", "operations", "people", "running"]
