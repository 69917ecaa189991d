"""Promise 7: names, addresses and what people wrote lie in customers, messages, comments and attachments, and nowhere else."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from engine.actions.attach_file import attach_file
from engine.actions.comment_case import comment_case
from engine.actions.find_customer import NewCustomer
from engine.actions.message_case import record_reply, withdraw_case
from engine.actions.press_action import press_action
from engine.actions.reassign_task import reassign_task
from engine.actions.settle_incident import skip_incident
from engine.model.people import SYSTEM
from engine.model.running import Incident
from engine.store.connection import Dialect
from tests.promises.conftest import House

ERASABLE = {
    "customer": {"name", "email", "phone", "address", "search", "number"},
    "message": {"body", "recipient", "subject"},
    "comment": {"body"},
    "attachment": {"name"},
    "attachment_content": {"content"},
    "case_search": {"content"},
    "case_words": {"content"},
    "case_file": {"subject"},
    "special_mode": {"reason", "decision_reason"},
    "task": {"draft"},
    "notice": {"params"},
}

COLUMNS = {
    Dialect.SQLITE: """
SELECT made.name, part.name FROM sqlite_master AS made JOIN pragma_table_info(made.name) AS part
WHERE made.type = 'table' AND made.name NOT LIKE 'case_search!_%' ESCAPE '!' AND made.name NOT LIKE 'sqlite!_%' ESCAPE '!'""",
    Dialect.POSTGRES: """
SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = 'public' AND data_type <> 'bytea'""",
}


def columns_with(house: House, word: str) -> set[str]:
    """Each table and column in which the word stands."""
    found: set[str] = set()
    with house.store.read(SYSTEM) as tx:
        for table, column in tx.connection.rows(COLUMNS[tx.connection.dialect]):
            condition = f'instr(CAST("{column}" AS TEXT), ?) > 0'
            if tx.connection.rows(f"SELECT 1 FROM {table} WHERE {condition} LIMIT 1", (word,)):
                found.add(f"{table}.{column}")
    return found


def a_full_case(house: House) -> None:
    """A case in which everybody writes a word of their own everywhere they can."""
    customer = NewCustomer(name="Zqzqzqname", email="zqmail@example.org", phone="Zqzqzqphone", address="Zqzqzqstreet")
    case = house.triaged(subject="Zqzqzqsubject", description="Zqzqzqtext: my pump leaks", customer=customer)
    work = house.claim("ben", house.task(case, "work"))
    with house.store.begin(house.person("ben")) as tx:
        press_action(tx, work.id, element="ask_customer", payload={})
        comment_case(tx, case.id, body="Zqzqzqcomment")
        attach_file(tx, case.id, name="Zqzqzqfile.txt", content=b"Zqzqzqcontent")
    house.do("ben", case, "write_question", question_text="Zqzqzqquestion")
    with house.store.begin(house.person("anna")) as tx:
        record_reply(tx, case.id, text="Zqzqzqreply")
    house.ask_special_mode("anna", case)
    house.do("eva", case, "decide_special_mode", "approve", approved_amount="800", decision_reason="Zqzqzqdecided")
    with house.store.begin(house.person("david")) as tx:
        reassign_task(tx, work.id, to="iga", reason="Zqzqzqmoved")
    house.do("iga", case, "work", findings="Zqzqzqfindings")
    house.do("iga", case, "decide", "accept", reasons="Zqzqzqreasons", decided_remedy="repair", amount="10")
    house.post.is_down = True
    house.do("iga", case, "write_answer", answer_text="Zqzqzqanswer", medium="email")
    house.now += timedelta(hours=1)
    for _ in range(4):
        house.wait(hours=1)
    for incident in house.all(Incident, state="open"):
        with house.store.begin(house.person("henry")) as tx:
            skip_incident(tx, incident.id, reason="Zqzqzqskipped")
    with house.store.begin(house.person("anna")) as tx:
        withdraw_case(tx, case.id, reason="Zqzqzqwithdrawn")
    house.settle()


def test_personal_values_are_in_erasable_rows_only(house: House, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        a_full_case(house)
    allowed = {f"{table}.{column}" for table, columns in ERASABLE.items() for column in columns}
    assert columns_with(house, "Zqzqzq") - allowed == set()
    assert columns_with(house, "zqmail") - allowed == set()
    assert "Zqzqzq" not in caplog.text
    assert "zqmail" not in caplog.text
    assert house.broken() == []
