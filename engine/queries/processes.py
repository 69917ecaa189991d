"""Processes and their versions, what lies on disk beside them, and what the files of one version say."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from engine.checks import check_files, check_portability
from engine.definitions.bpmn import read_bpmn
from engine.definitions.catalog import DIAGRAMS, TABLES, DeploymentFiles, queues_named, scan, with_shipped_forms
from engine.definitions.dmn import read_decisions
from engine.definitions.forms import join_forms, read_form
from engine.execution.case_kinds import case_kinds
from engine.model.bpmn import Node, Process
from engine.model.case import INTERNAL
from engine.model.dmn import DecisionFile
from engine.model.errors import Finding, Forbidden, NotFound
from engine.model.form import Form
from engine.model.people import Queue, Role
from engine.model.running import Contents, Deployed
from engine.shipped import shipped_folder
from engine.store import process_lists, rows
from engine.store.deployments import digest_of
from engine.store.process_lists import VersionRow
from engine.store.transaction import Tx

__all__ = ["DIAGRAMS", "OnDisk", "Opened", "ProcessLine", "VersionRow", "with_shipped_forms"]
READERS = (Role.DESIGNER, Role.MANAGER, Role.ADMINISTRATOR)


@dataclass(frozen=True, slots=True)
class OnDisk:
    """A folder whose files are not those of the newest version; `next_version` is what they would become."""

    key: str
    digest: str
    next_version: int
    folder: str
    is_new: bool
    changed: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class ProcessLine:
    """One process: its newest version, how much runs on older ones, what its diagrams are called, whose new cases it takes."""

    newest: VersionRow
    names: Sequence[str]
    takes: Sequence[str]
    versions: int
    running: int
    running_on_older: int


@dataclass(frozen=True, slots=True)
class ProcessList:
    """All processes, and the folders on disk that differ."""

    lines: Sequence[ProcessLine]
    on_disk: Sequence[OnDisk]


@dataclass(frozen=True, slots=True)
class Element:
    """A flow node of a diagram, as the text twin tells it."""

    node: Node
    kind: str
    leads_to: Sequence[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class DrawnProcess:
    """A process of a diagram with its elements in the order of the file."""

    process: Process
    file: str
    elements: Sequence[Element]


@dataclass(frozen=True, slots=True)
class LetterText:
    """A letter's template: its name, its variant (language, customer type) and the text."""

    file: str
    name: str
    variant: str
    text: str


@dataclass(frozen=True, slots=True)
class Opened:
    """What the files of one deployment say; `portability` is what the other runtime would do otherwise."""

    diagrams: Sequence[str]
    processes: Sequence[DrawnProcess]
    tables: Sequence[DecisionFile]
    forms: Sequence[Form]
    letters: Sequence[LetterText]
    findings: Sequence[Finding]
    portability: Sequence[Finding]


@dataclass(frozen=True, slots=True)
class ProcessPage:
    """One version of a process, opened, with the other versions beside it; `takes` are the kinds whose new cases run it."""

    version: VersionRow
    versions: Sequence[VersionRow]
    files: Sequence[tuple[str, int]]
    opened: Opened
    takes: Sequence[str]


@dataclass(frozen=True, slots=True)
class TakenOver:
    """A kind of case whose new cases would run other files than now; `from_key` is empty for a kind that is new."""

    kind: str
    from_key: str


def process_list(tx: Tx, own_folder: Path) -> ProcessList:
    """Every process with its newest version; `own_folder` is where this installation's processes/ and forms/ lie."""
    _require_reader(tx)
    by_key: dict[str, list[VersionRow]] = {}
    for row in process_lists.versions(tx):
        by_key.setdefault(row.key, []).append(row)
    lines = [_line(tx, found) for found in by_key.values()]
    return ProcessList(lines, changed_on_disk(tx, own_folder))


def changed_on_disk(tx: Tx, own_folder: Path) -> list[OnDisk]:
    """The folders whose files differ from the newest version of their key."""
    _require_reader(tx)
    found: list[OnDisk] = []
    for where, files in folders_on_disk(own_folder):
        newest = tx.catalog.newest_or_none(files.key)
        if newest is None or newest.digest != files.digest:
            changed = _changed(newest.files if newest else {}, files.files)
            version = newest.version + 1 if newest else 1
            found.append(OnDisk(files.key, files.digest, version, str(where), newest is None, changed))
    return found


def folders_on_disk(own_folder: Path) -> list[tuple[Path, DeploymentFiles]]:
    """This installation's own process folders, then those that ship; of two with one key its own counts."""
    own_forms = own_folder / "forms"
    places = (
        (own_folder / "processes", own_forms if own_forms.is_dir() else shipped_folder("forms")),
        (shipped_folder("processes"), shipped_folder("forms")),
    )
    found: dict[str, tuple[Path, DeploymentFiles]] = {}
    for processes, forms in places:
        for files in scan(processes, forms):
            found.setdefault(files.key, (processes / files.key, files))
    return [found[key] for key in sorted(found)]


