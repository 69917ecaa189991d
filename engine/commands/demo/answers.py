"""What Veltra's people write into each form, and which button they press."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from random import Random

from engine.actions.complete_task import Answer
from engine.commands.demo.journey import Journey

FINDINGS = {
    "goods": (
        "Serial number and date of purchase checked: within the guarantee. The fault could be repeated on the test bench.",
        "Service report of the last visit read: the part that was changed is not the one that failed.",
        "Spoke to the customer for a quarter of an hour. The course of events is plausible and fits the service record.",
        "The log shows the shut-down on four days. The customer has used it as the manual says.",
    ),
    "delivery": (
        "Photographs and the delivery note are with the case. The damage is where the customer says it is.",
        "The haulier confirms that the date was moved twice without a word to the customer.",
    ),
    "bill": (
        "Reading and bill compared: the reading on the bill lies above what the meter shows on the photograph.",
        "The payment arrived in time and was booked to another account; corrected in the ledger.",
    ),
    "conduct": (
        "Listened to the recording of the call. The customer describes it rightly.",
        "Our three letters say the same and answer none of the questions.",
    ),
}
AGAINST = {
    "goods": (
        "The seal was cut with something sharp; our inspector has photographed the edge. Neither material nor assembly is at fault.",
        "The purchase lies outside the guarantee by fourteen months, and no fault from the beginning can be seen.",
    ),
    "delivery": (
        "Delivered on the agreed day; the note is signed without a reserve, and the damage was told five weeks later.",
    ),
    "bill": (
        "The meter was read on site in the customer’s presence and tested; it counts rightly. The bill follows the contract.",
    ),
    "conduct": ("The recording shows a friendly call of eleven minutes in which the question was answered.",),
}
REASONS = {
    "goods": {
        "accept": "The fault was there from the beginning and falls under the guarantee. We mend it at our cost.",
        "partly": "The fault falls under the guarantee; the further costs that are claimed are not shown by documents.",
        "reject": "The inspection shows that the damage comes from outside. The guarantee does not cover that; the report is enclosed.",
    },
    "delivery": {
        "accept": "We promised a whole delivery on that day and did not keep it. We bear what follows from it.",
        "partly": "The delay was ours; the further costs that are claimed are not shown by documents.",
        "reject": "The goods were handed over whole and on the agreed day, as the signed note shows.",
    },
    "bill": {
        "accept": "The bill does not follow the reading. It is corrected, and nothing is collected until then.",
        "partly": "The reading is corrected; the fee that is disputed is part of the contract and stays.",
        "reject": "Meter and bill were checked and are right. The reading of the test is enclosed.",
    },
    "conduct": {
        "accept": "You are right: this is not how we want to answer. We have changed what we can and apologise.",
        "partly": "Part of what you describe is so, and we apologise for it; the call itself was in order.",
        "reject": "We have looked at every letter and the recording and find that your questions were answered.",
    },
}
OWN_WORDS = (
    "I am sorry for the trouble this has caused you. Please call me directly if a date does not suit you.",
    "Thank you for the photographs, which helped us to decide quickly.",
    "We have told our haulier, so that it does not happen again.",
)
NEVER_OURS = "the network operator of your region"


def answer_of(element: str, journey: Journey, random: Random, today: date) -> Answer:
    """The form's values and the outcome."""
    make = MAKERS.get(element)
    if make is None:
        raise KeyError(f"nobody at Veltra knows what to write into {element}")
    return make(journey, random, today)


def matter(journey: Journey) -> str:
    """What sort of words fit the complaint."""
    if journey.area == "billing" or journey.group == "energy":
        return "bill"
    if journey.area == "delivery":
        return "delivery"
    return "conduct" if journey.area == "conduct" else "goods"


def _triage(journey: Journey, random: Random, today: date) -> Answer:
    del random, today
    data: dict[str, object] = {"product_group": journey.group, "category": journey.category, "area": journey.area}
    if journey.triage == "not_ours":
        data["forwarded_to"] = NEVER_OURS
    if journey.twin is not None:
        data["duplicate_of"] = journey.twin.number
    return Answer(data=data, outcome=journey.triage)


