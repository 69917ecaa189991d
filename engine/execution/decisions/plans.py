"""What has to be decided for a decision, in order and each once, without recursion."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from engine.execution.decisions.elements import CompiledDecision
from engine.execution.decisions.linking import Key, Path
from engine.execution.decisions.tables import NOTHING, Outcome
from engine.execution.decisions.told import Read
from engine.execution.feel import Evaluation, Frame

Scope = dict[str, object]
ABSENT: Final = object()
"""Stands for what a caller does not tell."""


@dataclass(frozen=True, slots=True)
class Step:
    """A decision, where its value goes, and which values it sees under which names."""

    compiled: CompiledDecision
    slot: int
    static: Mapping[str, object]
    plain: tuple[tuple[str, int], ...]
    nested: tuple[tuple[Path, str, int], ...]


@dataclass(frozen=True, slots=True)
class Told:
    """An input data: where its value goes, the names that lead to it, and what reads it."""

    slot: int
    path: Path
    name: str
    read: Read
    label: str

    def found(self, scope: Mapping[str, object]) -> object:
        """Give the caller's value, behind the names of imports or plain; ABSENT where there is none."""
        inner: object = scope
        for part in self.path:
            inner = inner.get(part) if isinstance(inner, Mapping) else None
        value = inner.get(self.name, ABSENT) if isinstance(inner, Mapping) else ABSENT
        if value is ABSENT and self.path:
            value = scope.get(self.label, scope.get(self.name, ABSENT))
        return value


@dataclass(slots=True)
class Plan:
    """Steps in order, the input data that they need, and the place of each element's value.

    `told` are the names that the caller has to tell besides, `open_names` those that he may.
    """

    steps: list[Step] = field(default_factory=list[Step])
    inputs: list[Told] = field(default_factory=list[Told])
    slots: dict[Key, int] = field(default_factory=dict[Key, int])
    told: dict[str, Read] = field(default_factory=dict[str, Read])
    open_names: set[str] = field(default_factory=set[str])

    def slot(self, key: Key) -> int:
        """Give the place of an element's value."""
        return self.slots.setdefault(key, len(self.slots))

    def run(self, values: list[object], told: Mapping[str, object], evaluation: Evaluation) -> Outcome:
        """Decide every step; the outcome is that of the last."""
        outcome = NOTHING
        for step in self.steps:
            names = {**step.static}
            for name, slot in step.plain:
                names[name] = values[slot]
            for path, name, slot in step.nested:
                put(names, path, name, values[slot])
            if told:
                for name in step.compiled.open_names:
                    if name in told:
                        names[name] = told[name]
            outcome = step.compiled.decide(Frame(names, None, evaluation))
            values[step.slot] = outcome.value
        return outcome


def put(names: Scope, path: Path, name: str, value: object) -> None:
    """Put a value behind the names of imports; contexts on the way are copied, so that nothing shared changes."""
    for part in path:
        inner = names.get(part)
        names[part] = names = dict(inner) if isinstance(inner, Mapping) else {}
    names[name] = value
