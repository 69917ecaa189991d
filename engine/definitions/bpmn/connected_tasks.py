"""Service and send tasks: which connector or letter they mean, in our words or in another tool's."""

from __future__ import annotations

from dataclasses import dataclass

from engine.definitions.bpmn.expressions import expression, literal_or_expression
from engine.definitions.bpmn.extensions import Extensions, parts
from engine.definitions.bpmn.mappings import mappings_of
from engine.definitions.bpmn.names import Element, local_reference
from engine.definitions.bpmn.reading import Reading, line_of
from engine.model.bpmn import Connector, DataMapping, ExpressionText, Notify
from engine.model.errors import Message


@dataclass(frozen=True, slots=True)
class TaskWork:
    """What a service task calls: a connector by key, or an expression that is worked out inside the step."""

    connector: Connector | None = None
    script: ExpressionText | None = None
    result_variable: str = ""


def read_service(reading: Reading, task: Element) -> TaskWork:
    """The first of: our connector, an external task's topic, a Zeebe job type, a SpiffWorkflow operator, an operation."""
    extensions = reading.extensions(task)
    _refuse_code(reading, task, extensions)
    result = extensions.take("camunda", "resultVariable")
    own = extensions.take_element("mg", "connector")
    if own is not None:
        return TaskWork(_own(reading, own), result_variable=result)
    topic, kind = extensions.take("camunda", "topic"), extensions.take("camunda", "type")
    if kind == "external" and topic:
        return TaskWork(Connector(topic), result_variable=result)
    if kind:
        _refuse(reading, task, f"camunda:type {kind}")
    definition = extensions.take_element("zeebe", "taskDefinition")
    if definition is not None:
        return TaskWork(_zeebe(reading, task, definition), result_variable=result)
    operator = extensions.take_element("spiffworkflow", "serviceTaskOperator")
    if operator is not None:
        return TaskWork(_spiff(operator), result_variable=operator.get("resultVariable") or "")
    operation = reading.operation_names.get(local_reference(task.get("operationRef")))
    if operation:
        return TaskWork(Connector(operation), result_variable=result)
    text = extensions.take("camunda", "expression")
    return TaskWork(script=literal_or_expression(text, line_of(task)), result_variable=result)


def read_notify(extensions: Extensions) -> Notify | None:
    """Who is told, and by which letter."""
    to, letter = extensions.take("mg", "notify"), extensions.take("mg", "letter")
    return Notify(to, letter) if to or letter else None


def _own(reading: Reading, element: Element) -> Connector:
    key = (element.get("key") or "").strip()
    if not key:
        reading.error(
            element,
            Message("bpmn_connector_key", "The connector has no key."),
            Message("bpmn_connector_key_remedy", 'Write which one is called: <mg:connector key="…">.'),
        )
    retry = next(iter(parts(element, "retry")), None)
    attempts, backoff = "3", "PT1M"
    if retry is not None:
        attempts, backoff = retry.get("attempts") or attempts, retry.get("backoff") or backoff
    return Connector(
        key=key,
        inputs=tuple(mappings_of(parts(element, "input"))),
        outputs=tuple(mappings_of(parts(element, "output"))),
        attempts=_attempts(reading, element, attempts),
        backoff=backoff,
    )


def _attempts(reading: Reading, element: Element, text: str) -> int:
    if text.strip().isdecimal() and 1 <= int(text) <= 100:
        return int(text)
    reading.error(
        element,
        Message("bpmn_attempts", "“{text}” is no number of attempts.", {"text": text}),
        Message("bpmn_attempts_remedy", "Write a whole number from 1 to 100."),
    )
    return 3


def _zeebe(reading: Reading, task: Element, definition: Element) -> Connector:
    key = (definition.get("type") or "").strip()
    if key.startswith("="):
        _refuse(reading, task, "zeebe:taskDefinition type as an expression")
    return Connector(key, attempts=_attempts(reading, task, definition.get("retries") or "3"))


def _spiff(operator: Element) -> Connector:
    given = [part for group in parts(operator, "parameters") for part in parts(group, "parameter")]
    inputs = tuple(
        DataMapping(part.get("id") or "", expression(part.get("value") or "", line_of(part))) for part in given
    )
    return Connector((operator.get("id") or "").strip(), inputs=inputs)


def _refuse_code(reading: Reading, task: Element, extensions: Extensions) -> None:
    """A diagram never names code to run (design.md, section 8)."""
    for name in ("class", "delegateExpression"):
        value = extensions.take("camunda", name)
        if value:
            _refuse(reading, task, f"camunda:{name}={value}")


def _refuse(reading: Reading, task: Element, what: str) -> None:
    reading.error(
        task,
        Message(
            "bpmn_code_reference",
            "The task calls program code ({what}), which a diagram cannot do here.",
            {"what": what},
        ),
        Message("bpmn_code_reference_remedy", "Name a registered connector: <mg:connector key=“…”>."),
    )
