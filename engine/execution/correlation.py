"""A message is meant for a wait when each key that both know is equal; a key that nobody has set yet takes the first (R15)."""

from __future__ import annotations

from collections.abc import Mapping

from engine.execution.runtime import MessageWait

UNNAMED = "correlationKey"


def named_keys(declared: Mapping[str, object], correlation: Mapping[str, object]) -> Mapping[str, object]:
    """Give the message's keys under the names that the diagram declares."""
    if len(correlation) == 1 and declared.keys() == {UNNAMED}:
        return {UNNAMED: next(iter(correlation.values()))}
    return correlation


def accepts(
    wait: MessageWait,
    correlation: Mapping[str, object],
    payload: Mapping[str, object],
    variables: Mapping[str, object],
) -> bool:
    """Say whether the message fits; its name has been compared before.

    Keys that the diagram declares are compared with the message's keys, else with its payload. Keys of the message that
    the diagram does not declare are compared with `variables`, those that can be seen where the wait is open. A diagram
    of Zeebe declares one key without a name; a message's only key is meant for it.
    """
    declared = wait.correlation or {}
    correlation = named_keys(declared, correlation)
    for key, wanted in declared.items():
        given = correlation.get(key, payload.get(key))
        if wanted is not None and wanted != given:
            return False
    return all(key in declared or variables.get(key, given) == given for key, given in correlation.items())
