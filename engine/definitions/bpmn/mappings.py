"""Inputs and outputs, whichever tool wrote them, as data mappings."""

from __future__ import annotations

import re

from engine.definitions.bpmn.expressions import element_expression, expression, literal_or_expression
from engine.definitions.bpmn.extensions import Extensions, parts
from engine.definitions.bpmn.names import Element, child, children, is_element, local_reference, text_of
from engine.definitions.bpmn.reading import Reading, line_of
from engine.model.bpmn import DataMapping
from engine.model.errors import Message

Mappings = tuple[DataMapping, ...]
_ASSIGNMENT = re.compile(r"\s*([A-Za-z_]\w*)\s*=(?!=)\s*(.+)", re.DOTALL)
_NAME = re.compile(r"[^\W\d]\w*")


def mappings_of(elements: list[Element]) -> list[DataMapping]:
    """`<mg:input name="url">expression</mg:input>` and its like."""
    return [
        DataMapping((part.get("name") or "").strip(), expression(text_of(part), line_of(part))) for part in elements
    ]


def read_mappings(reading: Reading, element: Element) -> tuple[Mappings, Mappings]:
    """What goes into an activity's own scope and what comes out of it."""
    extensions = reading.extensions(element)
    inputs = mappings_of(extensions.take_elements("mg", "input"))
    outputs = mappings_of(extensions.take_elements("mg", "output"))
    zeebe = extensions.take_element("zeebe", "ioMapping")
    if zeebe is not None:
        inputs += [_zeebe(part) for part in parts(zeebe, "input")]
        outputs += [_zeebe(part) for part in parts(zeebe, "output")]
    camunda = extensions.take_element("camunda", "inputOutput")
    if camunda is not None:
        inputs += _camunda(reading, element, parts(camunda, "inputParameter"))
        outputs += _camunda(reading, element, parts(camunda, "outputParameter"))
    inputs += _assignments(reading, element, extensions.take_element("spiffworkflow", "preScript"))
    outputs += _assignments(reading, element, extensions.take_element("spiffworkflow", "postScript"))
    inputs += _associations(reading, children(element, "dataInputAssociation"), "targetRef")
    outputs += _associations(reading, children(element, "dataOutputAssociation"), "sourceRef")
    return tuple(inputs), tuple(outputs)


def read_call_mappings(extensions: Extensions, line: int) -> tuple[Mappings, Mappings]:
    """What a called process receives and gives back (R18)."""
    inputs = [m for part in extensions.take_elements("camunda", "in") for m in _camunda_call(part)]
    outputs = [m for part in extensions.take_elements("camunda", "out") for m in _camunda_call(part)]
    zeebe = extensions.take_element("zeebe", "calledElement")
    if zeebe is not None:
        # Zeebe hands everything over unless the file says otherwise.
        inputs += [DataMapping("", everything=True)] if zeebe.get("propagateAllParentVariables") != "false" else []
        outputs += [DataMapping("", everything=True)] if zeebe.get("propagateAllChildVariables") != "false" else []
        extensions.elements.append((("zeebe", "calledElement"), zeebe))  # its target is read by the call itself
    return tuple(inputs), tuple(outputs)


def _zeebe(part: Element) -> DataMapping:
    return DataMapping(part.get("target") or "", literal_or_expression(part.get("source") or "", line_of(part)))


def _camunda_call(part: Element) -> list[DataMapping]:
    if part.get("variables") == "all":
        return [DataMapping("", everything=True)]
    if part.get("businessKey") is not None and part.get("target") is None:
        return []  # a business key names the instance; the case does that here
    source = expression(part.get("source") or "", line_of(part)) or literal_or_expression(
        part.get("sourceExpression") or "", line_of(part)
    )
    return [DataMapping(part.get("target") or "", source)]


def _camunda(reading: Reading, owner: Element, elements: list[Element]) -> list[DataMapping]:
    found: list[DataMapping] = []
    for part in elements:
        name = part.get("name") or ""
        if any(is_element(inner) for inner in part):
            reading.error(
                owner,
                Message("bpmn_parameter_kind", "The parameter “{name}” is a script, list or map.", {"name": name}),
                Message("bpmn_parameter_kind_remedy", "Write it as one expression."),
            )
            continue
        found.append(DataMapping(name, literal_or_expression(text_of(part), line_of(part))))
    return found


def _assignments(reading: Reading, owner: Element, script: Element | None) -> list[DataMapping]:
    """A script before or after a task, as far as it consists of assignments to plain names."""
    found: list[DataMapping] = []
    for text in re.split(r"[\n;]", text_of(script)):
        if not text.strip() or text.strip().startswith("#"):
            continue
        match = _ASSIGNMENT.fullmatch(text)
        if match is None:
            reading.error(
                owner,
                Message("bpmn_side_script", "“{text}” in a script beside the task is no assignment.", {"text": text}),
                Message("bpmn_side_script_remedy", "Write name = expression, or use a script task."),
            )
            continue
        found.append(DataMapping(match[1], expression(match[2], line_of(owner) if script is None else line_of(script))))
    return found


def _associations(reading: Reading, associations: list[Element], port: str) -> list[DataMapping]:
    """The standard's data associations: assignments, transformations, and copies through a named input or output.

    `port` is the end that lies on the task; one without a name is an arrow in the drawing and copies nothing.
    """
    found: list[DataMapping] = []
    for association in associations:
        target = _variable(reading, text_of(child(association, "targetRef")))
        assignments = children(association, "assignment")
        for assignment in assignments:
            to = text_of(child(assignment, "to"))
            found.append(
                DataMapping(reading.item_names.get(to, to), element_expression(reading, child(assignment, "from")))
            )
        transformation = element_expression(reading, child(association, "transformation"))
        if transformation is not None:
            found.append(DataMapping(target, transformation))
        elif not assignments and local_reference(text_of(child(association, port))) in reading.named_ports:
            source = _variable(reading, text_of(child(association, "sourceRef")))
            if source != target and _NAME.fullmatch(source) and _NAME.fullmatch(target):
                found.append(DataMapping(target, expression(source, line_of(association))))
    return found


def _variable(reading: Reading, reference: str) -> str:
    local = local_reference(reference)
    return reading.item_names.get(local, local)
