"""A designer tries a decision on sample inputs: what it would be told, what it gives, and which rules fire."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from json import dumps
from typing import Final

from engine.execution.decisions import DecisionSet, build_decisions
from engine.execution.decisions.in_json import in_json
from engine.execution.decisions.names import all_logic
from engine.execution.expression_errors import ExpressionError
from engine.execution.feel import compile_tests
from engine.execution.feel.plain_tests import plain_tests
from engine.model.dmn import DecisionTable
from engine.model.errors import DefinitionInvalid, Finding, Message
from engine.queries.decisions import decided_by, tables_of
from engine.store.transaction import Tx

_DATES: Final = ("date", "time", "dateTime", "date and time")


@dataclass(frozen=True, slots=True)
class SampleInput:
    """A name that the decision is told: its type, the values that it may have where they are listed, what was typed."""

    name: str
    kind: str
    choices: Sequence[str] = ()
    typed: str = ""


@dataclass(frozen=True, slots=True)
class Trial:
    """What a decision was tried on; `fired` are rule numbers by decision, `reasons` their notes in order."""

    inputs: Sequence[SampleInput]
    tried: bool = False
    value: str = ""
    fired: Mapping[str, Sequence[int]] = field(default_factory=dict[str, Sequence[int]])
    reasons: Sequence[tuple[str, int, Mapping[str, object]]] = ()
    problems: Sequence[Message] = ()
    asks: Sequence[str] = ()
    asked_by: Sequence[str] = ()


def try_table(tx: Tx, files: Mapping[str, bytes], decision: str, typed: Mapping[str, str], *, tried: bool) -> Trial:
    """Give what a decision of some files would be told, and what it gives where it is to be tried."""
    tables = tables_of(files)
    found = next(
        (each for each in (build_decisions(tables[n], n, beside=tables) for n in tables) if decision in each.keys), None
    )
    if found is None:
        return Trial(())
    inputs = [_with(each, typed) for each in _inputs(found, decision)]
    asks, asked_by = _graph(found, decision)
    if not tried:
        return Trial(inputs, asks=asks, asked_by=asked_by)
    told = {each.name: _read(each) for each in inputs}
    try:
        result = decided_by(files, decision, told, tx=tx)
    except DefinitionInvalid as faults:
        problems = [finding.message for finding in faults.findings]
        return Trial(inputs, True, problems=problems, asks=asks, asked_by=asked_by)
    fired: dict[str, list[int]] = {}
    reasons: list[tuple[str, int, Mapping[str, object]]] = []
    for rule in result.fired:
        owner, number, notes = str(rule["decision"]), int(str(rule["rule"])), rule["annotations"]
        fired.setdefault(owner, []).append(number)
        reasons.append((owner, number, notes if isinstance(notes, Mapping) else {}))
    value = dumps(in_json(result.value), ensure_ascii=False)
    return Trial(inputs, True, value, fired, reasons, result.problems, asks, asked_by)


def findings_by_rule(findings: Sequence[Finding], decision: str) -> dict[int, list[Finding]]:
    """Sort what is found about a decision by rule; 0 holds what is about the whole table."""
    found: dict[int, list[Finding]] = {}
    for finding in findings:
        if finding.element_id == decision:
            rule = finding.message.params.get("rule", 0)
            found.setdefault(rule if isinstance(rule, int) else 0, []).append(finding)
    return found


def _graph(found: DecisionSet, decision: str) -> tuple[list[str], list[str]]:
    """Give the decisions that it asks, and those that ask it."""
    needs = {
        key: [need.key[1] for need in each.needs if need.key[1] in found.keys] for key, each in found.decisions.items()
    }
    return needs.get(decision, []), [key for key, needed in needs.items() if decision in needed]


def _inputs(found: DecisionSet, decision: str) -> list[SampleInput]:
    plan = found.plan(decision)
    kinds = {data.name: data.type_name for data in found.file.inputs}
    choices: dict[str, list[str]] = {}
    for each in found.file.decisions:
        for logic in all_logic(each.logic):
            for place, column in enumerate(logic.inputs if isinstance(logic, DecisionTable) else ()):
                name = " ".join(column.expression.text.split())
                kinds.setdefault(name, column.type_name)
                if isinstance(logic, DecisionTable):
                    cells = (
                        [column.allowed.text]
                        if column.allowed
                        else [rule.tests[place].text for rule in logic.rules if place < len(rule.tests)]
                    )
                    choices.setdefault(name, []).extend(text for cell in cells for text in _texts(cell))
    names = dict.fromkeys([*(each.label for each in plan.inputs), *plan.told, *sorted(plan.open_names)])
    return [
        SampleInput(name, _kind(found, kinds.get(name, "")), tuple(dict.fromkeys(choices.get(name, []))))
        for name in names
    ]


def _kind(found: DecisionSet, type_name: str) -> str:
    item = found.compiled.linked.types.item(type_name)
    while item is not None and item.type_name and not item.is_list and not item.components:
        type_name, item = item.type_name, found.compiled.linked.types.item(item.type_name)
    return type_name


def _texts(cell: str) -> list[str]:
    try:
        plain = plain_tests(compile_tests(cell).tree)
    except ExpressionError:
        return []
    return [value for value in plain.values if isinstance(value, str)] if plain is not None else []


def _with(each: SampleInput, typed: Mapping[str, str]) -> SampleInput:
    return SampleInput(each.name, each.kind, each.choices, typed.get(each.name, ""))


def _read(each: SampleInput) -> object:
    """Read what was typed by its kind; where none is declared, numbers and true and false are told from texts."""
    text = each.typed.strip()
    if not text:
        return None
    if each.kind == "string" or each.kind in _DATES or "uration" in each.kind:
        return text
    if text in ("true", "false"):
        return text == "true"
    if each.kind != "boolean":
        try:
            return Decimal(text.replace(",", "."))
        except InvalidOperation:
            return text
    return text
