"""A connection that ends in the middle of anything is a refusal in a sentence, and nothing is left half done."""

from __future__ import annotations

import pytest

from engine.actions.register_case import Registration, register_case
from engine.jobs.carriers import Carriers
from engine.model.case import Case
from engine.store.connection import StorageLost
from engine.store.postgres import PostgresDatabase
from engine.store.transaction import Tx
from tests.databases import connection
from tests.promises.conftest import OLA, House


@pytest.mark.only_on("postgresql")  # SQLite has no connection that somebody else could end
def test_a_connection_that_ends_while_jobs_are_handed_on_is_refused_in_a_sentence(house: House) -> None:
    database = house.store.database
    assert isinstance(database, PostgresDatabase)
    with pytest.raises(StorageLost), house.store.begin(house.person("anna")) as tx:
        register_and_hand_on(tx, database.url)
    assert house.all(Case) == []


def register_and_hand_on(tx: Tx, url: str) -> None:
    """Everything is sent, then the server ends the connection, then the jobs' carriers are to be sent."""
    register_case(tx, Registration(subject="It leaks", country="PL", customer=OLA))
    pid = tx.connection.driver.info.backend_pid
    with connection(url) as other:
        other.execute("SELECT pg_terminate_backend(%s, 5000)", (pid,))
    Carriers(frozenset()).send(tx, tx.asked)
