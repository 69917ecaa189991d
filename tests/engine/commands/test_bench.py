"""Every bench tells its name, its ratios, the bound of each and whether they hold; kept figures are shown beside."""

from __future__ import annotations

import io
import json
import sys
from argparse import Namespace
from pathlib import Path
from types import ModuleType

import pytest

from engine.commands import bench
from engine.commands.terminal import Terminal
from engine.model.errors import NotFound
from tests.bench.figures import Bound, Figures

MUST = {"faster": Bound(least=40), "slower": Bound(most=1.2)}


def found(faster: float) -> Figures:
    return Figures("small", {"a step": (2.5, "µs")}, {"faster": faster, "slower": 1.0, "told": 7.0}, MUST)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with one bench, which finds what it must."""
    (tmp_path / "small.py").write_text('"""Small."""\ndef run(): ...\n')
    (tmp_path / "shared.py").write_text('"""No bench."""\n')
    module = ModuleType("tests.bench.small")
    module.run = lambda: found(60)  # type: ignore[attr-defined]  # a module made here
    monkeypatch.setitem(sys.modules, "tests.bench.small", module)
    monkeypatch.setattr(bench, "FOLDER", tmp_path)
    monkeypatch.setattr(bench, "KEPT", tmp_path / "kept.json")
    return tmp_path


def said(*names: str, as_json: bool = False, keep: bool = False) -> tuple[int, str]:
    """The exit code and the output of the command."""
    out = io.StringIO()
    code = bench.run(Namespace(names=list(names), json=as_json, keep=keep), Terminal(out, io.StringIO()))
    return code, out.getvalue()


@pytest.mark.usefixtures("folder")
def test_one_bench_prints_an_object_with_ratios_and_bounds() -> None:
    code, text = said("small", as_json=True)
    told = json.loads(text)
    assert (code, told["name"], told["ok"]) == (0, "small", True)
    assert told["ratios"] == {"faster": 60, "slower": 1.0, "told": 7.0}
    assert told["must"] == {"faster": {"at_least": 40}, "slower": {"at_most": 1.2}}


def test_a_bound_that_is_not_kept_is_said_and_is_the_exit_code(folder: Path) -> None:
    sys.modules["tests.bench.small"].run = lambda: found(39)  # type: ignore[attr-defined]  # a module made here
    code, text = said()
    assert (code, "at least 40: missed" in text, folder.exists()) == (1, True, True)


def test_only_modules_with_a_run_are_benches(folder: Path) -> None:
    assert (bench.benches(), folder.is_dir()) == (["small"], True)


def test_comparing_prints_the_kept_figures_beside_todays(folder: Path) -> None:
    said("small", keep=True)
    sys.modules["tests.bench.small"].run = lambda: found(50)  # type: ignore[attr-defined]  # a module made here
    _, text = said("compare")
    line = next(line for line in text.splitlines() if "faster" in line)
    assert ("50.00" in line, "60.00" in line, (folder / "kept.json").exists()) == (True, True, True)


@pytest.mark.usefixtures("folder")
def test_an_unknown_bench_is_refused() -> None:
    with pytest.raises(NotFound):
        said("nothing")


def test_the_benches_of_this_checkout_are_found() -> None:
    assert {"machine", "step", "import", "inbox"} <= set(bench.benches())
