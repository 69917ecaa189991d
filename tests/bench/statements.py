"""What is sent to a PostgreSQL server is written down, trip by trip, and can be sent again without the engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

import psycopg

from engine.store.postgres import PostgresConnection
from engine.store.postgres_trips import Answer, Sent, Trips

Trip = Sequence[Sent]


@contextmanager
def recorded(trips: list[Trip]) -> Iterator[None]:
    """Add what is sent to the server meanwhile, trip by trip."""
    plain = PostgresConnection._sent

    def sent(self: PostgresConnection, wanted: Sequence[Sent]) -> list[Answer]:
        trips.append([*self._waiting, *wanted])
        return plain(self, wanted)

    with patch.object(PostgresConnection, "_sent", sent):
        yield


def repeat(driver: psycopg.Connection[Any], trips: Sequence[Trip]) -> None:
    """Send the same and read the answers; one statement alone needs no pipeline."""
    for trip in trips:
        if len(trip) == 1:
            answers = [psycopg.RawCursor(driver).execute(*trip[0])]
        else:
            with driver.pipeline():
                answers = [psycopg.RawCursor(driver).execute(*one) for one in trip]
        for answer in answers:
            if answer.description is not None:
                answer.fetchall()


def repeat_in_trips(trips: Trips, told: Sequence[Trip]) -> None:
    """Send the same as the store sends it."""
    for trip in told:
        trips.go(trip)
