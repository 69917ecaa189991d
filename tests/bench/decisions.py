"""The decisions' figures: a table of a hundred rules, a condition, and how they stand to two other engines in Python."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryDirectory
from types import SimpleNamespace
from xml.sax.saxutils import escape

from SpiffWorkflow.bpmn.script_engine import PythonScriptEngine
from SpiffWorkflow.dmn.parser.BpmnDmnParser import BpmnDmnParser

from engine.execution.decisions import compile_decisions, decide
from engine.execution.expressions import compile_expression
from tests.bench.figures import Bound, Figures, Work, seconds_of

RULES, HIT = 100, 50
CHANNELS = ("web", "phone", "letter", "shop")
INPUTS = (("amount", "number"), ("country", "string"), ("channel", "string"), ("days", "number"), ("urgent", "boolean"))
FACTS = {"amount": Decimal(HIT * 10 + 3), "country": "PL", "channel": CHANNELS[HIT % 4], "days": 20, "urgent": True}
PLAIN = {**FACTS, "amount": HIT * 10 + 3}
HEAD = (
    '<definitions xmlns="https://www.omg.org/spec/DMN/20191111/MODEL/" id="bench" name="bench" namespace="urn:bench">'
)
MUST = {
    "table_to_30_us": Bound(most=1),
    "condition_to_1_us": Bound(most=1),
    "spiffworkflow": Bound(least=10),
}


def run() -> Figures:
    """Measure all of it; pyDMNrules is measured where the development extra is installed."""
    table = xml(feel_cells)
    compiled = compile_decisions(table)
    condition = compile_expression("= amount > 100", language="feel")
    assert compiled.evaluate("queue", FACTS, strict=True).value == f"q{HIT}"
    ours: dict[str, Work] = {
        "a table of 100 rules and 5 inputs": lambda: compiled.evaluate("queue", FACTS, strict=True),
        "the same from its file, by decide": lambda: decide(table, "queue", FACTS),
        "a condition": lambda: condition.evaluate(FACTS),
    }
    theirs = {"spiffworkflow": spiff(xml(python_cells)), "pydmnrules": pydmnrules(table)}
    others = {name: work for name, work in theirs.items() if work is not None}
    mine = seconds_of(list(ours.values()), 2_000, block=100)
    other = dict(zip(others, seconds_of(list(others.values()), 20), strict=True))
    measured = {name: (seconds * 1e6, "µs") for name, seconds in zip(ours, mine, strict=True)}
    measured |= {f"the table on {name}": (seconds * 1e6, "µs") for name, seconds in other.items()}
    ratios = {"table_to_30_us": mine[0] * 1e6 / 30, "condition_to_1_us": mine[2] * 1e6}
    return Figures("decisions", measured, ratios | {name: seconds / mine[0] for name, seconds in other.items()}, MUST)


def feel_cells(rule: int) -> list[str]:
    """A rule's tests in FEEL."""
    low = rule * 10
    return [f"[{low}..{low + 10})", '"PL","DE"', f'"{CHANNELS[rule % 4]}"', "<= 30", "true"]


def python_cells(rule: int) -> list[str]:
    """The same tests in Python, as SpiffWorkflow wants them."""
    low = rule * 10
    return [f"{low} <= ? < {low + 10}", '? in ("PL", "DE")', f'"{CHANNELS[rule % 4]}"', "? <= 30", "True"]


def xml(cells: Callable[[int], list[str]]) -> bytes:
    """The table, with tests in one language or the other."""
    columns = "".join(
        f'<input id="i_{name}" label="{name}"><inputExpression id="e_{name}" typeRef="{kind}"><text>{name}</text>'
        "</inputExpression></input>"
        for name, kind in INPUTS
    )
    rules = ""
    for rule in range(RULES):
        texts = [f"<text>{escape(cell)}</text>" for cell in cells(rule)]
        tests = "".join(f'<inputEntry id="t{rule}_{n}">{text}</inputEntry>' for n, text in enumerate(texts))
        rules += f'<rule id="r{rule}">{tests}<outputEntry id="o{rule}"><text>"q{rule}"</text></outputEntry></rule>'
    output = '<output id="o" label="queue" name="queue" typeRef="string"/>'
    table = f'<decisionTable id="table" hitPolicy="FIRST">{columns}{output}{rules}</decisionTable>'
    return f'{HEAD}<decision id="queue" name="queue">{table}</decision></definitions>'.encode()


def spiff(table: bytes) -> Work:
    """The table on SpiffWorkflow's own engine."""
    parser = BpmnDmnParser()
    with TemporaryDirectory() as folder:
        file = Path(folder) / "queue.dmn"
        file.write_bytes(table)
        parser.add_dmn_file(str(file))
        for each in parser.dmn_parsers.values():
            each.parse()
    engine = parser.get_engine("queue", None)
    spec = SimpleNamespace(name="queue", bpmn_id="queue", bpmn_name="queue", file=None)
    around = SimpleNamespace(script_engine=PythonScriptEngine())

    def work() -> object:
        return engine.result(SimpleNamespace(data=dict(PLAIN), task_spec=spec, workflow=around))

    assert work() == {"queue": f"q{HIT}"}
    return work


def pydmnrules(table: bytes) -> Work | None:
    """The table on pyDMNrules, or nothing where it is not installed."""
    try:
        rules = import_module("pyDMNrules").DMN()
    except ImportError:
        return None
    assert rules.useXML(table.decode()) == {}

    def work() -> object:
        return rules.decide(dict(PLAIN))[1]["Result"]["queue"]

    assert work() == f"q{HIT}"
    return work
