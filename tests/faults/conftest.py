"""The house of the promises is the house of the faults."""

from tests.promises.conftest import furnished_database, house

__all__ = ["furnished_database", "house"]
