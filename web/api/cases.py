"""Calls about cases: register, read, comment, ask for special mode, and what a customer does to a running case."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import cast

from engine.actions.comment_case import comment_case
from engine.actions.deliver_message import deliver_message
from engine.actions.find_customer import NewCustomer
from engine.actions.message_case import reopen_case, withdraw_case
from engine.actions.register_case import Registration, register_case
from engine.actions.request_special_mode import request_special_mode
from engine.model.people import Role
from engine.queries.api_case import case_for_program, clocks_of_new_case
from engine.queries.api_tasks import open_tasks_of_case
from engine.queries.case_parts import visible_case
from engine.wiring import Tx
from web.access import DESK
from web.api.calls import Asked, Call, Json, answers
from web.api.told import instant, told_case, told_registration, told_special_mode, told_task

SOURCE = "api"
REGISTRARS = (*DESK, Role.ADMINISTRATOR)
_SAME = (
    *("kind", "subject", "description", "channel", "country", "party", "sector", "area"),
    *("language", "medium", "remedy", "earlier_case", "reference"),
)
_FACTS = {"model": "model", "serial": "serial", "invoice": "invoice", "contract": "customer_contract"}


@answers(
    Call(
        method="POST",
        path="/api/cases",
        summary="Register a case",
        takes="NewCase",
        gives="RegisteredCase",
        status=201,
        keyed=True,
        place="/api/cases/{number}",
        allowed=REGISTRARS,
    )
)
def register(tx: Tx, asked: Asked) -> Json:
    case = register_case(tx, registration_from(asked.body))
    return told_registration(case, clocks_of_new_case(tx, case))


@answers(Call(method="GET", path="/api/cases/<number>", summary="Read a case", gives="Case"))
def read_case(tx: Tx, asked: Asked) -> Json:
    return told_case(case_for_program(tx, asked.path["number"]))


@answers(
    Call(
        method="POST",
        path="/api/cases/<number>/special-mode",
        summary="Ask for special mode",
        takes="SpecialModeRequest",
        gives="SpecialMode",
        status=201,
        keyed=True,
        place="/api/cases/{case}",
    )
)
def ask_special_mode(tx: Tx, asked: Asked) -> Json:
    case = visible_case(tx, asked.path["number"])
    request_special_mode(tx, case.id, reason=_text(asked.body, "reason"), amount=_amount(asked.body.get("amount")))
    found = case_for_program(tx, case.number)
    if found.special_mode is None:
        raise RuntimeError("a request for special mode was not kept")
    return told_special_mode(found.special_mode, case.number, found.logins)


@answers(
    Call(
        method="POST",
        path="/api/cases/<number>/comments",
        summary="Comment on a case; customers never see it",
        takes="NewComment",
        gives="Comment",
        status=201,
        keyed=True,
        place="/api/cases/{case}",
    )
)
def add_comment(tx: Tx, asked: Asked) -> Json:
    case = visible_case(tx, asked.path["number"])
    comment = comment_case(tx, case.id, body=_text(asked.body, "body"))
    return {
        "id": comment.id,
        "case": case.number,
        "author": tx.actor.login,
        "body": comment.body,
        "at": instant(comment.created_at),
    }


@answers(
    Call(
        method="POST",
        path="/api/cases/<number>/withdraw",
        summary="The customer takes the complaint back",
        takes="Withdrawal",
        gives="Moved",
        keyed=True,
    )
)
def withdraw(tx: Tx, asked: Asked) -> Json:
    case = visible_case(tx, asked.path["number"])
    withdraw_case(tx, case.id, reason=_text(asked.body, "reason"))
    return moved(tx, case.number)


@answers(
    Call(
        method="POST",
        path="/api/cases/<number>/reopen",
        summary="Take a closed case up again",
        takes="Reopening",
        gives="Moved",
        keyed=True,
    )
)
def reopen(tx: Tx, asked: Asked) -> Json:
    case = visible_case(tx, asked.path["number"])
    reopen_case(tx, case.id, reason=_text(asked.body, "reason"))
    return moved(tx, case.number)


@answers(
    Call(
        method="POST",
        path="/api/messages",
        summary="Deliver a message to the case that waits for it",
        takes="NewMessage",
        gives="Delivered",
        status=202,
        keyed=True,
        allowed=REGISTRARS,
    )
)
def deliver(tx: Tx, asked: Asked) -> Json:
    correlation, payload = _object(asked.body, "correlation"), _object(asked.body, "payload")
    matched = deliver_message(tx, _text(asked.body, "name"), correlation=correlation, payload=payload)
    return {"matched": matched}


def moved(tx: Tx, number: str) -> Json:
    """Where a case is now, and its open tasks."""
    case = visible_case(tx, number)
    tasks = [told_task(line) for line in open_tasks_of_case(tx, case)]
    return {"case": case.number, "stage": str(case.stage), "status": str(case.status), "next": tasks}


def registration_from(body: Mapping[str, object]) -> Registration:
    """What is registered, from a body that fits its description."""
    product = _object(body, "product")
    facts = {fact: product[name] for name, fact in _FACTS.items() if product.get(name)}
    if bought := _day(product.get("purchased_on")):
        facts["purchased_on"] = bought
    given: dict[str, object] = {name: body[name] for name in _SAME if name in body}
    if "reference" in body:
        given["source"] = body.get("source", SOURCE)
    return Registration(
        **given,  # type: ignore[arg-type]  # the description of the call names types as Registration does
        received_on=_day(body.get("received_on")),
        posted_on=_day(body.get("posted_on")),
        disputed_amount=_amount(body.get("disputed_amount")),
        product_group=_text(product, "group"),
        customer=_customer(_object(body, "customer")),
        complainant=_customer(_object(body, "complainant")) if body.get("complainant") else None,
        facts=facts,
    )


def _customer(given: Mapping[str, object]) -> NewCustomer:
    return NewCustomer(**{name: str(value) for name, value in given.items()})


def _object(body: Mapping[str, object], name: str) -> dict[str, object]:
    return cast("dict[str, object]", body.get(name) or {})


def _text(body: Mapping[str, object], name: str) -> str:
    return str(body.get(name) or "")


def _day(value: object) -> date | None:
    return date.fromisoformat(str(value)) if value else None


def _amount(value: object) -> Decimal | None:
    return Decimal(str(value)) if value is not None else None
