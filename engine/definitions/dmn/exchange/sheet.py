"""A table as rows of a sheet: what it is, a heading a row for its columns, then a row a rule; all cells are texts."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

from engine.model.dmn import Aggregator, Cell, Decision, DecisionTable, HitPolicy, Rule, TableInput, TableOutput
from engine.model.errors import Invalid

Rows = list[list[str]]
INPUT, OUTPUT, NOTE, ID = "input", "output", "note", "id"
_KEYS: Final = ("Decision", "Hit policy", "Column", "Label", "Expression", "Type", "Allowed values", "Default")
_OPTIONAL: Final = ("Variable", "Id")
_MOST_RULES, _MOST_COLUMNS = 10_000, 300


def rows_of(decision: Decision, table: DecisionTable) -> Rows:
    """Give the rows: headings by the word in their first cell, rules by their number."""
    notes = max(len(table.annotation_names), *(len(rule.annotations) for rule in table.rules), 0)
    names = [*table.annotation_names, *[""] * (notes - len(table.annotation_names))]
    inputs, outputs = table.inputs, table.outputs
    aggregator = [] if table.aggregator is Aggregator.LIST else [str(table.aggregator)]
    rows = [
        ["Decision", decision.id, decision.name],
        ["Hit policy", str(table.hit_policy), *aggregator],
        ["Column", *[INPUT] * len(inputs), *[OUTPUT] * len(outputs), *[NOTE] * notes, ID],
        ["Label", *(each.label for each in inputs), *(each.label for each in outputs), *names],
        ["Expression", *(each.expression.text for each in inputs), *(each.name for each in outputs)],
        ["Type", *(each.type_name for each in inputs), *(each.type_name for each in outputs)],
        ["Allowed values", *(_text(each.allowed) for each in inputs), *(_text(each.allowed) for each in outputs)],
        ["Default", *[""] * len(inputs), *(_text(each.default) for each in outputs)],
    ]
    if any(each.variable for each in inputs):
        rows.append(["Variable", *(each.variable for each in inputs)])
    rows.append(["Id", *(each.id for each in inputs), *(each.id for each in outputs)])
    for number, rule in enumerate(table.rules, 1):
        tests, results = [cell.text for cell in rule.tests], [cell.text for cell in rule.results]
        said = [*rule.annotations, *[""] * (notes - len(rule.annotations))]
        rows.append([str(number), *tests, *results, *said, rule.id])
    width = max(len(row) for row in rows)
    return [[*row, *[""] * (width - len(row))] for row in rows]


def _text(cell: Cell | None) -> str:
    return cell.text if cell is not None else ""


def table_of(rows: Sequence[Sequence[str]], decision: str) -> DecisionTable:
    """Read the rows of a sheet; raise Invalid where they are none of that decision's table."""
    heads = {_key(row[0]): list(row) for row in rows if row and _key(row[0])}
    _refuse_others(heads, decision)
    kinds = [cell.strip().lower() for cell in heads["Column"]]
    rules = [row for row in rows if row and not _key(row[0]) and any(cell.strip() for cell in row)]
    if len(rules) > _MOST_RULES or len(kinds) > _MOST_COLUMNS:
        raise Invalid("sheet_large", "The sheet has more than {rules} rules or {columns} columns.", rules=_MOST_RULES, columns=_MOST_COLUMNS)  # fmt: skip
    policy, aggregator = _policy(heads["Hit policy"])
    at = {kind: [place for place, each in enumerate(kinds) if each == kind] for kind in (INPUT, OUTPUT, NOTE, ID)}
    return DecisionTable(
        line=0,
        hit_policy=policy,
        aggregator=aggregator,
        inputs=tuple(_input(heads, place) for place in at[INPUT]),
        outputs=tuple(_output(heads, place, number) for number, place in enumerate(at[OUTPUT], 1)),
        rules=tuple(_rule(row, at) for row in rules),
        annotation_names=tuple(_at(heads.get("Label", []), place) for place in at[NOTE]),
    )


def _refuse_others(heads: Mapping[str, Sequence[str]], decision: str) -> None:
    missing = next((key for key in _KEYS[:3] if key not in heads), None)
    if missing is not None:
        raise Invalid(
            "sheet_heading", "The sheet has no row “{row}”. Start from a table that was downloaded here.", row=missing
        )
    found = _at(heads["Decision"], 1)
    if found != decision:
        raise Invalid(
            "sheet_decision", "The sheet is the table of “{found}”, not of “{wanted}”.", found=found, wanted=decision
        )
    kinds = {cell.strip().lower() for cell in heads["Column"][1:]} - {INPUT, OUTPUT, NOTE, ID, ""}
    if kinds:
        raise Invalid(
            "sheet_column", "“{kind}” is no kind of column: there are input, output, note and id.", kind=min(kinds)
        )
    if OUTPUT not in [cell.strip().lower() for cell in heads["Column"]]:
        raise Invalid("sheet_output", "The sheet has no output column. Write “output” in the row “Column”.")


def _key(text: str) -> str:
    found = " ".join(text.split()).lower()
    return next((key for key in (*_KEYS, *_OPTIONAL) if key.lower() == found), "")


def _at(row: Sequence[str], place: int) -> str:
    return row[place].strip() if place < len(row) else ""


def _policy(row: Sequence[str]) -> tuple[HitPolicy, Aggregator]:
    policy, aggregator = _at(row, 1).upper(), _at(row, 2).upper()
    try:
        return HitPolicy(policy), Aggregator(aggregator or Aggregator.LIST)
    except ValueError:
        raise Invalid("sheet_policy", "“{policy}” is no hit policy.", policy=f"{policy} {aggregator}".strip()) from None


def _cell(heads: Mapping[str, Sequence[str]], key: str, place: int) -> Cell | None:
    text = _at(heads.get(key, []), place)
    return Cell(text) if text else None


def _input(heads: Mapping[str, Sequence[str]], place: int) -> TableInput:
    return TableInput(
        id=_at(heads.get("Id", []), place),
        label=_at(heads.get("Label", []), place),
        expression=Cell(_at(heads.get("Expression", []), place)),
        type_name=_at(heads.get("Type", []), place),
        allowed=_cell(heads, "Allowed values", place),
        variable=_at(heads.get("Variable", []), place),
    )


def _output(heads: Mapping[str, Sequence[str]], place: int, number: int) -> TableOutput:
    return TableOutput(
        id=_at(heads.get("Id", []), place) or str(number),
        name=_at(heads.get("Expression", []), place),
        label=_at(heads.get("Label", []), place),
        type_name=_at(heads.get("Type", []), place),
        allowed=_cell(heads, "Allowed values", place),
        default=_cell(heads, "Default", place),
    )


def _rule(row: Sequence[str], at: Mapping[str, Sequence[int]]) -> Rule:
    notes = [_at(row, place) for place in at[NOTE]]
    while notes and not notes[-1]:
        notes.pop()
    return Rule(
        id=next((_at(row, place) for place in at[ID]), ""),
        line=0,
        tests=tuple(Cell(_at(row, place)) for place in at[INPUT]),
        results=tuple(Cell(_at(row, place)) for place in at[OUTPUT]),
        annotations=tuple(notes),
    )
