"""Reads DMN 1.1 to 1.6 files into the typed model, with a finding for everything that would be lost."""

from __future__ import annotations

from typing import Final

from lxml import etree

from engine.definitions.bpmn.document import read_document
from engine.definitions.dmn.reading import (
    NAMESPACES,
    Element,
    line_of,
    local,
    part_of,
    parts,
    target,
    text_of,
    type_name,
)
from engine.definitions.dmn.tables import Tables
from engine.model.dmn import (
    BeyondLogic,
    Cell,
    Decision,
    DecisionFile,
    DecisionTable,
    InputData,
    ItemType,
    LiteralExpression,
)
from engine.model.errors import Finding, Message

_NOTES: Final = frozenset(
    {
        "description",
        "extensionElements",
        "question",
        "allowedAnswers",
        "variable",
        "supportedObjective",
        "impactedPerformanceIndicator",
    }
    | {"decisionMaker", "decisionOwner", "usingProcess", "usingTask", "authorityRequirement", "informationRequirement"}
)
_BESIDE: Final = frozenset(
    {
        "inputData",
        "decision",
        "itemDefinition",
        "knowledgeSource",
        "textAnnotation",
        "association",
        "description",
        "extensionElements",
    }
    | {"group", "performanceIndicator", "organizationUnit", "elementCollection", "artifact"}
)


def read_decisions(data: bytes, file: str = "") -> tuple[DecisionFile, tuple[Finding, ...]]:
    """Give the model of a DMN file and every finding; the model is empty where the file cannot be read at all."""
    root = read_document(data, file)
    if isinstance(root, Finding):
        return DecisionFile(file, "", "", ()), (root,)
    reader = _Decisions(file)
    name = etree.QName(root)
    if name.namespace not in NAMESPACES or name.localname != "definitions":
        reader.note(
            root,
            Message("dmn_not", "This is no DMN file: its root is “{root}”.", {"root": root.tag}),
            Message("dmn_not_remedy", "Save the table as DMN 1.3 or later."),
        )
        return DecisionFile(file, "", "", ()), tuple(reader.findings)
    return reader.definitions(root), tuple(reader.findings)


class _Decisions(Tables):
    def definitions(self, root: Element) -> DecisionFile:
        self.language = root.get("expressionLanguage") or ""
        for element in parts(root):
            if local(element) not in _BESIDE:
                self.unknown(element)
        decisions = tuple(self.decision(element) for element in parts(root, "decision"))
        self.twice(root, decisions)
        inputs = tuple(self.input_data(element) for element in parts(root, "inputData"))
        types = tuple(self.item_type(element) for element in parts(root, "itemDefinition"))
        return DecisionFile(self.file, root.get("id") or "", root.get("name") or "", decisions, inputs, types)

    def twice(self, root: Element, decisions: tuple[Decision, ...]) -> None:
        seen: set[str] = set()
        for element, decision in zip(parts(root, "decision"), decisions, strict=True):
            if not decision.id or decision.id in seen:
                self.note(
                    element,
                    Message("dmn_decision_id", "The decision “{name}” has no id of its own.", {"name": decision.name}),
                    Message("dmn_decision_id_remedy", "Give each decision its own id; processes name it."),
                )
            seen.add(decision.id)

    def input_data(self, element: Element) -> InputData:
        variable = part_of(element, "variable")
        return InputData(element.get("id") or "", element.get("name") or "", type_name(variable), line_of(element))

    def item_type(self, element: Element) -> ItemType:
        components = tuple(self.item_type(part) for part in parts(element, "itemComponent"))
        allowed = self.cell(part_of(element, "allowedValues"))
        is_list = element.get("isCollection") == "true"
        return ItemType(element.get("name") or "", type_name(element), is_list, components, allowed)

    def decision(self, element: Element) -> Decision:
        variable = part_of(element, "variable")
        requirements = list(parts(element, "informationRequirement"))
        name = element.get("name") or element.get("id") or ""
        return Decision(
            id=element.get("id") or "",
            name=name,
            line=line_of(element),
            logic=self.logic(element),
            variable=(variable.get("name") or name) if variable is not None else name,
            type_name=type_name(variable),
            requires=tuple(filter(None, (target(part, "requiredDecision") for part in requirements))),
            inputs=tuple(filter(None, (target(part, "requiredInput") for part in requirements))),
            question=text_of(part_of(element, "question")),
        )

    def logic(self, element: Element) -> DecisionTable | LiteralExpression | BeyondLogic:
        found: DecisionTable | LiteralExpression | BeyondLogic | None = None
        for part in parts(element):
            kind = local(part)
            if kind in _NOTES:
                continue
            if kind == "decisionTable":
                logic: DecisionTable | LiteralExpression | BeyondLogic = self.table(part)
            elif kind == "literalExpression":
                self.check_language(part)
                logic = LiteralExpression(self.cell(part) or Cell(""))
            else:
                logic = BeyondLogic(kind, line_of(part))
                self.unknown(part)
            found = found if isinstance(found, BeyondLogic) else logic
        if found is None:
            self.note(
                element,
                Message("dmn_no_logic", "The decision has neither a table nor an expression."),
                Message("dmn_no_logic_remedy", "Give it a decision table."),
            )
        return found or BeyondLogic("", line_of(element))
