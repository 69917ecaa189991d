"""The project's own sources as the architecture tests see them: files, trees, functions, comments."""

from __future__ import annotations

import ast
import io
import statistics
import tokenize
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
HOUSES = ("engine", "web")

type_of_function = (ast.FunctionDef, ast.AsyncFunctionDef)
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True)
class Source:
    """One Python file."""

    path: Path
    text: str

    @property
    def name(self) -> str:
        return self.path.relative_to(REPOSITORY).as_posix()

    @property
    def lines(self) -> list[str]:
        return self.text.splitlines()

    @property
    def tree(self) -> ast.Module:
        return parsed(self.path, self.text)

    def functions(self) -> Iterator[Function]:
        return (node for node in ast.walk(self.tree) if isinstance(node, type_of_function))

    def comments(self) -> Iterator[tuple[int, str]]:
        for token in tokenize.generate_tokens(io.StringIO(self.text).readline):
            if token.type == tokenize.COMMENT:
                yield token.start[0], token.string


@cache
def parsed(path: Path, text: str) -> ast.Module:
    return ast.parse(text, filename=str(path))


def sources(*houses: str) -> list[Source]:
    """Return the Python files of the named folders, by default of engine/ and web/."""
    found = (path for house in houses or HOUSES for path in sorted((REPOSITORY / house).rglob("*.py")))
    return [Source(path, path.read_text(encoding="utf-8")) for path in found]


def rooms() -> list[Path]:
    """Return the folders that must explain themselves: houses and their rooms."""
    houses = [REPOSITORY / name for name in (*HOUSES, "processes", "forms", "migrations", "tests", "tools", "ui")]
    inner = [path.parent for house in HOUSES for path in sorted((REPOSITORY / house).glob("*/__init__.py"))]
    return houses + inner


def length(function: Function) -> int:
    """Count the lines from `def` to the end."""
    return (function.end_lineno or function.lineno) - function.lineno + 1


def medians() -> str:
    """Say how long files and functions are; printed, never asserted."""
    files = [len(source.lines) for source in sources()]
    functions = [length(function) for source in sources() for function in source.functions()]
    if not files or not functions:
        return "engine and web are empty"
    return (
        f"engine and web: {len(files)} files, median {statistics.median(files):.0f} lines, longest {max(files)}; "
        f"{len(functions)} functions, median {statistics.median(functions):.0f}, longest {max(functions)}"
    )
