"""`makegood bench` measures on this machine; the benches lie in tests/bench of a checkout and are not in the wheel."""

from __future__ import annotations

import json
from argparse import ArgumentParser, Namespace
from collections.abc import Mapping, Sequence
from importlib import import_module
from keyword import iskeyword
from pathlib import Path
from typing import Protocol, cast

from engine.commands.command import Command
from engine.commands.terminal import Terminal
from engine.model.errors import NotFound

FOLDER = Path(__file__).resolve().parent.parent.parent / "tests" / "bench"
KEPT = FOLDER / "kept.json"
COMPARE = "compare"
Told = dict[str, dict[str, float]]


class Bound(Protocol):
    """What a ratio must be."""

    def holds(self, ratio: float) -> bool: ...
    def as_json(self) -> dict[str, float]: ...


class Found(Protocol):
    """What a bench's `run` gives; tests/bench/figures.py has it."""

    @property
    def name(self) -> str: ...
    @property
    def measured(self) -> Mapping[str, tuple[float, str]]: ...
    @property
    def ratios(self) -> Mapping[str, float]: ...
    @property
    def must(self) -> Mapping[str, Bound]: ...
    @property
    def ok(self) -> bool: ...
    def as_json(self) -> dict[str, object]: ...


def arguments(parser: ArgumentParser) -> None:
    """Which benches, and in which form."""
    parser.add_argument(
        "names",
        nargs="*",
        metavar="NAME",
        help="the benches to run; without a name, all; compare shows the kept figures beside",
    )
    parser.add_argument("--json", action="store_true", help="print JSON: an object for one bench, a list for several")
    parser.add_argument("--keep", action="store_true", help="keep the figures, to compare with later")


def benches() -> list[str]:
    """The names of the benches of this checkout; `import` is the module import_."""
    found = [file.stem for file in FOLDER.glob("*.py") if "\ndef run(" in file.read_text("utf-8")]
    return sorted(name.removesuffix("_") for name in found)


def run(args: Namespace, terminal: Terminal) -> int:
    """Run the benches and print what they found; 1 where a bound is not kept."""
    chosen = [name for name in args.names if name != COMPARE] or benches()
    if not benches():
        raise NotFound("no_benchmarks", "The benchmarks are part of a checkout, not of an installed Makegood.")
    for name in chosen:
        if name not in benches():
            raise NotFound("no_such_benchmark", "There is no benchmark “{name}”.", name=name)
    kept = _kept() if COMPARE in args.names else None
    found: list[Found] = []
    for name in chosen:
        found.append(_measured(name))
        if not args.json:
            _show(terminal, found[-1], kept)
    if args.json:
        plain = [_beside(each, kept) for each in found]
        terminal.say(json.dumps(plain[0] if len(plain) == 1 else plain, indent=1, ensure_ascii=False))
    if args.keep:
        _keep(found)
    return 0 if all(each.ok for each in found) else 1


def _measured(name: str) -> Found:
    """Run a bench; what the disk takes for an fsync meanwhile stands beside its figures."""
    figures = import_module("tests.bench.figures")
    before: float = figures.seconds_of_fsync()
    found = import_module(f"tests.bench.{_module(name)}").run()
    return cast("Found", figures.beside_fsync(found, (before + figures.seconds_of_fsync()) / 2))


def _module(name: str) -> str:
    return f"{name}_" if iskeyword(name) else name


def _kept() -> dict[str, Told]:
    return cast("dict[str, Told]", json.loads(KEPT.read_text("utf-8"))) if KEPT.exists() else {}


def _keep(found: Sequence[Found]) -> None:
    told: dict[str, Told] = {
        each.name: {
            "figures": {name: round(value, 4) for name, (value, _) in each.measured.items()},
            "ratios": {name: round(ratio, 4) for name, ratio in each.ratios.items()},
        }
        for each in found
    }
    KEPT.write_text(json.dumps({**_kept(), **told}, indent=1, ensure_ascii=False, sort_keys=True) + "\n", "utf-8")


def _beside(found: Found, kept: Mapping[str, Told] | None) -> dict[str, object]:
    return found.as_json() if kept is None else {**found.as_json(), "kept": kept.get(found.name, {})}


def _show(terminal: Terminal, found: Found, kept: Mapping[str, Told] | None) -> None:
    terminal.say(f"{found.name}: {'as it must be' if found.ok else 'a bound is not kept'}")
    before = {} if kept is None else kept.get(found.name, {})
    for name, (value, unit) in found.measured.items():
        terminal.say(_line(name, value, before.get("figures", {}).get(name), unit))
    for name, ratio in found.ratios.items():
        terminal.say(
            _line(name, ratio, before.get("ratios", {}).get(name), f"times{_bound(found.must.get(name), ratio)}")
        )


def _line(name: str, value: float, kept: float | None, unit: str) -> str:
    return f"  {name:<50} {value:>11.2f}{'' if kept is None else f'  kept {kept:>11.2f}'} {unit}"


def _bound(bound: Bound | None, ratio: float) -> str:
    if bound is None:
        return ""
    told = ", ".join(f"{side.replace('_', ' ')} {value:g}" for side, value in bound.as_json().items())
    return f" ({told}{'' if bound.holds(ratio) else ': missed'})"


COMMAND = Command("bench", "measure on this machine, from a checkout", arguments, run)
