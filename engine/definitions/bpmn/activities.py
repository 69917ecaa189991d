"""What repeats, calls, decides, serves and scripts: the facts of activities beyond their shape."""

from __future__ import annotations

import inspect
from dataclasses import replace

from engine.definitions.bpmn.events import read_events, referenced_event
from engine.definitions.bpmn.expressions import (
    element_expression,
    expression,
    language_of,
    literal_or_expression,
    names,
)
from engine.definitions.bpmn.extensions import parts
from engine.definitions.bpmn.mappings import read_call_mappings
from engine.definitions.bpmn.names import Element, bpmn, child, children, flag, local_reference, text_of
from engine.definitions.bpmn.reading import Reading, line_of
from engine.model.bpmn import (
    ComplexBehavior,
    DecisionCall,
    ExpressionText,
    MultiInstance,
    ProcessCall,
    StandardLoop,
    UserTaskFacts,
)

_CAMUNDA_RESULTS = {
    "singleEntry": "singleEntry",
    "singleResult": "singleResult",
    "collectEntries": "collectEntries",
    "resultList": "resultList",
}


def read_user_task(reading: Reading, task: Element) -> UserTaskFacts:
    """What the desk shows: form, buttons, priority, due, clock."""
    extensions, line = reading.extensions(task), line_of(task)
    form = extensions.take("mg", "form") or extensions.take("camunda", "formKey")
    reference = extensions.take("camunda", "formRef")
    definition = extensions.take_element("zeebe", "formDefinition")
    if definition is not None:
        reference = reference or definition.get("formId") or definition.get("formKey") or ""
    schedule = extensions.take_element("zeebe", "taskSchedule")
    priority = extensions.take_element("zeebe", "priorityDefinition")
    extensions.take_element("zeebe", "userTask")
    due = extensions.take("camunda", "dueDate") or ("" if schedule is None else schedule.get("dueDate") or "")
    later = extensions.take("camunda", "followUpDate") or (
        "" if schedule is None else schedule.get("followUpDate") or ""
    )
    rank = extensions.take("camunda", "priority") or ("" if priority is None else priority.get("priority") or "")
    return UserTaskFacts(
        form=_form_key(form or reference) or _spiff_form(reading, task),
        outcomes=names(extensions.take("mg", "outcomes")),
        priority=expression(extensions.take("mg", "priority"), line) or literal_or_expression(rank, line),
        due=literal_or_expression(due, line),
        follow_up=literal_or_expression(later, line),
        clock=extensions.take("mg", "clock"),
    )


def _form_key(text: str) -> str:
    """`embedded:app:forms/triage.json`, `camunda-forms:bpmn:triage` and `triage` all mean the form `triage`."""
    return text.rpartition(":")[2].rpartition("/")[2].removesuffix(".json").removesuffix(".form")


def _spiff_form(reading: Reading, task: Element) -> str:
    properties = reading.extensions(task).take_element("spiffworkflow", "properties")
    if properties is None:
        return ""
    for prop in parts(properties, "property"):
        if prop.get("name") == "formJsonSchemaFilename":
            return _form_key(prop.get("value") or "")
    return ""


def read_script(reading: Reading, task: Element) -> tuple[ExpressionText | None, str]:
    """The script with its language, and the variable that takes its value."""
    extensions = reading.extensions(task)
    zeebe = extensions.take_element("zeebe", "script")
    if zeebe is not None:
        script = expression(zeebe.get("expression") or "", line_of(zeebe), "feel")
        return script, zeebe.get("resultVariable") or ""
    part = child(task, "script")
    written = task.get("scriptFormat") or ""
    language = language_of(written) if written else reading.language
    if written and language not in {"python", "feel", "juel"}:
        language = language.removeprefix("x-")
    body = "" if part is None else inspect.cleandoc("".join(str(text) for text in part.itertext()))
    script = ExpressionText(body, language, line_of(task) if part is None else line_of(part)) if body.strip() else None
    return script, extensions.take("camunda", "resultVariable")


def read_decision(reading: Reading, task: Element) -> DecisionCall | None:
    """The decision that a business rule task asks; None where it names none."""
    extensions = reading.extensions(task)
    variable = extensions.take("mg", "resultVariable") or extensions.take("camunda", "resultVariable")
    decision = extensions.take("mg", "decision") or extensions.take("camunda", "decisionRef")
    result = extensions.take("mg", "result") or _CAMUNDA_RESULTS.get(
        extensions.take("camunda", "mapDecisionResult"), ""
    )
    if extensions.attributes.pop(("camunda", "decisionRefBinding"), "") == "version":
        version = extensions.take("camunda", "decisionRefVersion")
        binding = f"version:{version}"
    else:
        binding = extensions.take("mg", "binding") or "deployment"
    called = extensions.take_element("zeebe", "calledDecision")
    if called is not None:
        decision, variable = called.get("decisionId") or "", called.get("resultVariable") or ""
    spiff = extensions.take_element("spiffworkflow", "calledDecisionId")
    decision = decision or text_of(spiff)
    if decision.startswith("="):
        return DecisionCall(decision, result, variable, binding)
    return DecisionCall(local_reference(decision), result, variable, binding) if decision else None


