"""R27: a key belongs to actor and route; a second asking is answered but not served, and another body is refused."""

from __future__ import annotations

import pytest

from engine.actions.answer_once import Answered, KeyedCall, answer_once
from engine.model.errors import Invalid
from tests.engine.actions.conftest import Desk


def test_the_same_key_is_served_once_and_answered_alike(desk: Desk) -> None:
    served: list[str] = []

    def serve() -> dict[str, object]:
        served.append("once")
        return {"number": "C-1"}

    call = KeyedCall(route="/api/cases", key="k-1", body=b'{"subject": "Hail"}', status=201)
    answers: list[Answered] = []
    for _ in range(2):
        with desk.store.begin(desk.person("anna")) as tx:
            answers.append(answer_once(tx, call, serve))
    assert (served, [answer.again for answer in answers]) == (["once"], [False, True])
    assert answers[0].answer == answers[1].answer == {"number": "C-1"}


def test_another_body_under_the_same_key_is_refused(desk: Desk) -> None:
    first = KeyedCall(route="/api/cases", key="k-1", body=b"1", status=201)
    other = KeyedCall(route="/api/cases", key="k-1", body=b"2", status=201)
    with desk.store.begin(desk.person("anna")) as tx:
        answer_once(tx, first, dict)
        with pytest.raises(Invalid):
            answer_once(tx, other, dict)


def test_a_key_of_another_person_is_another_key(desk: Desk) -> None:
    call = KeyedCall(route="/api/cases", key="k-1", body=b"1", status=201)
    for login in ("anna", "ben"):
        with desk.store.begin(desk.person(login)) as tx:
            assert not answer_once(tx, call, dict).again
