"""Faults that let a diagram run and go wrong later: tokens that get lost or doubled, names that nobody gives, waits in vain."""

from engine.checks.soundness.people import PEOPLE_RULES
from engine.checks.soundness.tokens import TOKEN_RULES
from engine.checks.soundness.waits import WAIT_RULES

SOUNDNESS_RULES = (*TOKEN_RULES, *WAIT_RULES, *PEOPLE_RULES)

__all__ = ["SOUNDNESS_RULES"]
