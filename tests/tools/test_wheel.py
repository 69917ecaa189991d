"""The wheel carries all that Makegood needs, and serves from a folder that knows nothing of a checkout."""

from __future__ import annotations

import http.client
import json
import os
import shutil
import socket
import subprocess
import sys
import sysconfig
import time
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

LONGEST_START = 60.0


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Makegood's wheel, built without the network from a copy of what is tracked and what the set-up made."""
    repository = Path(__file__).resolve().parent.parent.parent
    copy = tmp_path_factory.mktemp("copy") / "makegood"
    left_out = shutil.ignore_patterns("__pycache__", "node_modules", ".venv", "var", ".*_cache", ".git", "tests")
    shutil.copytree(repository, copy, ignore=left_out)
    folder = copy / "dist"
    command: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "wheel",
        "-q",
        "--no-build-isolation",
        "--no-deps",
        "--no-index",
        "-w",
        folder,
        copy,
    ]
    subprocess.run(command, check=True, capture_output=True, text=True)
    return next(folder.glob("makegood-*.whl"))


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An empty environment with the wheel in it; its dependencies are lent by the environment of the tests."""
    environment = tmp_path_factory.mktemp("elsewhere") / "venv"
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
    python = environment / "bin" / "python"
    target = subprocess.run(
        [python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout.strip()
    install: list[str | Path] = [
        sys.executable,
        "-m",
        "pip",
        "--python",
        python,
        "install",
        "-q",
        "--no-deps",
        "--no-index",
        wheel,
    ]
    subprocess.run(install, check=True)
    (Path(target) / "lent.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return environment


def names_in(wheel: Path) -> set[str]:
    with zipfile.ZipFile(wheel) as packed:
        return set(packed.namelist())


def test_the_wheel_carries_processes_forms_and_migrations(wheel: Path, repository: Path) -> None:
    names = names_in(wheel)
    for folder in ("processes", "forms", "migrations"):
        files = [
            path for path in (repository / folder).rglob("*") if path.is_file() and "__pycache__" not in path.parts
        ]
        assert files
        assert not [path for path in files if f"engine/shipped/{path.relative_to(repository).as_posix()}" not in names]


def test_the_wheel_carries_bundles_pages_and_texts(wheel: Path) -> None:
    names = names_in(wheel)
    assert {f"web/static/bundles/{name}" for name in ("htmx.js", "viewer.js", "viewer.css")} <= names
    assert any(name.startswith("web/templates/") or "/templates/" in name for name in names)
    assert "web/translations/pl/LC_MESSAGES/messages.mo" in names


def test_the_wheel_carries_no_tests_tools_or_data(wheel: Path) -> None:
    tops = {name.split("/")[0] for name in names_in(wheel)}
    assert {top for top in tops if not top.startswith("makegood-")} == {"engine", "web"}


def test_an_installed_makegood_serves_from_another_folder(installed: Path, tmp_path: Path) -> None:
    port = free_port()
    environment = {"PATH": os.environ["PATH"], "MAKEGOOD_DATA_DIR": str(tmp_path / "data")}
    command: list[str | Path] = [installed / "bin" / "makegood", "serve", "--port", str(port)]
    with (tmp_path / "serve.log").open("wb") as log:
        server = subprocess.Popen(
            command, cwd=tmp_path, env=environment, stdout=log, stderr=log, stdin=subprocess.DEVNULL
        )
        try:
            health = wait_for_health(server, port, log=tmp_path / "serve.log")
        finally:
            server.terminate()
            server.wait(timeout=20)
    assert health["ok"] is True
    assert health["version"] == "0.1.0"
    assert (tmp_path / "data").is_dir()


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port: int = probe.getsockname()[1]
        return port


def wait_for_health(server: subprocess.Popen[bytes], port: int, *, log: Path) -> dict[str, object]:
    """Ask until the server answers, at most a minute."""
    end = time.monotonic() + LONGEST_START
    while time.monotonic() < end:
        assert server.poll() is None, log.read_text()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        try:
            connection.request("GET", "/healthz")
            answer: dict[str, object] = json.loads(connection.getresponse().read())
            return answer
        except OSError:
            time.sleep(0.2)
        finally:
            connection.close()
    raise AssertionError(f"no answer within {LONGEST_START:.0f} s; it said: {log.read_text()}")
