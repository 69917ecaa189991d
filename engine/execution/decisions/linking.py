"""Files given together see one another by the namespaces that they import; what is not there is a finding."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

from engine.definitions.dmn import read_decisions
from engine.execution.decisions.names import Names, entry_names
from engine.execution.decisions.types import Types
from engine.model.dmn import Decision, DecisionFile, DecisionService, Import, InputData, KnowledgeModel
from engine.model.errors import Finding, Message, Severity

DecisionFiles: TypeAlias = bytes | Mapping[str, bytes] | Sequence[bytes]
"""One file, or the one that is meant first and those that it imports."""

Element: TypeAlias = Decision | KnowledgeModel | DecisionService | InputData
Path: TypeAlias = tuple[str, ...]
Key: TypeAlias = tuple[Path, str]
"""An element by the names of the imports that lead to it and its id."""

_FAR, _MANY = 20, 1_000
"""How many imports may lead from one file to another, and in how many ways."""


@dataclass(slots=True)
class LinkedFile:
    """A file with its elements by id, its types, and the files behind its imports by their names there.

    `reading` are the findings of reading it alone.
    """

    model: DecisionFile
    elements: dict[str, Element] = field(default_factory=dict[str, Element])
    imports: dict[str, LinkedFile] = field(default_factory=dict[str, "LinkedFile"])
    missing: set[str] = field(default_factory=set[str])
    findings: list[Finding] = field(default_factory=list[Finding])
    reading: tuple[Finding, ...] = ()
    types: Types = field(default_factory=lambda: Types(()))
    entry_names: Names = frozenset()

    def reached(self) -> Iterator[tuple[Path, LinkedFile]]:
        """Give this file and all behind its imports, the nearest first, each by the names that lead to it."""
        waiting: list[tuple[Path, LinkedFile]] = [((), self)]
        for path, found in waiting:
            yield path, found
            if len(path) < _FAR and len(waiting) < _MANY:
                waiting.extend(((*path, name), other) for name, other in found.imports.items())

    def at(self, path: Path) -> LinkedFile:
        """Give the file that the names of imports lead to."""
        found = self
        for name in path:
            found = found.imports[name]
        return found

    def find(self, reference: str) -> Key | None:
        """Give the element that a reference means; None where there is none."""
        namespace, _, key = reference.rpartition("#")
        for path, found in self.reached():
            if key in found.elements and namespace == ("" if not path else found.model.namespace):
                return path, key
        return None

    def element(self, key: Key) -> Element:
        """Give the element of a key."""
        return self.at(key[0]).elements[key[1]]

    def is_elsewhere(self, reference: str) -> bool:
        """Say whether a reference means a file that was not given, which is a finding of its own."""
        return reference.rpartition("#")[0] in self.missing


def link(xml: DecisionFiles, file: str = "", beside: Mapping[str, bytes] | None = None) -> LinkedFile:
    """Read the files; `beside` holds those that are read only where they are imported."""
    named = _named(xml, file)
    files = [_read(data, name) for name, data in named]
    main = files[0]
    if main.model.imports:
        files += [_read(data, name) for name, data in (beside or {}).items() if name.lower().endswith(".dmn")]
        _join(files, {main.model.namespace: main} | {each.model.namespace: each for each in reversed(files)})
    for _, found in reversed(list(main.reached())):
        _type(found)
    return main


def _named(xml: DecisionFiles, file: str) -> list[tuple[str, bytes]]:
    if isinstance(xml, bytes):
        return [(file, xml)]
    if isinstance(xml, Mapping):
        return list(xml.items())
    return [(file if not index else "", data) for index, data in enumerate(xml)]


def _read(data: bytes, file: str) -> LinkedFile:
    model, findings = read_decisions(data, file)
    found = LinkedFile(model, findings=list(findings), reading=findings)
    elements: list[Element] = [*model.decisions, *model.inputs, *model.models, *model.services]
    for element in elements:
        found.elements.setdefault(element.id, element)
    found.entry_names = entry_names(model)
    return found


def _join(files: Sequence[LinkedFile], by_namespace: Mapping[str, LinkedFile]) -> None:
    for found in files:
        for each in found.model.imports:
            other = by_namespace.get(each.namespace)
            if other is None:
                found.missing.add(each.namespace)
                if "DMN" in each.kind.upper():
                    _note(found, each, _missing(each))
            elif _leads_to(other, found):
                _note(found, each, _circle(each))
            else:
                found.imports[each.name] = other


def _leads_to(start: LinkedFile, wanted: LinkedFile) -> bool:
    return any(found is wanted for _, found in start.reached())


def _called(each: Import) -> str:
    return each.name or each.location or each.namespace


def _missing(each: Import) -> Message:
    return Message("dmn_import_missing", "The imported file “{name}” is not among the files.", {"name": _called(each)})


def _circle(each: Import) -> Message:
    return Message("dmn_import_circle", "The files import one another, by way of “{name}”.", {"name": _called(each)})


def _note(found: LinkedFile, each: Import, message: Message) -> None:
    found.findings.append(
        Finding(
            Severity.ERROR,
            message,
            Message("dmn_import_remedy", "Put the file beside this one, and let imports lead one way."),
            file=found.model.file,
            line=each.line,
        )
    )


def _type(found: LinkedFile) -> None:
    """Make the types of a file, once those of its imports are made."""

    def fault(message: Message, line: int) -> None:
        remedy = Message("dmn_type_remedy", "Declare the type, or name another one.")
        found.findings.append(Finding(Severity.ERROR, message, remedy, file=found.model.file, line=line))

    if found.types.items or (not found.model.types and not found.imports):
        return
    found.types = Types(found.model.types, fault, imported={name: each.types for name, each in found.imports.items()})
    found.types.check()
    for other in found.imports.values():
        found.entry_names |= other.entry_names
