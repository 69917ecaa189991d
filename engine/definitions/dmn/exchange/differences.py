"""What a changed table says otherwise, in sentences: policy, columns, and each rule by its id or its cells."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import zip_longest

from engine.definitions.dmn.exchange.placing import plain_table
from engine.model.dmn import Aggregator, DecisionTable, Rule, TableInput, TableOutput
from engine.model.errors import Message


def differences(before: DecisionTable, after: DecisionTable) -> Iterator[Message]:
    """Give every difference; rules are numbered as they are in the new table, those that are gone as in the old."""
    old, new = plain_table(before), plain_table(after)
    if _policy(old) != _policy(new):
        params = {"before": _policy(old), "after": _policy(new)}
        yield Message("sheet_policy_changed", "Hit policy: {before} becomes {after}.", params)
    if (old.inputs, old.outputs, old.annotation_names) != (new.inputs, new.outputs, new.annotation_names):
        yield from _columns(old, new)
    yield from _rules(old, new)


def _policy(table: DecisionTable) -> str:
    return str(table.hit_policy) if table.aggregator is Aggregator.LIST else f"{table.hit_policy} {table.aggregator}"


def _columns(old: DecisionTable, new: DecisionTable) -> Iterator[Message]:
    before: list[TableInput | TableOutput] = [*old.inputs, *old.outputs]
    after: list[TableInput | TableOutput] = [*new.inputs, *new.outputs]
    for column in after:
        if column not in before:
            is_known = column.id in {each.id for each in before if each.id}
            params = {"column": _label(column)}
            if is_known:
                yield Message("sheet_column_changed", "Column “{column}” is changed.", params)
            else:
                yield Message("sheet_column_new", "Column “{column}” is new.", params)
    for column in before:
        if column not in after and column.id not in {each.id for each in after}:
            yield Message("sheet_column_gone", "Column “{column}” is gone.", {"column": _label(column)})
    if old.annotation_names != new.annotation_names:
        yield Message("sheet_notes_changed", "The columns of notes are changed.")


def _label(column: TableInput | TableOutput) -> str:
    own = column.name if isinstance(column, TableOutput) else column.expression.text
    return column.label or own or column.id


def _rules(old: DecisionTable, new: DecisionTable) -> Iterator[Message]:
    labels = [*map(_label, new.inputs), *map(_label, new.outputs)]
    labels += list(new.annotation_names)
    matcher = SequenceMatcher(
        None, [_key(rule) for rule in old.rules], [_key(rule) for rule in new.rules], autojunk=False
    )
    for kind, low, high, first, last in matcher.get_opcodes():
        if kind == "equal":
            for was, number in zip(range(low, high), range(first, last), strict=True):
                yield from _cells(old.rules[was], new.rules[number], number + 1, labels)
            continue
        pairs = zip_longest(range(low, high), range(first, last))
        for gone, number in pairs:
            if gone is not None and number is not None and not (old.rules[gone].id and new.rules[number].id):
                yield from _cells(old.rules[gone], new.rules[number], number + 1, labels)
                continue
            if gone is not None:
                yield Message("sheet_rule_gone", "Rule {rule} is gone: {cells}", {"rule": gone + 1, "cells": _said(old.rules[gone])})  # fmt: skip
            if number is not None:
                yield Message("sheet_rule_new", "Rule {rule} is new: {cells}", {"rule": number + 1, "cells": _said(new.rules[number])})  # fmt: skip


def _key(rule: Rule) -> object:
    return rule.id or _texts(rule)


def _texts(rule: Rule) -> tuple[str, ...]:
    return (*(cell.text for cell in (*rule.tests, *rule.results)), *rule.annotations)


def _said(rule: Rule) -> str:
    return " | ".join(cell.text or "-" for cell in (*rule.tests, *rule.results))


def _cells(old: Rule, new: Rule, number: int, labels: Sequence[str]) -> Iterator[Message]:
    for place, (before, after) in enumerate(zip_longest(_texts(old), _texts(new), fillvalue="")):
        if before != after:
            label = labels[place] if place < len(labels) else str(place + 1)
            params = {"rule": number, "column": label, "before": before or "-", "after": after or "-"}
            yield Message("sheet_cell", "Rule {rule}, column “{column}”: {before} becomes {after}", params)
