"""What other namespaces say and no reader took is reported: an error where it would change flow, data or performer."""

from __future__ import annotations

from typing import Final

from engine.definitions.bpmn.names import FAMILIES, VISUAL, Element, tag_of, words
from engine.definitions.bpmn.reading import Reading, line_of
from engine.model.errors import Finding, Message, Severity

_CHANGING_CAMUNDA: Final = words(
    "executionListener taskListener inputOutput connector field in out class delegateExpression expression type topic "
    "resource caseRef caseBinding caseTenantId calledElementTenantId decisionRefTenantId variableMappingClass "
    "variableMappingDelegateExpression errorEventDefinition errorCodeVariable errorMessageVariable "
    "escalationCodeVariable variableName variableEvents failedJobRetryTimeCycle initiator formHandlerClass collection "
    "elementVariable mapDecisionResult resultVariable decisionRef calledElementBinding assignee candidateUsers "
    "candidateGroups formKey formRef dueDate priority formData"
)
_CHANGING_ZEEBE: Final = words(
    "taskDefinition executionListeners taskListeners ioMapping assignmentDefinition calledElement calledDecision script "
    "loopCharacteristics formDefinition taskSchedule adHoc conditionalFilter jobPriorityDefinition subscription"
)
_CHANGING_SPIFFWORKFLOW: Final = words(
    "serviceTaskOperator preScript postScript calledDecisionId messagePayload messageVariable payloadExpression "
    "processVariableCorrelation scriptsOnInstances variableName"
)
# These would change flow, data or performer, so leaving them out in silence would run another process.
CHANGING: Final = {"camunda": _CHANGING_CAMUNDA, "zeebe": _CHANGING_ZEEBE, "spiffworkflow": _CHANGING_SPIFFWORKFLOW}

_TEMPLATES: Final = words("modelerTemplate modelerTemplateVersion modelerTemplateIcon versionTag")
_HARMLESS_CAMUNDA: Final = words(
    "exclusive historyTimeToLive isStartableInTasklist diagramRelationId jobPriority taskPriority formRefBinding "
    "formRefVersion decisionRefVersion calledElementVersion"
)
# These speak to another tool's screens or storage and change nothing that happens.
HARMLESS: Final = {
    "camunda": _HARMLESS_CAMUNDA | _TEMPLATES,
    "zeebe": words("userTask userTaskForm") | _TEMPLATES,
    "spiffworkflow": words("unitTests"),
    "mg": words(""),
}

_OURS: Final = frozenset(FAMILIES.values())


def report_foreign(reading: Reading) -> None:
    """Walk the whole file once more and report what nobody understood; unknown vendors once a name."""
    seen: dict[tuple[str, str], list[Element]] = {}
    for element in reading.root.iter():
        if not tag_of(element):
            continue
        extensions = reading.extensions(element)
        for family, local in extensions.attributes:
            if family in _OURS:
                _known_vendor(reading, element, family, local)
            elif family not in VISUAL:
                seen.setdefault((family, local), []).append(element)
        for (family, local), part in extensions.elements:
            if family in _OURS:
                _known_vendor(reading, part, family, local)
            elif family not in VISUAL:
                seen.setdefault((family, local), []).append(part)
    for (namespace, local), places in seen.items():
        _unknown_vendor(reading, namespace, local, places)


def _known_vendor(reading: Reading, element: Element, family: str, local: str) -> None:
    name = f"{family}:{local}"
    if local in HARMLESS[family]:
        return
    if family == "mg":
        reading.error(
            element,
            Message("bpmn_mg_unknown", "{name} means nothing here.", {"name": name}),
            Message(
                "bpmn_mg_unknown_remedy", "Look for a slip of the pen, or move it to the element that it belongs to."
            ),
        )
    elif local in CHANGING[family]:
        reading.error(
            element,
            Message(
                "bpmn_extension_lost",
                "{name} would change what happens, and is not understood here.",
                {"name": name},
            ),
            Message(
                "bpmn_extension_lost_remedy",
                "Say it in plain BPMN or with mg: attributes, and remove {name}.",
                {"name": name},
            ),
        )
    else:
        reading.warning(
            element,
            Message("bpmn_extension_ignored", "{name} is left out.", {"name": name}),
            Message("bpmn_extension_ignored_remedy", "Nothing is to be done if the process does not rely on it."),
        )


def _unknown_vendor(reading: Reading, namespace: str, local: str, places: list[Element]) -> None:
    element = places[0]
    owner: Element | None = element
    while owner is not None and not owner.get("id"):
        owner = owner.getparent()
    reading.findings.append(
        Finding(
            Severity.WARNING,
            Message(
                "bpmn_foreign_ignored",
                "“{local}” of {namespace} is left out ({count}× in this file).",
                {"local": local, "namespace": namespace, "count": len(places)},
            ),
            Message("bpmn_foreign_ignored_remedy", "Nothing is to be done if the process does not rely on it."),
            file=reading.file,
            line=line_of(element),
            element_id="" if owner is None else owner.get("id") or "",
            element_name="" if owner is None else owner.get("name") or "",
        )
    )
