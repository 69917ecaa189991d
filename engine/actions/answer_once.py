"""A program that asks twice with one key is answered twice but served once (R27)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine.actions.permission import require_signed_in
from engine.store.idempotency import KeyedRequest, answer_of, keep_answer
from engine.store.transaction import Tx


@dataclass(frozen=True, slots=True)
class Answered:
    """The answer with its status; `again` says that it was given before and nothing was done now."""

    status: int
    answer: Mapping[str, object]
    again: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class KeyedCall:
    """What a program asks for: the route, its key, the bytes that it sent, and the status of a good answer."""

    route: str
    key: str
    body: bytes
    status: int


def answer_once(tx: Tx, call: KeyedCall, act: Callable[[], Mapping[str, object]]) -> Answered:
    """Do it and keep the answer, or give the one that this key got before; raise Invalid where the body is another one."""
    require_signed_in(tx)
    request = KeyedRequest(call.route, call.key, call.body)
    known = answer_of(tx, request)
    if known is not None:
        return Answered(known.status, known.answer, again=True)
    answer = act()
    keep_answer(tx, request, status=call.status, answer=answer)
    return Answered(call.status, answer)
