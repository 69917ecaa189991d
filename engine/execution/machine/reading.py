"""A name is read in its scope, then outward, then in the facts that the host supplies."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.execution.machine.state import Scope, ScopeKind

_ROOT, _CALL = ScopeKind.ROOT, ScopeKind.CALL
_NOTHING = object()


class View(Mapping[str, object]):
    """All names that can be seen from a place; unknown ones are null for `get`."""

    __slots__ = ("levels",)

    def __init__(self, levels: tuple[Mapping[str, object], ...]) -> None:
        self.levels = levels

    def get(self, name: str, default: object = None) -> object:
        for level in self.levels:
            value = level.get(name, _NOTHING)
            if value is not _NOTHING:
                return value
        return default

    def __getitem__(self, name: str) -> object:
        for level in self.levels:
            if name in level:
                return level[name]
        raise KeyError(name)

    def __contains__(self, name: object) -> bool:
        return any(name in level for level in self.levels)

    def __iter__(self) -> Iterator[str]:
        return iter(dict.fromkeys(name for level in self.levels for name in level))

    def __len__(self) -> int:
        return len(set().union(*self.levels))


def view_of(scope: Scope, facts: Mapping[str, object], *nearer: Mapping[str, object] | None) -> Mapping[str, object]:
    """Give what can be seen from the scope; `nearer` levels come first."""
    levels: list[Mapping[str, object]] = [level for level in nearer if level] if nearer else []
    current: Scope | None = scope
    while current is not None:
        if current.vars:
            levels.append(current.vars)
        kind = current.kind
        current = None if kind is _ROOT or kind is _CALL else current.parent
    if facts:
        levels.append(facts)
    return levels[0] if len(levels) == 1 else View(tuple(levels))
