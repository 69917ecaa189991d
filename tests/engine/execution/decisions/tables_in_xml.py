"""Decision files for tests, written from short rows."""

from __future__ import annotations

from collections.abc import Sequence
from xml.sax.saxutils import escape, quoteattr

HEAD = '<definitions xmlns="https://www.omg.org/spec/DMN/20230324/MODEL/" id="t" name="t" namespace="urn:t">'


def entry(tag: str, text: str) -> str:
    return f"<{tag}><text>{escape(text)}</text></{tag}>"


def table(
    policy: str,
    inputs: Sequence[str],
    outputs: Sequence[str],
    rules: Sequence[Sequence[str]],
    *,
    more: str = "",
) -> str:
    """Give a decision table; an input is `name` or `name:type`, a rule its tests and results in a row."""
    columns = ""
    for column in inputs:
        name, _, kind = column.partition(":")
        columns += f'<input label={quoteattr(name)}><inputExpression typeRef="{kind}"><text>{escape(name)}</text></inputExpression></input>'
    for output in outputs:
        columns += f"<output name={quoteattr(output)}>{more}</output>"
    rows = ""
    for rule in rules:
        tests, results = rule[: len(inputs)], rule[len(inputs) : len(inputs) + len(outputs)]
        notes = rule[len(inputs) + len(outputs) :]
        rows += "<rule>" + "".join(entry("inputEntry", cell) for cell in tests)
        rows += "".join(entry("outputEntry", cell) for cell in results)
        rows += "".join(entry("annotationEntry", note) for note in notes) + "</rule>"
    policy, _, aggregation = policy.partition(" +")
    aggregate = f' aggregation="{aggregation}"' if aggregation else ""
    return f'<decisionTable hitPolicy="{policy}"{aggregate}>{columns}<annotation name="Why"/>{rows}</decisionTable>'


def decision(key: str, logic: str, *, requires: Sequence[str] = ()) -> str:
    needed = "".join(
        f'<informationRequirement><requiredDecision href="#{name}"/></informationRequirement>' for name in requires
    )
    return f'<decision id="{key}" name="{key}">{needed}{logic}</decision>'


def definitions(*parts: str) -> bytes:
    return f"{HEAD}{''.join(parts)}</definitions>".encode()


def one(policy: str, inputs: Sequence[str], outputs: Sequence[str], rules: Sequence[Sequence[str]]) -> bytes:
    """Give a file with the one decision `d`."""
    return definitions(decision("d", table(policy, inputs, outputs, rules)))
