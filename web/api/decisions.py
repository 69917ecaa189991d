"""The call that asks a decision of a deployment: its value, the rules that fired with their reasons, and problems."""

from __future__ import annotations

from collections.abc import Mapping
from typing import cast

from engine.queries.decisions import decide_deployed
from engine.wiring import Tx
from web.access import STAFF
from web.api.calls import Asked, Call, Json, answers
from web.language import sentence


@answers(
    Call(
        method="POST",
        path="/api/decisions/<key>",
        summary="Ask a decision of the newest version under a key, or a decision by its own id; nothing is kept",
        takes="DecisionQuestion",
        gives="Decided",
        keeps_nothing=True,
        allowed=STAFF,
    )
)
def ask_decision(tx: Tx, asked: Asked) -> Json:
    inputs = cast("Mapping[str, object]", asked.body.get("inputs") or {})
    found = decide_deployed(tx, asked.path["key"], str(asked.body.get("decision") or ""), inputs)
    return {
        "key": found.key,
        "version": found.version,
        "decision": found.decision,
        **found.told,
        "problems": [sentence(problem) for problem in found.problems],
    }
