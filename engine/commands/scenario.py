"""`makegood scenario` plays the stories of processes and says, for each, whether it ended as written."""

from __future__ import annotations

import json as json_text
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TextIO

from engine.commands.deploy import forms_near
from engine.commands.scenario_ending import differences
from engine.commands.scenario_story import play
from engine.definitions.catalog import read_folder
from engine.definitions.scenarios import read_scenario
from engine.model.errors import MakegoodError


@dataclass(frozen=True, slots=True)
class Result:
    """How one story ended; no differences mean that it passed."""

    file: str
    title: str
    differences: tuple[str, ...]


def run(paths: Sequence[Path], out: TextIO, *, json: bool = False) -> int:
    """Play every scenario under the paths; 0 where all pass, 1 where one fails, 2 where there is none."""
    results = [result for path in paths for result in results_of(path)]
    failed = sum(bool(result.differences) for result in results)
    if json:
        report = [{"file": each.file, "title": each.title, "differences": each.differences} for each in results]
        out.write(
            json_text.dumps(
                {"scenarios": report, "passed": len(results) - failed, "failed": failed}, indent=2, ensure_ascii=False
            )
        )
        out.write("\n")
    else:
        tell(results, failed, out)
    if not results:
        return 2
    return 1 if failed else 0


def tell(results: Sequence[Result], failed: int, out: TextIO) -> None:
    """Write one line a story, and under it what differed."""
    for result in results:
        out.write(f"{'failed' if result.differences else 'passed'}  {result.file}: {result.title}\n")
        out.writelines(f"        {difference}\n" for difference in result.differences)
    if not results:
        out.write("There is no scenario here. Stories are files such as processes/complaint/scenarios/accepted.toml.\n")
        return
    out.write(f"{len(results) - failed} passed, {failed} failed.\n")


def results_of(path: Path) -> Iterator[Result]:
    """Play one file, or every scenario under a folder."""
    files = [path] if path.is_file() else sorted(path.glob("**/scenarios/*.toml"))
    for file in files:
        folder = file.parent.parent
        yield play_file(file.read_bytes(), f"{folder.name}/{file.name}", deployment_files(folder))


def play_file(data: bytes, name: str, files: dict[str, bytes], *, runtime: str = "machine") -> Result:
    """Play one scenario on the files of its process, on the machine or on another runtime."""
    read = read_scenario(data, file=name)
    if read.scenario is None:
        return Result(name, "", tuple(str(finding) for finding in read.findings))
    try:
        story, stopped = play(read.scenario, files, runtime=runtime)
    except MakegoodError as refusal:
        return Result(name, read.scenario.title, (str(refusal),))
    first = (str(stopped),) if stopped is not None else ()
    return Result(name, read.scenario.title, (*first, *(str(each) for each in differences(story))))


def deployment_files(folder: Path) -> dict[str, bytes]:
    """The files of a process folder as they would be deployed."""
    return dict(read_folder(folder, forms_near(folder)).files)
