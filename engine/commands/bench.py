"""`makegood bench` measures on this machine; the benchmarks lie in tests/bench of a checkout and are not in the wheel."""

from __future__ import annotations

import runpy
from argparse import Namespace
from pathlib import Path

from engine.commands.command import Command, no_arguments
from engine.commands.terminal import Terminal
from engine.model.errors import NotFound

FOLDER = Path(__file__).resolve().parent.parent.parent / "tests" / "bench"


def run(args: Namespace, terminal: Terminal) -> int:
    """Run every benchmark and print its figures."""
    del args
    files = sorted(FOLDER.glob("[!_]*.py"))
    if not files:
        raise NotFound("no_benchmarks", "The benchmarks are part of a checkout, not of an installed Makegood.")
    for file in files:
        measure = runpy.run_path(str(file)).get("measure")
        if measure is None:
            continue
        terminal.say(f"{file.stem}:")
        for name, value, unit in measure():
            terminal.say(f"  {name:<48} {value:>9.2f} {unit}")
    return 0


COMMAND = Command("bench", "measure on this machine, from a checkout", no_arguments, run)
