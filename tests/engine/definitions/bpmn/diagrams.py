"""Small diagrams for tests: the frame of a file around what a test is about."""

from __future__ import annotations

from engine.definitions.bpmn import ReadResult, read_bpmn
from engine.model.bpmn import Node

FRAME = """<?xml version="1.0" encoding="UTF-8"?>
<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL" targetNamespace="urn:test"
 xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xmlns:mg="urn:makegood:bpmn:1"
 xmlns:camunda="http://camunda.org/schema/1.0/bpmn" xmlns:zeebe="http://camunda.org/schema/zeebe/1.0"
 xmlns:spiffworkflow="http://spiffworkflow.org/bpmn/schema/1.0/core" xmlns:acme="urn:acme">
{roots}
<process id="claim" name="Claim" isExecutable="true">
{inside}
</process>
</definitions>
"""


def diagram(inside: str, roots: str = "") -> bytes:
    """A file with one process."""
    return FRAME.format(roots=roots, inside=inside).encode()


def read(inside: str, roots: str = "") -> ReadResult:
    """The result of reading one process."""
    return read_bpmn(diagram(inside, roots), file="claim.bpmn")


def node(inside: str, node_id: str, roots: str = "") -> Node:
    """One node of a process that must read without errors."""
    result = read(inside, roots)
    assert not result.errors, [str(found) for found in result.errors]
    return next(found for found in result.definitions.processes[0].body.walk() if found.id == node_id)


def codes(result: ReadResult) -> list[str]:
    """The codes of all findings, in order of lines."""
    return [found.message.code for found in result.findings]