def process_page(tx: Tx, key: str, version: int | None = None) -> ProcessPage:
    """One version of a process, the newest where none is named; raises NotFound."""
    _require_reader(tx)
    versions = process_lists.versions(tx, key)
    chosen = next((row for row in versions if version is None or row.version == version), None)
    if chosen is None:
        raise NotFound("version_not_deployed", "“{key}” has no version {version}.", key=key, version=version or 1)
    files, said = process_lists.file_sizes(tx, chosen.id), opened(tx.catalog.by_id(chosen.id))
    return ProcessPage(chosen, versions, files, said, takes=_taken(tx, key))


def taken_over(tx: Tx, key: str, files: Mapping[str, bytes]) -> list[TakenOver]:
    """The kinds that these files name and whose new cases run something else as yet."""
    _require_reader(tx)
    now = {kind.kind: kind.key for kind in case_kinds(tx.catalog).values()}
    diagrams = [read_bpmn(files[name], file=name) for name in sorted(files) if name.lower().endswith(DIAGRAMS)]
    named = {process.case_kind for diagram in diagrams for process in diagram.definitions.processes}
    return [TakenOver(kind, now.get(kind, "")) for kind in sorted(named - {"", INTERNAL}) if now.get(kind) != key]


def queues_opened(tx: Tx, files: Mapping[str, bytes]) -> list[str]:
    """The queues that deploying these files would add."""
    _require_reader(tx)
    known = {queue.key for queue in rows.find(tx, Queue)}
    return [key for key in queues_named(files) if key not in known]


def _taken(tx: Tx, key: str) -> list[str]:
    return [kind.kind for kind in case_kinds(tx.catalog).values() if kind.key == key]


def files_of(tx: Tx, key: str, version: int) -> Mapping[str, bytes]:
    """The files of a version; raises NotFound."""
    _require_reader(tx)
    return tx.catalog.version(key, version).files


def newest_files(tx: Tx, key: str) -> Mapping[str, bytes]:
    """The files of the newest version under a key, none where nothing is deployed under it."""
    _require_reader(tx)
    newest = tx.catalog.newest_or_none(key)
    return newest.files if newest is not None else {}


def digest_of_files(files: Mapping[str, bytes]) -> str:
    """The digest under which these files would be deployed."""
    return digest_of(files)


def opened(deployment: Deployed) -> Opened:
    """Read everything in a deployment; equal digests are read once."""
    return _opened(deployment.contents)


@lru_cache(maxsize=32)
def _opened(given: Contents) -> Opened:
    files = given.files
    diagrams = [name for name in sorted(files) if name.lower().endswith(DIAGRAMS)]
    return Opened(
        diagrams=diagrams,
        processes=[drawn for name in diagrams for drawn in _drawn(name, files[name])],
        tables=[read_decisions(files[name], name)[0] for name in sorted(files) if name.endswith(TABLES)],
        forms=list(_forms(files)),
        letters=[_letter(name, files[name]) for name in sorted(files) if name.startswith("letters/")],
        findings=check_files(files),
        portability=check_portability(files),
    )


def _drawn(file: str, data: bytes) -> Iterable[DrawnProcess]:
    for process in read_bpmn(data, file=file).definitions.processes:
        names = {node.id: node.name or node.id for node in process.body.walk()}
        elements: list[Element] = []
        bodies = [process.body, *(node.body for node in process.body.walk() if node.body is not None)]
        flows = [flow for body in bodies for flow in body.flows]
        for node in process.body.walk():
            leads_to = [
                (names.get(flow.target, flow.target), flow.condition.body if flow.condition else "")
                for flow in flows
                if flow.source == node.id
            ]
            elements.append(Element(node, str(node.kind), leads_to))
        yield DrawnProcess(process, file, elements)


def _forms(files: Mapping[str, bytes]) -> Iterable[Form]:
    read: dict[str, Form] = {}
    for name, content in files.items():
        if name.startswith("forms/") and name.endswith(".json"):
            key = name.removeprefix("forms/").removesuffix(".json")
            form = read_form(content, key=key, file=name).form
            if form is not None:
                read[key] = form
    return join_forms(read)[0].values()


def _letter(file: str, data: bytes) -> LetterText:
    name, _, variant = file.removeprefix("letters/").removesuffix(".txt").partition(".")
    return LetterText(file, name, variant, data.decode("utf-8-sig", errors="replace"))


def _line(tx: Tx, found: Sequence[VersionRow]) -> ProcessLine:
    newest = found[0]
    diagrams = opened(tx.catalog.by_id(newest.id)).processes
    running = sum(row.running for row in found)
    return ProcessLine(
        newest=newest,
        names=[drawn.process.name or drawn.process.id for drawn in diagrams],
        takes=_taken(tx, newest.key),
        versions=len(found),
        running=running,
        running_on_older=running - newest.running,
    )


def _changed(old: Mapping[str, bytes], new: Mapping[str, bytes]) -> list[str]:
    return sorted(name for name in {*old, *new} if old.get(name) != new.get(name))


def _require_reader(tx: Tx) -> None:
    if not tx.actor.is_system and not tx.actor.has(*READERS):
        raise Forbidden("not_a_designer", "Only designers, managers and administrators look at processes.")
