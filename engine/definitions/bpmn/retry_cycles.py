"""Camunda's retry cycle says how often a connector is tried and how long each pause is."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Final

from engine.definitions.bpmn.extensions import Extensions
from engine.definitions.bpmn.names import Element, text_of
from engine.definitions.bpmn.reading import Reading
from engine.model.bpmn import Connector, Node
from engine.model.duration import parse_period
from engine.model.errors import Invalid, Message

_REPEATED: Final = re.compile(r"R(\d+)/(P\S+)")
_MOST: Final = 100


def with_retry_cycle(reading: Reading, extensions: Extensions, node: Node) -> Node:
    """The node whose connector is tried as `R5/PT10M` or `PT1M, PT5M` says; scripts and tables give the same again."""
    written = extensions.take_element("camunda", "failedJobRetryTimeCycle")
    if written is None:
        return node
    pauses = _pauses(text_of(written))
    if pauses is None:
        _refuse(reading, written)
        return node
    return node if node.connector is None else replace(node, connector=_paused(node.connector, pauses))


def _paused(connector: Connector, pauses: list[str]) -> Connector:
    """A pause for each attempt after the first one."""
    return replace(connector, attempts=len(pauses) + 1, backoff=" ".join(pauses) or connector.backoff)


def _pauses(text: str) -> list[str] | None:
    """The pauses in their order, `R5` being five attempts in all; None for what is no retry cycle."""
    repeated = _REPEATED.fullmatch(text.strip())
    if repeated is not None:
        times = int(repeated[1]) if len(repeated[1]) <= len(str(_MOST)) else _MOST + 1
        pauses = [repeated[2]] * (times - 1) if 1 <= times <= _MOST else None
        return pauses if _is_period(repeated[2]) else None
    listed = [part.strip() for part in text.split(",")]
    return listed if len(listed) < _MOST and all(_is_period(part) for part in listed) else None


def _is_period(text: str) -> bool:
    try:
        parse_period(text)
    except Invalid:
        return False
    return True


def _refuse(reading: Reading, written: Element) -> None:
    reading.error(
        written,
        Message("bpmn_retry_cycle", "“{text}” is no retry cycle.", {"text": text_of(written).strip()}),
        Message(
            "bpmn_retry_cycle_remedy",
            "Write at most 100 attempts, such as R5/PT10M, or the pauses, such as PT1M, PT5M.",
        ),
    )
