"""Each step of the set-up leaves a stamp with the digest of what it was made from, so that it is done once and again when that changes."""

from __future__ import annotations

import hashlib
import importlib.util
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from tools.trouble import AGAIN, Trouble, run

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 18


@dataclass(frozen=True, slots=True)
class Place:
    """Where a checkout keeps what the set-up makes."""

    root: Path

    @property
    def environment(self) -> Path:
        return self.root / ".venv"

    @property
    def python(self) -> Path:
        return self.environment / "bin" / "python"

    @property
    def log(self) -> Path:
        return self.environment / "makegood" / "set-up.log"

    @property
    def bundles(self) -> Path:
        return self.root / "web" / "static" / "bundles"

    def stamp(self, step: str) -> Path:
        return self.environment / "makegood" / step


@dataclass(frozen=True, slots=True)
class Step:
    """One thing to make: what it is made from, how to see that it is there, and how to make it."""

    name: str
    title: str
    digest: str
    is_there: Callable[[], bool]
    make: Callable[[], None]

    def is_done(self, place: Place) -> bool:
        stamp = place.stamp(self.name)
        return stamp.is_file() and stamp.read_text() == self.digest and self.is_there()

    def mark_done(self, place: Place) -> None:
        stamp = place.stamp(self.name)
        stamp.parent.mkdir(parents=True, exist_ok=True)
        half = stamp.with_suffix(".half")
        half.write_text(self.digest)
        half.replace(stamp)


def digest_of(root: Path, files: Iterable[Path], *, extra: str = "") -> str:
    """Digest names and contents, so that any change of either shows."""
    digest = hashlib.sha256(extra.encode())
    for file in sorted(files):
        content = file.read_bytes()
        digest.update(f"\0{file.relative_to(root)}\0{len(content)}\0".encode())
        digest.update(content)
    return digest.hexdigest()


