"""Good decision tables, and ways to damage them: each fault names the findings of which one has to tell it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from lxml import etree

from engine.shipped import shipped_folder

NAMESPACE = "https://www.omg.org/spec/DMN/20230324/MODEL/"
Rules = list[list[str]]


@dataclass(frozen=True)
class Good:
    """A table: columns `name:type:allowed`, outputs the same, rules."""

    policy: str
    inputs: tuple[str, ...]
    outputs: tuple[str, ...]
    rules: tuple[tuple[str, ...], ...]

    def written(self, rules: Sequence[Sequence[str]] | None = None, policy: str = "") -> bytes:
        policy, _, aggregation = (policy or self.policy).partition("+")
        parts = [f'<definitions xmlns="{NAMESPACE}" id="f" name="f" namespace="urn:f"><decision id="d" name="result">']
        more = f' aggregation="{aggregation}"' if aggregation else ""
        parts.append(f'<variable name="result"/><decisionTable hitPolicy="{policy}"{more}>')
        for column in self.inputs:
            name, kind, allowed = _split(column)
            values = f"<inputValues><text>{escape(allowed)}</text></inputValues>" if allowed else ""
            parts.append(f'<input label={quoteattr(name)}><inputExpression typeRef="{kind}"><text>{name}</text>')
            parts.append(f"</inputExpression>{values}</input>")
        for column in self.outputs:
            name, kind, allowed = _split(column)
            values = f"<outputValues><text>{escape(allowed)}</text></outputValues>" if allowed else ""
            parts.append(f'<output name="{name}" typeRef="{kind}">{values}</output>')
        for rule in rules if rules is not None else self.rules:
            cells = [
                ("inputEntry" if place < len(self.inputs) else "outputEntry", cell) for place, cell in enumerate(rule)
            ]
            parts.append(
                "<rule>" + "".join(f"<{tag}><text>{escape(cell)}</text></{tag}>" for tag, cell in cells) + "</rule>"
            )
        return ("".join(parts) + "</decisionTable></decision></definitions>").encode()


def _split(column: str) -> tuple[str, str, str]:
    name, _, rest = column.partition(":")
    kind, _, allowed = rest.partition(":")
    return name, kind, allowed


GOOD: dict[str, Good] = {
    "amounts": Good(
        "UNIQUE",
        ("amount:number", 'party:string:"consumer", "business"'),
        ('level:string:"clerk", "lead", "manager"', "limit:number"),
        (
            ("< 100", '"consumer"', '"clerk"', "100"),
            ("[100..500)", '"consumer"', '"lead"', "500"),
            (">= 500", '"consumer"', '"manager"', "5000"),
            ("<= 1000", '"business"', '"lead"', "1000"),
            ("> 1000", '"business"', '"manager"', "9000"),
        ),
    ),
    "days": Good(
        "UNIQUE",
        ("bought on:date", "sealed:boolean"),
        ("covered:boolean",),
        (
            ('< date("2024-01-01")', "-", "false"),
            ('[date("2024-01-01")..date("2025-06-30")]', "true", "true"),
            ('[date("2024-01-01")..date("2025-06-30")]', "false", "false"),
            ('>= date("2025-07-01")', "-", "true"),
        ),
    ),
    "waits": Good(
        "UNIQUE",
        ("waited:dayTimeDuration", "urgent:boolean"),
        ('step:string:"wait", "remind", "escalate"',),
        (
            ('< duration("P1D")', "false", '"wait"'),
            ('[duration("P1D")..duration("P3D")]', "false", '"remind"'),
            ('> duration("P3D")', "false", '"escalate"'),
            ("-", "true", '"escalate"'),
        ),
    ),
    "opening": Good(
        "UNIQUE",
        ("called at:time",),
        ("answer:string",),
        (
            ('< time("08:00:00")', '"closed"'),
            ('[time("08:00:00")..time("16:00:00")]', '"open"'),
            ('> time("16:00:00")', '"closed"'),
        ),
    ),
    "colours": Good(
        "ANY",
        ('colour:string:"red", "amber", "green"', "age:number"),
        ("stop:boolean",),
        (('"red"', "-", "true"), ('"amber"', "-", "true"), ("-", "> 90", "true"), ('"green"', "<= 90", "false")),
    ),
    "first": Good(
        "FIRST",
        ("amount:number", "segment:string"),
        ('queue:string:"front", "back", "key"',),
        (
            ("> 5000", "-", '"key"'),
            ("-", '"premium", "partner"', '"key"'),
            ("> 500", '"standard"', '"back"'),
            ("-", "-", '"front"'),
        ),
    ),
    "priority": Good(
        "PRIORITY",
        ("score:number",),
        ('risk:string:"high", "middle", "low"',),
        (("> 80", '"high"'), ("> 40", '"middle"'), ("-", '"low"')),
    ),
    "points": Good(
        "COLLECT+SUM",
        ("words:number", "caps:boolean"),
        ("points:number",),
        (("> 100", "-", "2"), ("> 200", "-", "3"), ("-", "true", "1")),
    ),
}

GAP, NEVER, TWIN = "table_gap", "table_never", "table_twin"
OVERLAP = ("table_overlap", "table_any_overlap", "table_twin")
HIDDEN = ("table_hidden", "table_hidden_by_several", "table_never", "table_twin")
TYPE = ("table_cell_type",)
VALUE = ("table_cell_allowed", "table_result_allowed", "table_never", "table_value_slip", "table_cell_never")
NAME = ("table_unquoted", "table_name", "table_name_column", "table_entry", "table_entry_column", "dmn_name_unknown")


@dataclass(frozen=True)
class Seeded:
    """A damaged file, and the codes of which one tells the damage."""

    what: str
    good: bytes
    bad: bytes
    codes: tuple[str, ...]


def seeded() -> Iterator[Seeded]:
    """Give all faults."""
    for name, good in GOOD.items():
        yield from _rule_faults(name, good)
        yield from _cell_faults(name, good)
    yield from _policies()
    yield from _shipped()


def _changed(good: Good, rule: int, column: int, cell: str) -> bytes:
    rules = [list(each) for each in good.rules]
    rules[rule][column] = cell
    return good.written(rules)


def _rule_faults(name: str, good: Good) -> Iterator[Seeded]:
    whole, rules = good.written(), [list(each) for each in good.rules]
    complete = range(len(rules)) if good.policy in ("UNIQUE",) else [len(rules) - 1]
    for gone in complete if good.policy != "COLLECT+SUM" else []:
        left = rules[:gone] + rules[gone + 1 :]
        yield Seeded(f"{name}: rule {gone + 1} deleted", whole, good.written(left), (GAP,))
    for twice in (0, len(rules) - 1):
        yield Seeded(f"{name}: rule {twice + 1} twice", whole, good.written([*rules, rules[twice]]), HIDDEN + OVERLAP)
    if good.policy == "FIRST":
        for early in range(len(rules) - 1):
            moved = [*rules[:early], rules[-1], *rules[early:-1]]
            yield Seeded(f"{name}: the last rule at {early + 1}", whole, good.written(moved), HIDDEN)


def _cell_faults(name: str, good: Good) -> Iterator[Seeded]:
    whole = good.written()
    for number, rule in enumerate(good.rules):
        for column, cell in enumerate(rule):
            is_input = column < len(good.inputs)
            kind, allowed = _split((good.inputs + good.outputs)[column])[1:]
            where = f"{name}: rule {number + 1}, column {column + 1}"
            if is_input and ".." in cell:
                low, high = cell[1:-1].split("..")
                swapped = f"{cell[0]}{high}..{low}{cell[-1]}"
                yield Seeded(f"{where}: ends swapped", whole, _changed(good, number, column, swapped), (NEVER,))
                if good.policy == "UNIQUE":
                    wide = f"<= {high}"
                    yield Seeded(f"{where}: widened", whole, _changed(good, number, column, wide), OVERLAP)
            if allowed and cell.startswith('"'):
                wrong = cell[:3] + "x" + cell[3:]
                yield Seeded(f"{where}: misspelt", whole, _changed(good, number, column, wrong), VALUE)
            if cell.startswith('"') and "," not in cell:
                bare = cell.strip('"')
                yield Seeded(f"{where}: no quotes", whole, _changed(good, number, column, bare), NAME)
            if cell not in ("-",) and number == 0:
                other = "7" if kind != "number" else '"seven"'
                yield Seeded(f"{where}: wrong type", whole, _changed(good, number, column, other), TYPE)
            if is_input and cell.startswith("> ") and good.policy == "UNIQUE":
                yield Seeded(f"{where}: = added", whole, _changed(good, number, column, f">= {cell[2:]}"), OVERLAP)
            if is_input and cell.startswith(">= ") and good.policy == "UNIQUE" and kind != "date":
                yield Seeded(f"{where}: = gone", whole, _changed(good, number, column, f"> {cell[3:]}"), (GAP,))


def _policies() -> Iterator[Seeded]:
    for name, policy in (("first", "UNIQUE"), ("priority", "UNIQUE"), ("first", "ANY"), ("priority", "ANY")):
        good = GOOD[name]
        yield Seeded(f"{name}: {policy}", good.written(), good.written(policy=policy), OVERLAP)
    good = GOOD["opening"]
    yield Seeded("opening: COLLECT+SUM", good.written(), good.written(policy="COLLECT+SUM"), ("table_sum",))
    yield Seeded("opening: PRIORITY", good.written(), good.written(policy="PRIORITY"), ("table_no_order",))


Damage = Callable[[etree._Element], None]


def _shipped() -> Iterator[Seeded]:
    complaint, special = (shipped_folder("processes") / name for name in ("complaint", "special_mode"))
    whole = {path.name: path.read_bytes() for path in (*complaint.glob("*.dmn"), *special.glob("*.dmn"))}
    last = ["approval_limit", "routing", "urgency", "product", "goods_category", "area_concerned", "safety"]
    for decision in [*last, "special_mode_level", "is_a_complaint", "energy_category"]:
        file = next(name for name, data in whole.items() if f'<decision id="{decision}"'.encode() in data)
        yield Seeded(f"{decision}: last rule deleted", whole[file], _without_last(whole[file], decision), (GAP,))
        yield Seeded(f"{decision}: last rule first", whole[file], _last_first(whole[file], decision), HIDDEN)
    for file, old, new, codes in (
        ("approval_limits.dmn", "&gt;= number(amount)", "&gt;= number(amonut)", NAME),
        ("approval_limits.dmn", "number(special_mode_limit)<", "number(special_mod_limit)<", NAME),
        ("approval_limits.dmn", "&gt; 5000", '"5000"', TYPE),
        ("approval_limits.dmn", "<text>true</text>", '<text>"yes"</text>', TYPE),
        ("approval_limits.dmn", '<text>"reject"</text>', "<text>reject</text>", NAME),
        ("special_mode.dmn", "&gt;= 1", '"one"', TYPE),
        ("special_mode.dmn", "<text>20000</text>", '<text>"20000"</text>', TYPE),
        ("routing.dmn", "<text>urgency</text>", "<text>urgencyy</text>", NAME),
        ("routing.dmn", "<text>4</text>", '<text>"four"</text>', TYPE),
        ("classify.dmn", "<text>product.group</text>", "<text>product.grupp</text>", NAME),
    ):
        data = whole.get(file) or whole["level.dmn"]
        assert old.encode() in data, (file, old)
        yield Seeded(f"{file}: {new}", data, data.replace(old.encode(), new.encode(), 1), codes)


def _table(root: etree._Element, decision: str) -> etree._Element:
    found = next(each for each in root.iter("{*}decision") if each.get("id") == decision).find("{*}decisionTable")
    assert found is not None
    return found


def _without_last(data: bytes, decision: str) -> bytes:
    root = etree.fromstring(data)
    table = _table(root, decision)
    table.remove(table.findall("{*}rule")[-1])
    return etree.tostring(root)


def _last_first(data: bytes, decision: str) -> bytes:
    root = etree.fromstring(data)
    rules = _table(root, decision).findall("{*}rule")
    rules[0].addprevious(rules[-1])
    return etree.tostring(root)
