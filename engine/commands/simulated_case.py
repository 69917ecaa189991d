"""The host of a scenario: the connectors that change a case, told on a case that exists in memory only."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Protocol

from engine.model.errors import BpmnError
from engine.model.statutory import Receipt, rule_for

Answer = dict[str, object] | None
Connector = Callable[[dict[str, object]], Answer]
OUTCOMES = {"accept": "accepted", "reject": "rejected", "partly": "partly_accepted"}


class Desk(Protocol):
    """What the connectors need of the story around them."""

    def stop_clocks(self, on: date | None) -> None:
        """The answer has left on that day, or now: every clock of the case stops."""
        ...

    def lapse_clock(self) -> None:
        """The law has decided: the statutory clock lapses."""
        ...

    def escalate(self, clock: str, level: int) -> None:
        """Tell or reassign those who have open tasks on the clock."""
        ...


@dataclass(slots=True)
class SimulatedCase:
    """What the story's case has come to."""

    facts: Mapping[str, object]
    desk: Desk = field(init=False)
    decision: str = ""
    special_mode: str = ""
    joined_to: str = ""
    closed: bool = False
    root_cause: str = ""
    dispatched: list[dict[str, object]] = field(default_factory=list[dict[str, object]])

    def connectors(self) -> dict[str, Connector]:
        """The connectors by key."""
        return {
            "case.decide": self.decide,
            "case.dispatched": self.dispatch,
            "case.lapse": self.lapse,
            "case.close": self.close,
            "case.join": self.join,
            "case.escalate": self.escalate,
            "case.special_mode": self.settle,
        }

    def decide(self, inputs: dict[str, object]) -> Answer:
        """Record the decision; an approved special mode cannot be refused."""
        outcome = OUTCOMES.get(str(inputs.get("outcome")), "")
        if not outcome:
            raise BpmnError("outcome_unknown", {"outcome": inputs.get("outcome")})
        if outcome == "rejected" and self.facts.get("special_mode") == "approved":
            raise BpmnError("special_mode_binds")
        self.decision = outcome
        return {"outcome": outcome}

    def dispatch(self, inputs: dict[str, object]) -> Answer:
        """Keep the evidence of dispatch; by post it needs a day and a reference."""
        if inputs.get("medium") == "post" and not (inputs.get("on") and inputs.get("reference")):
            raise BpmnError("dispatch_evidence")
        self.dispatched.append(inputs)
        day = inputs.get("on")
        self.desk.stop_clocks(day if isinstance(day, date) else None)
        return {"on": day}

    def lapse(self, inputs: dict[str, object]) -> Answer:
        """Let the law decide as the rule row of this case says; empty where it says nothing."""
        effect = self.effect_by_law()
        if effect:
            self.decision = effect
            self.desk.lapse_clock()
        return {"effect": effect}

    def effect_by_law(self) -> str:
        """The decision that the statutory rule of this case names for a lapse."""
        received = self.facts.get("received_on")
        if not isinstance(received, date):
            return ""
        texts = {name: str(self.facts.get(name) or "") for name in ("country", "subject", "remedy")}
        sector, party = str(self.facts.get("sector") or "general"), str(self.facts.get("party") or "consumer")
        rule = rule_for(Receipt(received, texts["country"], sector, party, texts["subject"], texts["remedy"]))
        return rule.lapse.decision if rule is not None else ""

    def close(self, inputs: dict[str, object]) -> Answer:
        """Close the case with its root cause."""
        self.closed, self.root_cause = True, str(inputs.get("root_cause") or "")
        return {}

    def join(self, inputs: dict[str, object]) -> Answer:
        """Join the case to an earlier one."""
        self.joined_to = str(inputs.get("duplicate_of") or "")
        if not self.joined_to:
            raise BpmnError("joined_case_unknown")
        return {}

    def escalate(self, inputs: dict[str, object]) -> Answer:
        """Escalate the open tasks on a clock."""
        self.desk.escalate(str(inputs.get("clock") or "contract"), int(str(inputs.get("level") or 50)))
        return {}

    def settle(self, inputs: dict[str, object]) -> Answer:
        """Record what was decided about special mode."""
        self.special_mode = str(inputs.get("status") or "")
        return {}
