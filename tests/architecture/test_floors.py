"""What import contracts cannot see: one file commits, every action asks who is acting, nothing of a machine is written down."""

from __future__ import annotations

import ast
import re
import subprocess

import pytest

from tests.architecture.allowed import INNER_ACTIONS
from tests.architecture.sources import REPOSITORY, Function, Source, sources, type_of_function

COMMIT = re.compile(r"\.commit\(|[\"'](?:COMMIT|END TRANSACTION)[\"' ;]", re.IGNORECASE)


def test_one_file_commits_and_it_lies_in_the_store() -> None:
    found = [source.name for source in sources() if COMMIT.search(source.text)]
    assert len(found) <= 1, found
    assert all(name.startswith("engine/store/") for name in found), found


def actions() -> list[tuple[Source, Function]]:
    found: list[tuple[Source, Function]] = []
    for source in sources("engine/actions"):
        functions = [node for node in source.tree.body if isinstance(node, type_of_function)]
        found += [(source, node) for node in functions if not node.name.startswith("_") and takes_transaction(node)]
    return found


def full_name(source: Source, function: Function) -> str:
    module = source.name.removeprefix("engine/actions/").removesuffix(".py").replace("/", ".")
    return f"{module}.{function.name}"


def prefixes(name: str) -> set[str]:
    parts = name.split(".")
    return {".".join(parts[:end]) for end in range(1, len(parts) + 1)}


def takes_transaction(function: Function) -> bool:
    first = [*function.args.posonlyargs, *function.args.args][:1]
    return bool(first) and first[0].arg == "tx"


def authorises(function: Function) -> bool:
    calls = [node.func for node in ast.walk(function) if isinstance(node, ast.Call)]
    names = [
        call.id if isinstance(call, ast.Name) else call.attr
        for call in calls
        if isinstance(call, ast.Name | ast.Attribute)
    ]
    return any(name.startswith("require_") for name in names)


def test_every_action_authorises() -> None:
    bare = [
        full_name(source, node)
        for source, node in actions()
        if not authorises(node) and not node.name.startswith("require_")
    ]
    assert not [name for name in bare if not prefixes(name) & INNER_ACTIONS.keys()]


def test_no_excuse_outlives_its_action() -> None:
    known = {prefix for source, node in actions() for prefix in prefixes(full_name(source, node))}
    assert not sorted(INNER_ACTIONS.keys() - known)
    assert all(len(reason.split()) >= 4 for reason in INNER_ACTIONS.values())


def tracked() -> list[str]:
    done = subprocess.run(["git", "ls-files", "-z"], cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode:
        pytest.skip("this copy is not a git checkout")
    return [name for name in done.stdout.split("\0") if name and (REPOSITORY / name).is_file()]


# Written in parts, so that this file does not contain what it looks for.
HOSTS = (
    "pypi" + ".org",
    "python" + "hosted.org",
    "npm" + "js.org",
    "npm" + "js.com",
    "deb.debian" + ".org",
    "proxy.golang" + ".org",
)
MACHINE = re.compile(
    "|".join(
        (r"(?<![\w.])/" + "work/(?:main|shared)", r"(?<![\w/.])/" + r"root/", r"/opt/" + "pypi", r"/tmp/" + "team")
    )
)


def test_no_file_names_a_registry_or_a_path_of_one_machine() -> None:
    found = []
    for name in tracked():
        content = (REPOSITORY / name).read_bytes()
        if b"\0" in content[:4096]:
            continue
        text = content.decode("utf-8", errors="replace")
        found += [f"{name}: {host}" for host in HOSTS if host in text]
        found += [f"{name}: {match[0]}" for match in MACHINE.finditer(text)]
    assert not found


def test_lock_files_name_no_host() -> None:
    """Whoever installs chooses the index; hashes say that it is the same package."""
    for lock in sorted((REPOSITORY / "requirements").glob("*.txt")):
        text = lock.read_text()
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--index-url|--find-links", text), lock.name
    packages = (REPOSITORY / "ui" / "package-lock.json").read_text()
    assert '"resolved"' not in packages
    assert '"integrity"' in packages
