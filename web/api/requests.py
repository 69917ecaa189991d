"""What the calls take; what is not described here is refused by name."""

from __future__ import annotations

from web.api.shapes import Schema, amount_given, anything, choice, day, maybe, number, record, some, text

REQUESTS: dict[str, Schema] = {
    "Nothing": record({}, needed=()),
    "NewCase": record(
        {
            "kind": text(40, about="A kind of case; “complaint” where it is left out."),
            "subject": text(200, least=1, about="What it is about, in a few words."),
            "description": text(64_000, about="The complaint in the customer's own words; a table classifies it."),
            "channel": choice("web", "email", "phone", "post", "branch", "partner"),
            "received_on": day("The day of receipt, from which the law counts; today where it is left out."),
            "posted_on": day("The postmark of a letter."),
            "country": {"type": "string", "pattern": "^[A-Za-z]{2}$", "description": "ISO 3166 code, such as PL."},
            "party": choice("consumer", "micro", "business", about="It decides which law applies."),
            "sector": choice("general", "energy", "financial", "payment"),
            "area": text(40),
            "language": text(12, about="The language of the answer."),
            "medium": choice("email", "post", about="How the answer is sent."),
            "remedy": text(40, about="What the customer demands: repair, replacement, refund …"),
            "disputed_amount": amount_given(),
            "customer": some("NewCustomer"),
            "complainant": some("NewCustomer"),
            "product": some("Product"),
            "earlier_case": text(40, about="The number of an earlier case."),
            "reference": text(200, least=1, about="The case's id where it comes from; it is registered once."),
            "source": text(80, least=1, about="Where `reference` counts; “api” where it is left out."),
        },
        needed=("subject",),
    ),
    "NewCustomer": record(
        {
            "number": text(40),
            "name": text(160),
            "email": {"type": "string", "format": "email", "maxLength": 254},
            "phone": text(40),
            "address": text(400),
            "language": text(12),
            "segment": text(40),
        },
        needed=(),
    ),
    "Product": record(
        {
            "group": text(40),
            "model": text(80),
            "serial": text(80),
            "purchased_on": day(),
            "invoice": text(60),
            "contract": text(60),
        },
        needed=(),
    ),
    "Delegation": record({"to": text(200, least=1, about="Login or id of the colleague.")}),
    "Reassignment": record(
        {"to": text(200, least=1, about="Login or id of the colleague."), "reason": text(1000, about="Both read it.")}
    ),
    "Completion": record(
        {
            "version": number("The task's version as it was read; another one now is a conflict.", least=1),
            "data": anything("The values of the task's form, by field."),
            "outcome": text(80, about="One of the task's outcomes, where it has any."),
        },
        needed=(),
    ),
    "Press": record({"payload": anything("What the message carries.")}, needed=()),
    "SpecialModeRequest": record({"reason": text(8000), "amount": maybe(amount_given())}, needed=("reason",)),
    "NewComment": record({"body": text(10_000)}),
    "Withdrawal": record({"reason": text(8000)}, needed=()),
    "Reopening": record({"reason": text(8000)}),
    "NewMessage": record(
        {
            "name": text(200, least=1, about="The message's name in the diagram."),
            "correlation": anything("Keys that the waiting case has too; `case` is a case's number."),
            "payload": anything("What the message carries."),
        },
        needed=("name",),
    ),
    "DecisionQuestion": record(
        {
            "decision": text(200, about="A decision, service or function of the deployment, by id or name."),
            "inputs": anything("What the decision is told, by name; dates, times and durations as ISO text."),
        },
        needed=(),
    ),
}