def read_call(reading: Reading, activity: Element) -> ProcessCall:
    """The target of a call activity and what is handed over."""
    extensions = reading.extensions(activity)
    inputs, outputs = read_call_mappings(extensions, line_of(activity))
    zeebe = extensions.take_element("zeebe", "calledElement")
    target = local_reference(activity.get("calledElement")) or ("" if zeebe is None else zeebe.get("processId") or "")
    binding = extensions.take("mg", "binding")
    camunda = extensions.take("camunda", "calledElementBinding")
    version = extensions.take("camunda", "calledElementVersion")
    if not binding and camunda == "version":
        binding = f"version:{version}"
    return ProcessCall(
        process=target,
        binding=binding or ("latest" if camunda == "latest" else "deployment"),
        inputs=inputs,
        outputs=outputs,
        is_global_task=target in reading.global_tasks,
    )


def read_multi_instance(reading: Reading, activity: Element) -> MultiInstance | None:
    """The multi-instance marker with its collection, whichever dialect names it."""
    element = child(activity, "multiInstanceLoopCharacteristics")
    if element is None:
        return None
    extensions, line = reading.extensions(element), line_of(element)
    event = local_reference(element.get("oneBehaviorEventRef") or element.get("noneBehaviorEventRef"))
    found = MultiInstance(
        sequential=flag(element, "isSequential"),
        cardinality=element_expression(reading, child(element, "loopCardinality")),
        collection=expression(_loop_data(reading, activity, element, "loopDataInputRef"), line)
        or expression(extensions.take("camunda", "collection"), line),
        item=_item(element, "inputDataItem") or extensions.take("camunda", "elementVariable"),
        output_collection=_loop_data(reading, activity, element, "loopDataOutputRef"),
        output_item=expression(_item(element, "outputDataItem"), line),
        completion=element_expression(reading, child(element, "completionCondition")),
        behavior=(element.get("behavior") or "All").lower(),
        behavior_event=event,
        throws=referenced_event(reading, activity, event),
        complex=tuple(_complex(reading, part) for part in children(element, "complexBehaviorDefinition")),
    )
    zeebe = extensions.take_element("zeebe", "loopCharacteristics")
    if zeebe is None:
        return found
    return replace(
        found,
        collection=expression(zeebe.get("inputCollection") or "", line, "feel"),
        item=zeebe.get("inputElement") or "",
        output_collection=zeebe.get("outputCollection") or "",
        output_item=expression(zeebe.get("outputElement") or "", line, "feel"),
    )


def _complex(reading: Reading, element: Element) -> ComplexBehavior:
    event = child(element, "event")
    thrown = () if event is None else read_events(reading, event)
    return ComplexBehavior(element_expression(reading, child(element, "condition")), next(iter(thrown), None))


def read_loop(reading: Reading, activity: Element) -> StandardLoop | None:
    """The standard loop marker."""
    element = child(activity, "standardLoopCharacteristics")
    if element is None:
        return None
    maximum = (element.get("loopMaximum") or "").strip()
    return StandardLoop(
        condition=element_expression(reading, child(element, "loopCondition")),
        test_before=flag(element, "testBefore"),
        maximum=int(maximum) if maximum.isdecimal() else None,
    )


def _item(element: Element, tag: str) -> str:
    part = child(element, tag)
    return "" if part is None else (part.get("name") or part.get("id") or "").strip()


def _loop_data(reading: Reading, activity: Element, element: Element, tag: str) -> str:
    """The variable behind a loop data reference: the data object that feeds the input, else the input itself."""
    reference = local_reference(text_of(child(element, tag)))
    if not reference:
        return ""
    kind, own, other = ("dataInputAssociation", "targetRef", "sourceRef")
    if tag == "loopDataOutputRef":
        kind, own, other = ("dataOutputAssociation", "sourceRef", "targetRef")
    for association in activity.iter(bpmn(kind)):
        if local_reference(text_of(child(association, own))) == reference:
            reference = local_reference(text_of(child(association, other))) or reference
            break
    return reading.item_names.get(reference, reference)
