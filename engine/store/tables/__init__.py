"""The schema: three files by meaning; integer microseconds, UUIDv7 text, canonical JSON text."""

from engine.store.tables import cases, people, running
from engine.store.tables.columns import metadata

__all__ = ["cases", "metadata", "people", "running"]
