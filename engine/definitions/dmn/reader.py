"""Reads DMN 1.1 to 1.6 files into the typed model, with a finding for everything that would be lost."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from lxml import etree

from engine.definitions.bpmn.document import read_document
from engine.definitions.dmn.boxed import BoxedExpressions
from engine.definitions.dmn.reading import BESIDE, NAMESPACES, Element, line_of, local, part_of, parts, text_of
from engine.model.dmn import (
    Decision,
    DecisionFile,
    DecisionService,
    FunctionKind,
    FunctionLogic,
    FunctionSignature,
    Import,
    InputData,
    ItemType,
    KnowledgeModel,
    KnowledgeSource,
)
from engine.model.errors import Finding, Message, Severity

_DECISION_NOTES: Final = BESIDE | frozenset(
    [
        "question",
        "allowedAnswers",
        "variable",
        "supportedObjective",
        "impactedPerformanceIndicator",
        "decisionMaker",
        "decisionOwner",
        "usingProcess",
        "usingTask",
        "authorityRequirement",
        "informationRequirement",
        "knowledgeRequirement",
    ]
)
_FILE_PARTS: Final = BESIDE | frozenset(
    [
        "import",
        "inputData",
        "decision",
        "itemDefinition",
        "knowledgeSource",
        "businessKnowledgeModel",
        "decisionService",
        "textAnnotation",
        "association",
        "group",
        "performanceIndicator",
        "organizationUnit",
        "elementCollection",
        "artifact",
    ]
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


def _name(element: Element | None) -> str:
    """Names are told apart by their words, not by the spaces between them."""
    return " ".join((element.get("name") or "").split()) if element is not None else ""


class _Decisions(BoxedExpressions):
    def definitions(self, root: Element) -> DecisionFile:
        self.language = root.get("expressionLanguage") or ""
        self.namespace = root.get("namespace") or ""
        for element in parts(root):
            if local(element) not in _FILE_PARTS:
                self.unknown(element)
        imports = tuple(self.imported(element) for element in parts(root, "import"))
        types = tuple(self.item_type(element) for element in parts(root, "itemDefinition"))
        models = tuple(self.knowledge_model(element) for element in parts(root, "businessKnowledgeModel"))
        decisions = tuple(self.decision(element) for element in parts(root, "decision"))
        self.twice(root, decisions)
        return DecisionFile(
            self.file,
            root.get("id") or "",
            root.get("name") or "",
            decisions,
            inputs=tuple(self.input_data(element) for element in parts(root, "inputData")),
            types=types,
            models=models,
            services=tuple(self.service(element) for element in parts(root, "decisionService")),
            imports=imports,
            sources=tuple(self.source(element) for element in parts(root, "knowledgeSource")),
            namespace=self.namespace,
            unread=frozenset(self.unread),
        )

    def imported(self, element: Element) -> Import:
        kind, namespace = element.get("importType") or "", element.get("namespace") or ""
        if kind not in NAMESPACES and "/DMN/" not in kind:
            self.note(
                element,
                Message("dmn_import_kind", "The import “{name}” is no DMN file.", {"name": _name(element)}),
                Message("dmn_import_kind_remedy", "Declare what is used as types and functions of a DMN file."),
                severity=Severity.WARNING,
            )
        self.import_names[namespace] = _name(element)
        return Import(_name(element), namespace, kind, element.get("locationURI") or "", line_of(element))

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
        name = _name(element) or _name(variable) or element.get("id") or ""
        return InputData(element.get("id") or "", name, self.type_name(variable), line_of(element))

    def item_type(self, element: Element) -> ItemType:
        function = part_of(element, "functionItem")
        return ItemType(
            _name(element),
            self.type_name(element),
            is_list=element.get("isCollection") == "true",
            components=tuple(self.item_type(part) for part in parts(element, "itemComponent")),
            allowed=self.cell(part_of(element, "allowedValues")),
            constraint=self.cell(part_of(element, "typeConstraint")),
            function=self.signature(function) if function is not None else None,
            line=line_of(element),
            id=element.get("id") or "",
        )

    def signature(self, element: Element) -> FunctionSignature:
        parameters = tuple(self.parameter(part) for part in parts(element, "parameters"))
        return FunctionSignature(parameters, self.type_name(element, "outputTypeRef"))

    def decision(self, element: Element) -> Decision:
        self.owner = element.get("id") or ""
        variable = part_of(element, "variable")
        name = _name(element) or element.get("id") or ""
        for part in parts(element):
            if local(part) not in _DECISION_NOTES and local(part) not in self.kinds:
                self.unknown(part)
        return Decision(
            id=element.get("id") or "",
            name=name,
            line=line_of(element),
            logic=self.logic_in(element, element),
            variable=_name(variable) or name,
            type_name=self.type_name(variable),
            requires=tuple(self.required(element, "informationRequirement", "requiredDecision")),
            inputs=tuple(self.required(element, "informationRequirement", "requiredInput")),
            question=text_of(part_of(element, "question")),
            knowledge=tuple(self.required(element, "knowledgeRequirement", "requiredKnowledge")),
            authorities=tuple(self.authorities(element)),
        )

    def required(self, element: Element, requirement: str, kind: str) -> Iterator[str]:
        for part in parts(element, requirement):
            target = self.target(part, kind)
            if target:
                yield target

    def authorities(self, element: Element) -> Iterator[str]:
        for kind in ("requiredAuthority", "requiredDecision", "requiredInput"):
            yield from self.required(element, "authorityRequirement", kind)

    def knowledge_model(self, element: Element) -> KnowledgeModel:
        self.owner = element.get("id") or ""
        variable, logic = part_of(element, "variable"), part_of(element, "encapsulatedLogic")
        name = _name(element) or element.get("id") or ""
        return KnowledgeModel(
            id=element.get("id") or "",
            name=name,
            line=line_of(element),
            function=self.function(logic) if logic is not None else self.no_function(element),
            variable=_name(variable) or name,
            type_name=self.type_name(variable),
            knowledge=tuple(self.required(element, "knowledgeRequirement", "requiredKnowledge")),
            authorities=tuple(self.authorities(element)),
        )

    def no_function(self, element: Element) -> FunctionLogic:
        return FunctionLogic(line_of(element), (), self.logic_in(None, element), FunctionKind.FEEL)

    def service(self, element: Element) -> DecisionService:
        variable = part_of(element, "variable")
        name = _name(element) or element.get("id") or ""
        outputs, encapsulated, decisions, inputs = (
            tuple(filter(None, (self.reference(part) for part in parts(element, kind))))
            for kind in ("outputDecision", "encapsulatedDecision", "inputDecision", "inputData")
        )
        return DecisionService(
            id=element.get("id") or "",
            name=name,
            line=line_of(element),
            outputs=outputs,
            encapsulated=encapsulated,
            input_decisions=decisions,
            inputs=inputs,
            variable=_name(variable) or name,
            type_name=self.type_name(variable),
        )

    def source(self, element: Element) -> KnowledgeSource:
        return KnowledgeSource(
            element.get("id") or "", _name(element), line_of(element), element.get("locationURI") or ""
        )
