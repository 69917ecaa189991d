"""`makegood check` prints every finding about process folders, diagrams, tables and forms, and says how many there are."""

from __future__ import annotations

import json as json_text
import os
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

from engine.checks import check_files, check_portability
from engine.definitions.catalog import DIAGRAMS, TABLES, process_files, read_folder
from engine.model.errors import Finding, Severity
from engine.shipped import shipped_folder


@dataclass(slots=True)
class Report:
    """What has been checked so far: each fault once, though a form may belong to several folders."""

    executable: bool
    portability: bool = False
    now: datetime = field(default_factory=lambda: datetime.now(UTC))
    files: set[Path] = field(default_factory=set[Path])
    findings: dict[tuple[str, int, str, str], Finding] = field(default_factory=dict[tuple[str, int, str, str], Finding])

    @property
    def errors(self) -> int:
        return self.count(Severity.ERROR)

    def count(self, severity: Severity) -> int:
        """How many findings are of this weight."""
        return sum(found.severity is severity for found in self.findings.values())

    def add(self, folder: Path, only: Path | None) -> None:
        """Check what lies in a folder; `only` keeps the findings of one of its files."""
        files = _files_of(folder)
        wanted = {file.resolve() for file in files.values() if only is None or file.resolve() == only.resolve()}
        files |= _borrowed(folder, files)
        self.files |= wanted
        contents = {name: file.read_bytes() for name, file in files.items()} if wanted else {}
        opinion = check_portability(contents) if self.portability else ()
        for found in (*check_files(contents, executable=self.executable, now=self.now), *opinion):
            if files[found.file].resolve() in wanted:
                shown = replace(found, file=_shown(files[found.file]))
                self.findings[shown.file, shown.line, shown.element_id, str(shown.message)] = shown


def run(
    paths: Sequence[Path], out: TextIO, *, json: bool = False, executable: bool = False, portability: bool = False
) -> int:
    """Check files and whole folders; 0 where nothing is wrong, 1 on errors, 2 where a path holds nothing to check.

    `executable` asks of drawings (isExecutable="false") too whether they would run; `portability` adds what SpiffWorkflow would do otherwise.
    """
    report = Report(executable, portability)
    missed: list[Path] = []
    for path in paths:
        before = len(report.files)
        for folder in _folders(path):
            report.add(folder, path if path.is_file() else None)
        if len(report.files) == before and not (path.resolve() in report.files or _any_inside(path, report.files)):
            missed.append(path)
    write = _as_json if json else _as_lines
    write(report, missed, out)
    if report.errors:
        return 1
    return 2 if missed or not report.files else 0


def _any_inside(path: Path, files: set[Path]) -> bool:
    return any(file.is_relative_to(path.resolve()) for file in files)


def _folders(path: Path) -> Iterator[Path]:
    """The folders that hold something to check: the file's own, or every one below."""
    if path.is_file():
        yield path.parent
        return
    for name, inner, _ in os.walk(path):
        inner[:] = sorted(part for part in inner if not part.startswith(".") and part != "node_modules")
        if any(_is_ours(file) for file in Path(name).iterdir()):
            yield Path(name)


def _is_ours(file: Path) -> bool:
    name = file.name.lower()
    return name.endswith((*DIAGRAMS, *TABLES)) or (name.endswith(".json") and file.parent.name == "forms")


def _files_of(folder: Path) -> dict[str, Path]:
    """Everything that is deployed together with what lies in this folder, by the name that it has there."""
    if folder.resolve().name == "forms":
        return {f"forms/{form.name}": form for form in sorted(folder.glob("*.json"))}
    files = {name: folder / name for name in process_files(folder)}
    files |= {f"scenarios/{story.name}": story for story in sorted(folder.glob("scenarios/*.toml"))}
    for above in (folder, *folder.resolve().parents):
        if (above / "forms").is_dir():
            files |= {f"forms/{form.name}": form for form in sorted((above / "forms").glob("*.json"))}
            break
    return files


def _borrowed(folder: Path, own: Mapping[str, Path]) -> dict[str, Path]:
    """The forms that ship and that are used here, though no file of that name lies here."""
    shipped = shipped_folder("forms")
    if folder.resolve().name == "forms":
        used: Iterable[str] = (f"forms/{form.name}" for form in sorted(shipped.glob("*.json")))
    else:
        near = next((file.parent for name, file in own.items() if name.startswith("forms/")), shipped)
        used = (name for name in read_folder(folder, near).files if name.startswith("forms/"))
    return {name: shipped / name.removeprefix("forms/") for name in used if name not in own}


def _shown(file: Path) -> str:
    """The path as a person would type it from here."""
    here = Path.cwd()
    whole = file.resolve()
    return whole.relative_to(here).as_posix() if whole.is_relative_to(here) else file.as_posix()


def _as_lines(report: Report, missed: Sequence[Path], out: TextIO) -> None:
    out.writelines(f"{found}\n" for found in report.findings.values())
    for path in missed:
        if path.exists():
            out.write(f"{path}: nothing to check: no diagram (*.bpmn), no table (*.dmn), no form (forms/*.json).\n")
        else:
            out.write(f"{path}: there is no such file or folder.\n")
    weights = [("error", Severity.ERROR), ("warning", Severity.WARNING)]
    weights += [("remark", Severity.INFORMATION)] if report.count(Severity.INFORMATION) else []
    told = ", ".join(_count(report.count(severity), noun) for noun, severity in weights)
    out.write(f"{_count(len(report.files), 'file')} checked: {told}.\n")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _as_json(report: Report, missed: Sequence[Path], out: TextIO) -> None:
    told = {
        "files": len(report.files),
        "errors": report.errors,
        "warnings": report.count(Severity.WARNING),
        "remarks": report.count(Severity.INFORMATION),
        "nothing_to_check": [str(path) for path in missed],
        "findings": [_as_mapping(found) for found in report.findings.values()],
    }
    json_text.dump(told, out, ensure_ascii=False, indent=2)
    out.write("\n")


def _as_mapping(found: Finding) -> dict[str, object]:
    return {
        "file": found.file,
        "line": found.line,
        "severity": str(found.severity),
        "element": found.element_id,
        "name": found.element_name,
        "code": found.message.code,
        "message": str(found.message),
        "remedy": str(found.remedy),
    }