def python_version(python: Path) -> str:
    """Return "3.12" for a working interpreter that has pip, else nothing."""
    asked = "import sys, pip; print('%d.%d' % sys.version_info[:2])"
    try:
        answer = subprocess.run([python, "-c", asked], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return answer.stdout.strip() if answer.returncode == 0 else ""


def make_environment(place: Place) -> None:
    """Make .venv, anew where a half-made or outdated one lies there."""
    version = python_version(place.python)
    if version and tuple(int(part) for part in version.split(".")) >= OLDEST_PYTHON:
        return
    if not (importlib.util.find_spec("venv") and importlib.util.find_spec("ensurepip")):
        short = f"python{sys.version_info[0]}.{sys.version_info[1]}"
        raise Trouble(
            "This Python has no venv module; Debian and Ubuntu ship it apart. "
            f"Type “sudo apt install {short}-venv” (or install a Python that has it), then {AGAIN}"
        )
    print("Making the environment .venv …", flush=True)
    shutil.rmtree(place.environment, ignore_errors=True)
    log = place.root / ".venv" / "makegood" / "set-up.log"
    run([sys.executable, "-m", "venv", place.environment], what="Making the environment", folder=place.root, log=log)


def packages(place: Place, purpose: str, *, version: str) -> Step:
    """Install the locked packages: those for running, or those for testing as well."""
    lock = place.root / "requirements" / f"{purpose}.txt"
    count = len(re.findall(r"^[a-z0-9].*==", lock.read_text(), re.MULTILINE | re.IGNORECASE))
    return Step(
        name=f"packages-{purpose}",
        title=f"Installing {count} locked packages (about a minute the first time)",
        digest=digest_of(place.root, [lock], extra=version),
        is_there=lambda: True,
        make=lambda: install_locked(place, lock),
    )


def install_locked(place: Place, lock: Path) -> None:
    """Install a lock file; after a broken-off attempt everything of it again, for a package may lie there in halves."""
    begun = place.stamp(f"begun-{lock.stem}")
    again = ["--force-reinstall"] if begun.exists() else []
    begun.parent.mkdir(parents=True, exist_ok=True)
    begun.touch()
    install(place, [*again, "--require-hashes", "--prefer-binary", "-r", lock], what="Installing the packages")
    begun.unlink()


def install(place: Place, arguments: list[str | Path], *, what: str) -> None:
    """Call the environment's pip with few retries: a missing network should show soon."""
    quiet = ["--disable-pip-version-check", "--no-input", "--retries", "2", "--no-warn-script-location"]
    run([place.python, "-m", "pip", "install", *quiet, *arguments], what=what, folder=place.root, log=place.log)


def project(place: Place, *, version: str) -> Step:
    """Put the command `makegood` into the environment, pointing at this checkout."""
    arguments: list[str | Path] = ["--no-build-isolation", "--no-deps", "-e", "."]
    return Step(
        name="project",
        title="Installing the command makegood",
        digest=digest_of(place.root, [place.root / "pyproject.toml"], extra=f"{version} {place.root}"),
        is_there=(place.environment / "bin" / "makegood").is_file,
        make=lambda: install(place, arguments, what="Installing the command makegood"),
    )


def bundles(place: Place) -> Step:
    """Build the JavaScript and style bundles of web/static/bundles."""
    ui = place.root / "ui"
    sources = [*ui.glob("source/*"), *ui.glob("*.json"), ui / "build.mjs", ui / ".npmrc"]
    return Step(
        name="bundles",
        title="Building the pages' bundles",
        digest=digest_of(place.root, sources),
        is_there=lambda: all((place.bundles / name).is_file() for name in ("htmx.js", "viewer.js", "viewer.css")),
        make=lambda: build_bundles(place),
    )


def build_bundles(place: Place) -> None:
    """Build with the system's node, or with one from the Python package index where there is none."""
    ui = place.root / "ui"
    node, npm = find_node(place)
    env = {**os.environ, "PATH": f"{Path(node).parent}{os.pathsep}{os.environ.get('PATH', '')}", "NO_COLOR": "1"}
    download = [npm, "ci", "--ignore-scripts", "--no-progress", "--fetch-retries=1"]
    run(download, what="Installing the pages' packages", folder=ui, log=place.log, env=env)
    run([node, "build.mjs"], what="Building the pages' bundles", folder=ui, log=place.log, env=env)


def find_node(place: Place) -> tuple[str, str]:
    """Return node and npm; install them into .venv where the system has none that is new enough."""
    system = node_in(None)
    if system:
        return system
    print(f"There is no node {OLDEST_NODE} or newer with npm here: one goes into .venv …", flush=True)
    lock = place.root / "requirements" / "node.txt"
    install(place, ["--require-hashes", "-r", lock], what="Installing node")
    own = node_in(str(place.environment / "bin"))
    if own is None:
        raise Trouble(
            f"The node in .venv does not start on this machine. Install node {OLDEST_NODE} or newer, then {AGAIN}"
        )
    return own


def node_in(path: str | None) -> tuple[str, str] | None:
    """Return node and npm of a search path (None: the shell's), if they are there and new enough."""
    node, npm = shutil.which("node", path=path), shutil.which("npm", path=path)
    return (node, npm) if node and npm and node_major(node) >= OLDEST_NODE else None


def node_major(node: str) -> int:
    """Return 24 for v24.19.0, 0 for what does not answer."""
    try:
        answer = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    except OSError:
        return 0
    found = re.match(r"v(\d+)", answer.stdout)
    return int(found[1]) if found else 0


def texts(place: Place) -> Step:
    """Compile the translations of web/translations."""
    catalogues = list((place.root / "web" / "translations").glob("*/LC_MESSAGES/*.po"))
    command: list[str | Path] = [place.python, "-m", "tools.messages", "compile"]
    return Step(
        name="texts",
        title="Compiling the translations",
        digest=digest_of(place.root, catalogues),
        is_there=lambda: all(file.with_suffix(".mo").is_file() for file in catalogues),
        make=lambda: run(command, what="Compiling the translations", folder=place.root, log=place.log),
    )
