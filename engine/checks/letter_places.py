"""A letter names only what it will be given: an unknown name would stop the case when the letter is to leave."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from jinja2 import TemplateSyntaxError, nodes

from engine.definitions.letter_language import ENVIRONMENT, refuse_beyond
from engine.definitions.letter_values import FREE, NAMES
from engine.definitions.standard.diagram import Diagram
from engine.model.bpmn import Node
from engine.model.errors import Finding, Message, Severity
from engine.model.letter import goes_outside


def values_known(name: str, text: str) -> Iterator[Finding]:
    """Every value that the letter reads of the case, its customer or the decision is one that letters are given."""
    read = _parsed(text)
    if read is None:
        return
    own = {each.name for each in read.find_all(nodes.Name) if each.ctx != "load"}
    known = {*NAMES, *FREE}
    roots = {each.name: each.lineno for each in read.find_all(nodes.Name) if each.name not in {*own, *known, "loop"}}
    places = [(root, line, sorted(known)) for root, line in roots.items()]
    places += [
        (f"{root}.{value}", line, sorted(NAMES[root]))
        for root, value, line in _places(read)
        if root in NAMES and value not in NAMES[root]
    ]
    for place, line, possible in places:
        yield Finding(
            Severity.ERROR,
            Message("letter_value_unknown", "Letters know no “{place}”.", {"place": place}),
            Message("letter_value_unknown_remedy", "Use one of: {known}.", {"known": ", ".join(possible)}),
            file=name,
            line=line,
        )


def inputs_given(diagram: Diagram, files: Mapping[str, bytes]) -> Iterator[Finding]:
    """Every send task hands its letter the inputs that the letter reads, in each language."""
    for level in diagram.levels():
        for node in level.body.nodes if level.runs else ():
            for place in sorted(_read_by(node, files) - _given_by(node)):
                params = {"letter": node.notify.letter if node.notify else "", "place": place}
                yield level.error(
                    node,
                    Message(
                        "letter_input_missing", "The letter “{letter}” reads input.{place}, which nobody gives.", params
                    ),
                    Message(
                        "letter_input_missing_remedy",
                        "Add <mg:input name=“{place}”> to the element, or take the place out of the letter.",
                        params,
                    ),
                )


def _read_by(node: Node, files: Mapping[str, bytes]) -> set[str]:
    told = node.notify
    if told is None or not (goes_outside(told.to) or told.to.startswith("=")):
        return set()
    own = [data for name, data in files.items() if name.startswith(f"letters/{told.letter}.")]
    read = [_parsed(data.decode("utf-8-sig", "replace")) for data in own]
    return {value for each in read if each is not None for root, value, _ in _places(each) if root == "input"}


def _given_by(node: Node) -> set[str]:
    return {each.target for each in (*node.inputs, *(node.connector.inputs if node.connector else ()))}


def _parsed(text: str) -> nodes.Template | None:
    """The template, or None where another rule says already that it cannot be read."""
    try:
        refuse_beyond(text)
    except TemplateSyntaxError:
        return None
    return ENVIRONMENT.parse(text)


def _places(read: nodes.Template) -> Iterator[tuple[str, str, int]]:
    """What is read by name: of what, what, on which line; get(…) asks without needing it."""
    for each in read.find_all(nodes.Getattr):
        if isinstance(each.node, nodes.Name) and each.attr != "get":
            yield each.node.name, each.attr, each.lineno
