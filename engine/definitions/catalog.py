"""A folder of processes/ is one deployment: its diagrams, tables and letters, and the forms that it shows."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final

from engine.definitions.bpmn import read_bpmn
from engine.definitions.forms import read_form
from engine.shipped import shipped_folder
from engine.store.deployments import digest_of

DIAGRAMS: Final = (".bpmn", ".bpmn2", ".bpmn20.xml")
TABLES: Final = (".dmn",)


@dataclass(frozen=True, slots=True)
class DeploymentFiles:
    """What a folder would deploy: names relative to the folder, forms as `forms/<key>.json`; scenarios stay outside."""

    key: str
    digest: str
    files: Mapping[str, bytes]
    process_ids: tuple[str, ...]


def scan(processes: Path, forms: Path) -> tuple[DeploymentFiles, ...]:
    """Give every process folder under `processes`, by key; folders without a diagram of their own are passed over."""
    if not processes.is_dir():
        return ()
    folders = sorted(folder for folder in processes.iterdir() if folder.is_dir() and _diagrams(folder))
    return tuple(read_folder(folder, forms) for folder in folders)


def read_folder(folder: Path, forms: Path) -> DeploymentFiles:
    """Give one process folder with the forms that its user tasks show, and the groups that those use."""
    files = process_files(folder)
    shown, process_ids = _facts(files)
    files |= _forms(forms, shown)
    return DeploymentFiles(folder.resolve().name, digest_of(files), files, process_ids)


def process_files(folder: Path) -> dict[str, bytes]:
    """The diagrams, tables and letters of a process folder."""
    found = [path for path in folder.iterdir() if path.name.lower().endswith((*DIAGRAMS, *TABLES))]
    found += folder.glob("letters/*.txt")
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(found) if path.is_file()}


def queues_named(files: Mapping[str, bytes]) -> tuple[str, ...]:
    """The queues that the tasks of processes that run go to, but for those that are computed on the way."""
    found = {
        node.performers.queue
        for name, data in files.items()
        if name.lower().endswith(DIAGRAMS)
        for process in read_bpmn(data, file=name).definitions.processes
        if process.executable is not False
        for node in process.body.walk()
    }
    return tuple(sorted(queue for queue in found if queue and not queue.startswith("=")))


def with_shipped_forms(files: Mapping[str, bytes]) -> dict[str, bytes]:
    """The files with the forms that they use and do not hold, where such ship."""
    given = [read_form(data, key=name, file=name).form for name, data in files.items() if name.startswith("forms/")]
    shown = [*_facts(files)[0], *(group.use for form in given if form for group in form.groups)]
    return {**_forms(shipped_folder("forms"), shown), **files}


def _diagrams(folder: Path) -> bool:
    return any(path.name.lower().endswith(DIAGRAMS) for path in folder.iterdir())


def _facts(files: Mapping[str, bytes]) -> tuple[list[str], tuple[str, ...]]:
    """The keys of all forms that the diagrams show, and the processes that can run."""
    found = [_facts_of(name, data) for name, data in files.items() if name.lower().endswith(DIAGRAMS)]
    shown = [form for forms, _processes in found for form in forms]
    return shown, tuple(process for _forms_shown, processes in found for process in processes)


@lru_cache(maxsize=256)  # pages ask again and again what has changed on disk
def _facts_of(name: str, data: bytes) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The keys of the forms that one diagram shows, and its processes that can run."""
    processes = read_bpmn(data, file=name).definitions.processes
    shown = (node.user.form for process in processes for node in process.body.walk() if node.user and node.user.form)
    can_run = (each.id for each in processes if each.executable is not False and each.body.nodes)
    return tuple(shown), tuple(can_run)


def _forms(folder: Path, shown: Iterable[str]) -> dict[str, bytes]:
    """The form files of these keys and, through their groups, of all that they use; those that are not there ship."""
    found: dict[str, bytes] = {}
    pending = list(shown)
    while pending:
        key = pending.pop()
        name, path = f"forms/{key}.json", form_file(folder, key)
        if name in found or path is None:
            continue
        found[name] = path.read_bytes()
        pending += _groups_of(key, found[name])
    return found


@lru_cache(maxsize=256)
def _groups_of(key: str, data: bytes) -> tuple[str, ...]:
    """The groups that a form uses."""
    form = read_form(data, key=key, file=f"forms/{key}.json").form
    return tuple(group.use for group in form.groups) if form else ()


def form_file(folder: Path, key: str) -> Path | None:
    """Where a form lies: in the folder, else among those that ship; None where nowhere, or where the key leads out."""
    for forms in (folder, shipped_folder("forms")):
        path = forms / f"{key}.json"
        if path.resolve().is_relative_to(forms.resolve()) and path.is_file():
            return path
    return None
