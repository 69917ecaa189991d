"""A table that looks its rules up decides as one that tests each rule, whatever the cells and the values are."""

from __future__ import annotations

from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.execution.decisions import compile_decisions
from engine.execution.decisions.tables import CompiledTable, Deciding
from engine.execution.feel import FeelDate, Frame
from tests.engine.execution.decisions.tables_in_xml import one

NUMBERS = st.integers(-3, 3).map(str)
TEXTS = st.sampled_from(['"a"', '"b"', '"c"', '"a","c"', 'not("a")', 'contains(?, "b")', "null"])
DAYS = st.integers(1, 5).map(lambda day: f'date("2026-01-0{day}")')


def ordered(values: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    """Cells over values that have an order."""
    signs = st.sampled_from(["<", "<=", ">", ">=", "!= ", "= "])
    ends = st.tuples(st.sampled_from("[("), values, values, st.sampled_from("])"))
    plain = values | st.tuples(signs, values).map("".join) | ends.map(lambda end: f"{end[0]}{end[1]}..{end[2]}{end[3]}")
    return plain | st.lists(plain, min_size=2, max_size=3).map(", ".join) | st.sampled_from(["-", "null", "? > other"])


RULES = st.lists(
    st.tuples(ordered(NUMBERS), TEXTS | st.just("-"), st.sampled_from(["true", "false", "-"]), ordered(DAYS)),
    min_size=1,
    max_size=12,
)
VALUES = st.tuples(
    st.one_of(st.integers(-4, 4), st.decimals(-4, 4, places=1), st.none(), st.just("x")),
    st.one_of(st.sampled_from("abcd"), st.none(), st.just(Decimal(1))),
    st.one_of(st.booleans(), st.none()),
    st.one_of(st.integers(1, 6).map(lambda day: FeelDate(2026, 1, day)), st.none()),
)


def table(rules: list[tuple[str, ...]]) -> CompiledTable:
    rows = [(*cells, str(number)) for number, cells in enumerate(rules)]
    found = compile_decisions(one("RULE ORDER", ["n", "t", "b", "d"], ["o"], rows)).decisions["d"].table
    assert found is not None
    return found


@settings(max_examples=150, deadline=None)
@given(rules=RULES, told=st.lists(VALUES, min_size=1, max_size=8))
def test_looking_up_gives_the_rules_that_testing_gives(
    rules: list[tuple[str, ...]], told: list[tuple[object, ...]]
) -> None:
    compiled = table(rules)
    for values in told:
        by_look_up, by_testing = Deciding(), Deciding()
        names = {"other": 1}
        assert compiled.hits(values, Frame(names, None, by_look_up)) == compiled.tested(
            values, Frame(names, None, by_testing)
        )
        assert by_look_up.problems == by_testing.problems


def test_plain_columns_are_looked_up_and_others_tested() -> None:
    compiled = table([("[1..5)", '"a"', "true", "-"), ("-", 'not("b")', "-", "-"), ("> 3", "null", "false", "-")])
    assert [column for column, _ in compiled.finds] == [0, 1, 2]
    assert [len(rule.open_tests) for rule in compiled.rules] == [0, 1, 0]


def test_the_tree_and_the_line_of_each_cell_stay_in_reach() -> None:
    compiled = table([("> 3", "-", "-", "-")])
    ((column, cell),) = compiled.rules[0].tests
    assert (column, cell.text) == (0, "> 3")
    assert cell.tree is not None
