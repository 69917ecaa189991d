"""Imports that the contracts of import-linter cannot name: libraries with one home, and the doors that pages may use."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.architecture.sources import Source, sources

HOMES = {
    "sqlalchemy": ("engine/store/",),
    "alembic": ("engine/store/",),
    "sqlite3": ("engine/store/",),
    "SpiffWorkflow": ("engine/execution/",),
    "apscheduler": ("engine/jobs/",),
    "smtplib": ("engine/channels/",),
    "flask": ("web/",),
    "holidays": ("engine/model/",),
    "argon2": ("engine/",),
}
DOORS_OF_WEB = (
    "engine.model",
    "engine.actions",
    "engine.queries",
    "engine.checks",
    "engine.execution",
    "engine.definitions.forms",
    "engine.wiring",
    "engine.settings",
    "engine.shipped",
)
NEVER = ("pickle", "marshal", "shelve")


def imported(source: Source) -> Iterator[str]:
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def is_inside(name: str, package: str) -> bool:
    return name == package or name.startswith(f"{package}.")


@pytest.mark.parametrize("library", HOMES)
def test_a_library_is_imported_in_its_home_only(library: str) -> None:
    users = [source.name for source in sources() if any(is_inside(name, library) for name in imported(source))]
    assert not [name for name in users if not name.startswith(HOMES[library])]


def test_pages_use_only_the_doors_of_the_engine() -> None:
    found = []
    for source in sources("web"):
        doors = (*DOORS_OF_WEB, "engine.commands") if source.name == "web/cli.py" else DOORS_OF_WEB
        names = [name for name in imported(source) if is_inside(name, "engine")]
        found += [f"{source.name}: {name}" for name in names if not any(is_inside(name, door) for door in doors)]
    assert not found


def test_nothing_that_runs_code_from_data_is_imported() -> None:
    found = [(source.name, name) for source in sources() for name in imported(source)]
    assert not [each for each in found if any(is_inside(each[1], module) for module in NEVER)]
