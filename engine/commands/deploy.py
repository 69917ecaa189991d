"""`makegood deploy` makes folders of files the newest versions of their processes; faulty ones change nothing."""

from __future__ import annotations

from argparse import ArgumentParser, Namespace
from collections.abc import Iterator, Sequence
from pathlib import Path

from engine.actions.deploy_process import deploy_process
from engine.commands.command import Command, opened
from engine.commands.terminal import Terminal
from engine.definitions.catalog import DeploymentFiles, read_folder, scan
from engine.model.errors import DefinitionInvalid, NotFound
from engine.model.people import SYSTEM
from engine.shipped import shipped_folder
from engine.wiring import Engine


def arguments(parser: ArgumentParser) -> None:
    """Take folders."""
    parser.add_argument(
        "paths",
        nargs="*",
        type=Path,
        metavar="PATH",
        help="a process folder, or a folder of such; without one, what ships with Makegood",
    )
    parser.add_argument("--forms", type=Path, help="where the forms lie; without it, a forms folder beside or above")


def run(args: Namespace, terminal: Terminal) -> int:
    """Deploy each folder by itself; exit code 1 where one was refused."""
    folders = list(chosen(args.paths, args.forms))
    with opened() as engine:
        refused = deploy_all(engine, folders, terminal)
    return 1 if refused else 0


def chosen(paths: Sequence[Path], forms: Path | None) -> Iterator[DeploymentFiles]:
    """The deployments of these paths; raises NotFound for a path without a diagram."""
    if not paths:
        yield from shipped()
        return
    for path in paths:
        folder = path if path.is_dir() else path.parent
        if not path.exists():
            raise NotFound("path_missing", "There is no {path}.", path=str(path))
        found = scan(folder, forms or forms_near(folder))
        own = read_folder(folder, forms or forms_near(folder))
        if own.process_ids:
            yield own
        yield from found
        if not own.process_ids and not found:
            raise NotFound(
                "no_process",
                "There is no diagram of a process that runs in {path}. Give a folder such as processes/complaint.",
                path=str(path),
            )


def shipped() -> tuple[DeploymentFiles, ...]:
    """What comes with this copy of Makegood."""
    return scan(shipped_folder("processes"), shipped_folder("forms"))


def forms_near(folder: Path) -> Path:
    """The forms folder in, beside or above a process folder, else the one that ships."""
    for above in (folder.resolve(), *folder.resolve().parents):
        if (above / "forms").is_dir():
            return above / "forms"
    return shipped_folder("forms")


def deploy_all(engine: Engine, folders: Sequence[DeploymentFiles], terminal: Terminal) -> list[str]:
    """Deploy and tell what came of each; gives the keys that were refused."""
    refused: list[str] = []
    for folder in folders:
        try:
            with engine.begin(SYSTEM) as tx:
                done = deploy_process(tx, folder.key, folder.files)
        except DefinitionInvalid as error:
            refused.append(folder.key)
            terminal.tell(f"{folder.key}: not deployed.")
            terminal.refuse(error)
            continue
        for finding in done.warnings:
            terminal.tell(f"  {finding}")
        for queue in done.queues:
            terminal.tell(
                f"  “{queue}” is a new queue. Put people into it, on the page People or with “makegood user queues”."
            )
        state = "deployed as" if done.is_new else "unchanged, it is"
        terminal.say(f"{folder.key}: {state} version {done.deployed.version}.")
    return refused


COMMAND = Command("deploy", "make files the newest version of their process", arguments, run)
