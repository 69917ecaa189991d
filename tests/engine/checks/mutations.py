"""A seeded hand that damages diagrams the way that people and tools do: parts lost, doubled, renamed, moved, mixed up."""

from __future__ import annotations

import copy
import random
from collections.abc import Callable, Iterator

from lxml import etree

from engine.definitions.bpmn.names import BPMN, MG, Element
from engine.definitions.bpmn.vocabulary import VOCABULARY

TAGS = sorted(VOCABULARY)
NAMES = sorted({name for entry in VOCABULARY.values() for name in entry.attributes} | {"mg:queue", "mg:at", "mg:clock"})
TEXTS = [
    "",
    " ",
    "0",
    "-1",
    "true",
    "P1D",
    "${a.b(c)}",
    "=a +",
    "a ==",
    "x:y:z",
    "9" * 400,
    "[" * 200,
    "ż\u0301😀",
    "None",
]
NAMESPACES = [
    BPMN,
    "http://camunda.org/schema/1.0/bpmn",
    "http://camunda.org/schema/zeebe/1.0",
    "http://spiffworkflow.org/bpmn/schema/1.0/core",
    "http://www.omg.org/spec/BPMN/20100524/DI",
    "urn:nowhere",
    MG,
]
Damage = Callable[[random.Random, list[Element]], None]


def mutants(data: bytes, seed: str, count: int) -> Iterator[bytes]:
    """Damaged copies of a diagram, each with one to six faults; the same seed gives the same ones."""
    chance = random.Random(seed)
    for _ in range(count):
        root = etree.fromstring(data)
        for _ in range(chance.randint(1, 6)):
            parts = [part for part in root.iter() if isinstance(part.tag, str)]
            chance.choice(DAMAGES)(chance, parts)
        yield etree.tostring(root, encoding=chance.choice(["UTF-8", "UTF-16", "US-ASCII"]))


def _any(chance: random.Random, parts: list[Element]) -> Element:
    return chance.choice(parts[1:] or parts)


def _lose(chance: random.Random, parts: list[Element]) -> None:
    part = _any(chance, parts)
    parent = part.getparent()
    if parent is not None:
        parent.remove(part)


def _double(chance: random.Random, parts: list[Element]) -> None:
    part = _any(chance, parts)
    if part.getparent() is not None:
        part.addnext(copy.deepcopy(part))


def _move(chance: random.Random, parts: list[Element]) -> None:
    chance.choice(parts).append(copy.deepcopy(_any(chance, parts)) if len(parts) < 2000 else etree.Element("x"))


def _rename(chance: random.Random, parts: list[Element]) -> None:
    _any(chance, parts).tag = f"{{{BPMN}}}{chance.choice(TAGS)}"


def _swap_namespace(chance: random.Random, parts: list[Element]) -> None:
    part = chance.choice(parts)
    part.tag = f"{{{chance.choice(NAMESPACES)}}}{etree.QName(part).localname}"


def _lose_attribute(chance: random.Random, parts: list[Element]) -> None:
    part = chance.choice(parts)
    if part.attrib:
        del part.attrib[chance.choice(sorted(map(str, part.attrib)))]


def _write_attribute(chance: random.Random, parts: list[Element]) -> None:
    name = chance.choice(NAMES)
    named = f"{{{MG}}}{name[3:]}" if name.startswith("mg:") else name
    chance.choice(parts).set(named, chance.choice([*TEXTS, *_ids(parts)]))


def _change_value(chance: random.Random, parts: list[Element]) -> None:
    part = chance.choice(parts)
    if part.attrib:
        part.set(chance.choice(sorted(map(str, part.attrib))), chance.choice([*TEXTS, *_ids(parts)]))


def _change_text(chance: random.Random, parts: list[Element]) -> None:
    chance.choice(parts).text = chance.choice([*TEXTS, *_ids(parts)])


def _nest(chance: random.Random, parts: list[Element]) -> None:
    part = _any(chance, parts)
    parent = part.getparent()
    if parent is not None:
        place = parent.index(part)
        outer = etree.Element(f"{{{BPMN}}}{chance.choice(['subProcess', 'transaction', 'adHocSubProcess', 'laneSet'])}")
        parent.insert(place, outer)
        outer.append(part)


def _insert(chance: random.Random, parts: list[Element]) -> None:
    made = etree.SubElement(chance.choice(parts), f"{{{BPMN}}}{chance.choice(TAGS)}")
    made.set("id", chance.choice(["new", *_ids(parts)]))


def _tangle(chance: random.Random, parts: list[Element]) -> None:
    ids = _ids(parts)
    made = etree.SubElement(chance.choice(parts), f"{{{BPMN}}}sequenceFlow")
    made.set("sourceRef", chance.choice(ids))
    made.set("targetRef", chance.choice(ids))


def _ids(parts: list[Element]) -> list[str]:
    return [part.get("id") or "" for part in parts if part.get("id")] or ["none"]


DAMAGES: tuple[Damage, ...] = (
    _lose,
    _double,
    _move,
    _rename,
    _swap_namespace,
    _lose_attribute,
    _write_attribute,
    _change_value,
    _change_text,
    _nest,
    _insert,
    _tangle,
)
