"""`makegood bench` measures on this machine; the benchmarks lie in tests/bench of a checkout and are not in the wheel."""

from __future__ import annotations

import json
import runpy
from argparse import ArgumentParser, Namespace
from pathlib import Path

from engine.commands.command import Command
from engine.commands.terminal import Terminal
from engine.model.errors import NotFound

FOLDER = Path(__file__).resolve().parent.parent.parent / "tests" / "bench"


def arguments(parser: ArgumentParser) -> None:
    """Which benchmarks, and in which form."""
    parser.add_argument("names", nargs="*", metavar="NAME", help="the benchmarks to run; without a name, all")
    parser.add_argument("--json", action="store_true", help="print one JSON object instead of lines")


def run(args: Namespace, terminal: Terminal) -> int:
    """Run the benchmarks and print their figures."""
    files = sorted(FOLDER.glob("[!_]*.py"))
    if not files:
        raise NotFound("no_benchmarks", "The benchmarks are part of a checkout, not of an installed Makegood.")
    unknown = sorted(set(args.names) - {file.stem for file in files})
    if unknown:
        raise NotFound("no_such_benchmark", "There is no benchmark “{name}”.", name=unknown[0])
    figures: dict[str, dict[str, dict[str, object]]] = {}
    for file in files:
        measure = runpy.run_path(str(file)).get("measure") if not args.names or file.stem in args.names else None
        if measure is None:
            continue
        if not args.json:
            terminal.say(f"{file.stem}:")
        shown = figures.setdefault(file.stem, {})
        for name, value, unit in measure():
            shown[name] = {"value": round(value, 4), "unit": unit}
            if not args.json:
                terminal.say(f"  {name:<70} {value:>9.2f} {unit}")
    if args.json:
        terminal.say(json.dumps(figures, indent=1, ensure_ascii=False))
    return 0


COMMAND = Command("bench", "measure on this machine, from a checkout", arguments, run)
