"""A changed table goes into its file in place of the old one; what is the same stays as it was written."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

from lxml import etree

from engine.definitions.bpmn.document import read_document
from engine.definitions.dmn.reader import read_decisions
from engine.definitions.dmn.reading import Element, local, part_of, parts
from engine.model.dmn import Aggregator, Cell, Decision, DecisionTable, Rule, TableInput, TableOutput
from engine.model.errors import Finding, Invalid, NotFound

_VARIABLE = "{http://camunda.org/schema/1.0/dmn}inputVariable"
_ELEVEN = ("20151101/dmn.xsd", "20151101/dmn11.xsd")


def put_table(data: bytes, decision: str, table: DecisionTable, file: str = "") -> bytes:
    """Give the file with this table; the same bytes where nothing changes. Raises NotFound and Invalid."""
    model, _ = read_decisions(data, file)
    old = next((each for each in model.decisions if each.id == decision), None)
    root = read_document(data, file)
    if isinstance(root, Finding) or old is None or not isinstance(old.logic, DecisionTable):
        raise NotFound("table_not_there", "The file has no table of “{decision}”.", decision=decision)
    if plain_table(old.logic) == plain_table(table):
        return data
    found = next(each for each in parts(root, "decision") if each.get("id") == decision)
    element = part_of(found, "decisionTable")
    if element is None:
        raise NotFound("table_not_there", "The file has no table of “{decision}”.", decision=decision)
    _Placing(element, old, old.logic).put(table)
    try:
        return etree.tostring(root.getroottree(), xml_declaration=True, encoding="UTF-8")
    except ValueError:
        raise Invalid("sheet_text", "The sheet holds characters that no file may have.") from None


def plain_table(table: DecisionTable) -> DecisionTable:
    """Give a table without its lines, and without notes that are empty to the end: what a sheet keeps."""

    def cell(found: Cell | None) -> Cell | None:
        return Cell(found.text) if found is not None and found.text else None

    def sure(found: Cell) -> Cell:
        return Cell(found.text)

    rules = tuple(
        Rule(each.id, 0, tuple(map(sure, each.tests)), tuple(map(sure, each.results)), _shortened(each.annotations))
        for each in table.rules
    )
    return replace(
        table,
        line=0,
        id="",
        type_name="",
        inputs=tuple(
            replace(each, expression=sure(each.expression), allowed=cell(each.allowed)) for each in table.inputs
        ),
        outputs=tuple(replace(each, allowed=cell(each.allowed), default=cell(each.default)) for each in table.outputs),
        rules=rules,
        annotation_names=_shortened(table.annotation_names),
    )


def _shortened(texts: tuple[str, ...]) -> tuple[str, ...]:
    kept = list(texts)
    while kept and not kept[-1]:
        kept.pop()
    return tuple(kept)


class _Placing:
    def __init__(self, element: Element, decision: Decision, table: DecisionTable) -> None:
        self.element, self.decision, self.old = element, decision, plain_table(table)
        namespace = etree.QName(element).namespace or ""
        self.space = f"{{{namespace}}}"
        self.has_notes = not namespace.endswith(_ELEVEN)
        by_kind = {kind: list(parts(element, kind)) for kind in ("input", "output", "rule", "annotation")}
        self.kept: dict[object, Element] = {}
        pairs = [
            (by_kind["input"], self.old.inputs),
            (by_kind["output"], self.old.outputs),
            (by_kind["rule"], self.old.rules),
        ]
        for elements, models in pairs:
            self.kept.update(zip(models, elements, strict=False))
        self.last_tail = element[-1].tail if len(element) else None
        self.tails = {kind: found[0].tail for kind, found in by_kind.items() if found}

    def put(self, wanted: DecisionTable) -> None:
        """Set the policy, and the columns and rules in the order of the standard; notes of the file's author stay."""
        table, element = plain_table(wanted), self.element
        element.set("hitPolicy", str(table.hit_policy))
        element.attrib.pop("aggregation", None)
        if table.aggregator is not Aggregator.LIST:
            element.set("aggregation", str(table.aggregator))
        for each in list(parts(element, "input", "output", "rule", "annotation")):
            element.remove(each)
        width = max((len(rule.annotations) for rule in table.rules), default=0)
        names = [*table.annotation_names, *[""] * (width - len(table.annotation_names))] if self.has_notes else []
        same = (table.inputs, table.outputs) == (self.old.inputs, self.old.outputs)
        made = [*map(self.input, table.inputs), *map(self.output, table.outputs), *map(self.note, names)]
        made += [self.rule(each, width, same=same) for each in table.rules]
        for each in made:
            each.tail = self.tails.get(local(each), "\n")
            element.append(each)
        if made and self.last_tail is not None:
            made[-1].tail = self.last_tail

    def make(self, tag: str, texts: str | None = None, **attributes: str) -> Element:
        found = self.element.makeelement(f"{self.space}{tag}", {})
        for name, value in attributes.items():
            if value:
                found.set(name, value)
        if texts is not None:
            inner = etree.SubElement(found, f"{self.space}text")
            inner.text = texts
        return found

    def input(self, column: TableInput) -> Element:
        if column in self.kept:
            return deepcopy(self.kept[column])
        found = self.make("input", id=column.id, label=column.label)
        if column.variable:
            found.set(_VARIABLE, column.variable)
        found.append(self.make("inputExpression", column.expression.text, typeRef=column.type_name))
        if column.allowed is not None:
            found.append(self.make("inputValues", column.allowed.text))
        return found

    def output(self, column: TableOutput) -> Element:
        if column in self.kept:
            return deepcopy(self.kept[column])
        own_id = "" if column.id.isdigit() else column.id
        found = self.make("output", id=own_id, label=column.label, name=column.name, typeRef=column.type_name)
        if column.allowed is not None:
            found.append(self.make("outputValues", column.allowed.text))
        if column.default is not None:
            found.append(self.make("defaultOutputEntry", column.default.text))
        return found

    def note(self, name: str) -> Element:
        found = self.make("annotation")
        found.set("name", name)
        return found

    def rule(self, rule: Rule, width: int, *, same: bool) -> Element:
        if rule in self.kept and same:
            return deepcopy(self.kept[rule])
        found = self.make("rule", id=rule.id)
        if not self.has_notes and rule.annotations:
            described = etree.SubElement(found, f"{self.space}description")
            described.text = " ".join(rule.annotations)
        for cell in rule.tests:
            found.append(self.make("inputEntry", cell.text))
        for cell in rule.results:
            found.append(self.make("outputEntry", cell.text))
        for place in range(width if self.has_notes else 0):
            found.append(self.make("annotationEntry", rule.annotations[place] if place < len(rule.annotations) else ""))
        return found
