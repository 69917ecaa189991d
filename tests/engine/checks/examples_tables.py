"""Each finding about a table has a table that brings it and one, as like as possible, that does not."""

from __future__ import annotations

from tests.engine.checks.seeded_tables import GOOD, NAMESPACE, Good

AMOUNTS, COLOURS, FIRST = GOOD["amounts"], GOOD["colours"], GOOD["first"]


def with_cell(good: Good, rule: int, column: int, cell: str) -> bytes:
    rules = [list(each) for each in good.rules]
    rules[rule][column] = cell
    return good.written(rules)


def graph(entry: str, colour: str, name: str = "colour") -> bytes:
    """Give a file whose second decision reads an entry of its first."""
    return (
        f'<definitions xmlns="{NAMESPACE}" id="g" name="g" namespace="urn:g"><inputData id="i" name="colour"/>'
        '<decision id="kind" name="kind"><variable name="kind"/><informationRequirement><requiredInput href="#i"/>'
        '</informationRequirement><decisionTable hitPolicy="FIRST"><input><inputExpression typeRef="string"><text>'
        f'{name}</text></inputExpression></input><output name="group"/><output name="paint"/><rule><inputEntry><text>-'
        '</text></inputEntry><outputEntry><text>"warm"</text></outputEntry><outputEntry><text>"red"</text></outputEntry>'
        '</rule></decisionTable></decision><decision id="d" name="d"><informationRequirement><requiredDecision '
        'href="#kind"/></informationRequirement><decisionTable hitPolicy="FIRST"><input><inputExpression typeRef="string">'
        f'<text>kind.{entry}</text></inputExpression></input><output name="x"/><rule><inputEntry><text>"{colour}"</text>'
        "</inputEntry><outputEntry><text>1</text></outputEntry></rule><rule><inputEntry><text>-</text></inputEntry>"
        f"<outputEntry><text>kind.{entry}</text></outputEntry></rule></decisionTable></decision></definitions>"
    ).encode()


def named(name: str, again: str) -> bytes:
    return Good("FIRST", (f"{name}:number",), ("x:number",), (("> 1", again), ("-", "1"))).written()


def long(rules: int) -> bytes:
    """Give a table with a boundary a rule."""
    return Good("FIRST", ("n:number",), ("x:number",), ()).written(
        [*([f"< {n}", "1"] for n in range(rules)), ["-", "2"]]
    )


STATES = Good("FIRST", ("a:number", "state:string"), ("x:number",), ())


def states(last: str) -> bytes:
    rules = [[f"> {9 - row}", f'"{state}"', "1"] for row, state in enumerate(("pending", "pending", last))]
    return STATES.written([*rules, ["-", "-", "2"]])


HALVES = [["< 0", "-", '"front"'], [">= 0", "-", '"back"'], ["-", '"premium"', '"key"'], ["-", "-", '"key"']]

TABLES: dict[str, tuple[bytes, bytes]] = {
    "table_gap": (AMOUNTS.written(AMOUNTS.rules[:-1]), AMOUNTS.written()),
    "table_overlap": (with_cell(AMOUNTS, 0, 0, "<= 100"), AMOUNTS.written()),
    "table_any_overlap": (with_cell(COLOURS, 3, 1, "<= 95"), with_cell(COLOURS, 1, 0, '"red", "amber"')),
    "table_never": (with_cell(AMOUNTS, 1, 0, "[500..100)"), AMOUNTS.written()),
    "table_twin": (AMOUNTS.written([*AMOUNTS.rules, AMOUNTS.rules[0]]), AMOUNTS.written()),
    "table_hidden": (FIRST.written([FIRST.rules[-1], *FIRST.rules[:-1]]), FIRST.written()),
    "table_hidden_by_several": (FIRST.written(HALVES), FIRST.written([HALVES[0], *HALVES[2:]])),
    "table_too_large": (long(1_000), long(10)),
    "table_no_order": (
        Good("PRIORITY", ("a:number",), ("x:number",), (("-", "1"),)).written(),
        Good("PRIORITY", ("a:number",), ("x:number:1, 2",), (("-", "1"),)).written(),
    ),
    "table_sum": (
        Good("COLLECT+SUM", ("a:number",), ("x",), (("-", '"one"'),)).written(),
        Good("COLLECT+SUM", ("a:number",), ("x",), (("-", "1"),)).written(),
    ),
    "table_cell_type": (with_cell(AMOUNTS, 0, 0, '"hundred"'), AMOUNTS.written()),
    "table_cell_allowed": (with_cell(AMOUNTS, 0, 1, '"consumr"'), AMOUNTS.written()),
    "table_result_allowed": (with_cell(AMOUNTS, 0, 2, '"clark"'), AMOUNTS.written()),
    "table_cell_never": (graph("paint", "rod"), graph("paint", "red")),
    "table_value_slip": (states("pendign"), states("pending")),
    "table_unquoted": (with_cell(AMOUNTS, 0, 1, "consumer"), AMOUNTS.written()),
    "table_name": (named("amount", "amonut"), named("amount", "amount")),
    "table_name_column": (graph("paint", "red", "colur"), graph("paint", "red")),
    "table_entry": (graph("pant", "red"), graph("paint", "red")),
    "table_entry_column": (graph("pant", "red"), graph("paint", "red")),
}