def _work(journey: Journey, random: Random, today: date) -> Answer:
    del today
    refused = journey.outcome == "reject"
    data = {
        "findings": random.choice((AGAINST if refused else FINDINGS)[matter(journey)]),
        "cause": random.choice(("misuse", "wear") if refused else ("material", "assembly", "installation", "process")),
        "in_warranty": not refused,
        "checked": ["documents", random.choice(("photos", "inspection", "test"))],
    }
    return Answer(data=data)


def _decide(journey: Journey, random: Random, today: date) -> Answer:
    del random, today
    share = {"accept": Decimal(1), "partly": Decimal("0.4"), "reject": Decimal(0)}[journey.outcome]
    data: dict[str, object] = {
        "reasons": REASONS[matter(journey)][journey.outcome],
        "amount": str((journey.amount * share).quantize(Decimal(1))),
        "decided_remedy": "none" if journey.outcome == "reject" else journey.remedy,
    }
    return Answer(data=data, outcome=journey.outcome)


def _second(journey: Journey, random: Random, today: date) -> Answer:
    del journey, random, today
    return Answer(data={"check_note": "Read the file; the reasons hold."}, outcome="approve")


def _write(journey: Journey, random: Random, today: date) -> Answer:
    del today
    return Answer(data={"medium": journey.medium, "answer_text": random.choice(OWN_WORDS)})


def _post(journey: Journey, random: Random, today: date) -> Answer:
    del journey
    reference = f"RR{random.randrange(10**8, 10**9)}PL"
    return Answer(data={"posted_on": today.isoformat(), "post_reference": reference})


def _remedy(journey: Journey, random: Random, today: date) -> Answer:
    del journey
    return Answer(data={"remedy_on": today.isoformat(), "remedy_reference": f"SO-{random.randrange(10000, 99999)}"})


def _cause(journey: Journey, random: Random, today: date) -> Answer:
    del today
    causes = (
        ("use",) if journey.outcome == "reject" else ("material", "production", "transport", "installation", "billing")
    )
    return Answer(data={"root_cause": random.choice(causes)})


def _brief(journey: Journey, random: Random, today: date) -> Answer:
    del journey, random, today
    question = "Can this pattern of wear come from use within a year, or was the part faulty from the beginning?"
    return Answer(data={"expert_question": question}, outcome="inside")


def _opinion(journey: Journey, random: Random, today: date) -> Answer:
    del journey, random, today
    answer = "Not from use. The break begins at an inclusion in the casting; two more of the same month show it."
    return Answer(data={"expert_answer": answer, "expert_certain": True})


def _question(journey: Journey, random: Random, today: date) -> Answer:
    del journey, random, today
    text = "Please send us a photograph of the rating plate and of the damaged place, and tell us when you noticed it first."
    return Answer(data={"question_text": text})


def _special(journey: Journey, random: Random, today: date) -> Answer:
    del random, today
    if journey.special == "refuse":
        reason = "The customer’s loss is not shown, and the guarantee ended long ago. An exception here would bind us elsewhere."
        return Answer(data={"decision_reason": reason}, outcome="refuse")
    reason = "Ten years a customer, and our own service missed two appointments. We bear the repair this once."
    return Answer(data={"decision_reason": reason, "approved_amount": str(journey.special_amount)}, outcome="approve")


def _special_second(journey: Journey, random: Random, today: date) -> Answer:
    del journey, random, today
    return Answer(data={"second_reason": "I agree with the reasons given."}, outcome="approve")


MAKERS: dict[str, Callable[[Journey, Random, date], Answer]] = {
    "triage": _triage,
    "work": _work,
    "decide": _decide,
    "second_person": _second,
    "write_answer": _write,
    "post_answer": _post,
    "carry_out_remedy": _remedy,
    "name_cause": _cause,
    "brief_expert": _brief,
    "expert_opinion": _opinion,
    "write_question": _question,
    "decide_special_mode": _special,
    "second_special_mode": _special_second,
    "remedy_by_law": _remedy,
}
