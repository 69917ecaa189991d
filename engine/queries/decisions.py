"""A decision of a deployment is asked by a program, or by a designer who tries a table; nothing is kept of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.definitions.catalog import TABLES
from engine.execution.decisions import DecisionResult, build_decisions, decide
from engine.execution.decisions.in_json import explained
from engine.model.errors import DefinitionInvalid, Invalid, Message, NotFound
from engine.model.running import Deployed
from engine.store.transaction import Tx

Json = dict[str, object]


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided, as JSON: value, inputs and the rules that fired with their notes; `problems` are sentences."""

    key: str
    version: int
    decision: str
    told: Json
    problems: tuple[Message, ...]


def decide_deployed(tx: Tx, key: str, decision: str, inputs: Mapping[str, object]) -> Decided:
    """Decide by the newest version under a key, or by the deployed decision of that id where no deployment has the key.

    Raises NotFound where there is no such decision, and Invalid where the inputs cannot be read.
    """
    found = tx.catalog.newest_or_none(key)
    if found is None:
        found, decision = _holder(tx, key), decision or key
    name = decision or _only(found)
    try:
        result = decided_by(found.files, name, inputs, tx=tx)
    except DefinitionInvalid as faults:
        raise Invalid(
            "decision_faulty", "The decision “{decision}” has faults in its table.", decision=name
        ) from faults
    return Decided(found.key, found.version, name, explained(result), result.problems)


def decided_by(files: Mapping[str, bytes], decision: str, inputs: Mapping[str, object], *, tx: Tx) -> DecisionResult:
    """Decide by the tables among some files; raises NotFound where they have no such decision."""
    tables = tables_of(files)
    if decision not in {name for file in tables for name in build_decisions(tables[file], file, beside=tables).ids}:
        raise NotFound(
            "decision_not_deployed",
            "There is no decision “{decision}”. There are: {known}.",
            decision=decision,
            known=", ".join(_keys(files)) or "–",
        )
    return decide(tables, decision, inputs, now=tx.now)


def tables_of(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The decision files among the files of a deployment."""
    return {name: files[name] for name in sorted(files) if name.endswith(TABLES)}


def _keys(files: Mapping[str, bytes]) -> list[str]:
    tables = tables_of(files)
    return [key for file in tables for key in build_decisions(tables[file], file, beside=tables).keys]


def _only(deployed: Deployed) -> str:
    """The decision where there is one alone, else that of the deployment's own name."""
    keys = _keys(deployed.files)
    if len(keys) == 1 or deployed.key in keys:
        return keys[0] if len(keys) == 1 else deployed.key
    raise Invalid(
        "decision_not_named",
        "Name the decision: “{key}” has {known}.",
        key=deployed.key,
        known=", ".join(keys) or "–",
    )


def _holder(tx: Tx, decision: str) -> Deployed:
    for deployed in tx.catalog.all_newest():
        if decision in _keys(deployed.files):
            return deployed
    raise NotFound(
        "decision_key_unknown",
        "Nothing is deployed under “{key}”, and no decision has this id. The page Processes lists both.",
        key=decision,
    )
