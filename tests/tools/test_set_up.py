"""The set-up does each step once, goes on where it stopped, and says in a sentence what stands in the way."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tools.set_up import alone
from tools.steps import (
    Place,
    Step,
    digest_of,
    find_node,
    install_locked,
    make_environment,
    node_in,
    packages,
    python_version,
)
from tools.trouble import Trouble, explained, run


def counted(place: Place, digest: str, calls: list[str]) -> Step:
    return Step("bake", "Baking", digest, lambda: True, lambda: calls.append(digest))


def do(step: Step, place: Place) -> None:
    if not step.is_done(place):
        step.make()
        step.mark_done(place)


def script(path: Path, text: str) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    path.chmod(0o755)
    return path


def test_a_step_is_done_once_and_again_when_what_it_is_made_from_changes(tmp_path: Path) -> None:
    place, calls = Place(tmp_path), list[str]()
    for digest in ("flour", "flour", "rye", "rye"):
        do(counted(place, digest, calls), place)
    assert calls == ["flour", "rye"]


def test_a_step_that_was_broken_off_is_done_again(tmp_path: Path) -> None:
    place, calls = Place(tmp_path), list[str]()
    step = counted(place, "flour", calls)
    step.make()  # and then the power went
    do(step, place)
    assert calls == ["flour", "flour"]


def test_a_step_whose_result_was_deleted_is_done_again(tmp_path: Path) -> None:
    place, loaf = Place(tmp_path), tmp_path / "loaf"

    def bake() -> None:
        loaf.write_text("bread")

    step = Step("bake", "Baking", "flour", loaf.is_file, bake)
    do(step, place)
    loaf.unlink()
    do(step, place)
    assert loaf.read_text() == "bread"


def test_the_digest_sees_names_contents_and_the_python(tmp_path: Path) -> None:
    first, second = tmp_path / "a", tmp_path / "b"
    first.write_text("1")
    seen = {digest_of(tmp_path, [first]), digest_of(tmp_path, [first], extra="3.12")}
    first.write_text("2")
    seen.add(digest_of(tmp_path, [first]))
    first.rename(second)
    seen.add(digest_of(tmp_path, [second]))
    assert len(seen) == 4


def test_a_changed_lock_file_installs_again(tmp_path: Path) -> None:
    place = Place(tmp_path)
    lock = tmp_path / "requirements" / "run.txt"
    lock.parent.mkdir()
    lock.write_text("flask==3.1.3\n")
    before = packages(place, "run", version="3.12")
    lock.write_text("flask==3.1.4\n")
    assert packages(place, "run", version="3.12").digest != before.digest
    assert "1 locked package" in before.title


def test_packages_that_may_lie_there_in_halves_are_installed_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place, calls = Place(tmp_path), list[bool]()

    def install(place: Place, arguments: list[str | Path], *, what: str) -> None:
        calls.append("--force-reinstall" in arguments)
        if len(calls) == 1:
            raise Trouble("the power went")

    monkeypatch.setattr("tools.steps.install", install)
    with pytest.raises(Trouble, match="the power went"):
        install_locked(place, tmp_path / "run.txt")
    install_locked(place, tmp_path / "run.txt")
    install_locked(place, tmp_path / "run.txt")
    assert calls == [False, True, False]


@pytest.mark.parametrize(
    ("output", "words"),
    [
        (
            "NewConnectionError: Failed to establish a new connection: [Errno -3]",
            "the package registry cannot be reached",
        ),
        ("ERROR: No matching distribution found for alembic==1.20.1", "the package registry cannot be reached"),
        ("npm error code ENOTFOUND", "the package registry cannot be reached"),
        ("OSError: [Errno 28] No space left on device", "the disk is full"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES", "is not the one that was locked"),
        ("error: command 'gcc' failed: No such file or directory", "Try another Python"),
        ("ValueError: something else", "ValueError: something else"),
    ],
)
def test_what_pip_and_npm_say_becomes_a_sentence(output: str, words: str, tmp_path: Path) -> None:
    told = explained("Installing the packages", output, log=tmp_path / "set-up.log")
    assert told.startswith("Installing the packages failed")
    assert words in told


def test_a_failed_command_leaves_its_whole_output_in_the_log(tmp_path: Path) -> None:
    log = tmp_path / "logs" / "set-up.log"
    command = [sys.executable, "-c", "print('the oven is cold'); raise SystemExit(3)"]
    with pytest.raises(Trouble, match="the oven is cold"):
        run(command, what="Baking", folder=tmp_path, log=log)
    assert "the oven is cold" in log.read_text()


def test_a_command_that_was_killed_is_told_as_stopped(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "import os, signal; os.kill(os.getpid(), signal.SIGKILL)"]
    with pytest.raises(Trouble, match="Baking was stopped. To finish, type the same command again"):
        run(command, what="Baking", folder=tmp_path, log=tmp_path / "set-up.log")


def test_a_half_made_environment_is_made_anew(tmp_path: Path) -> None:
    place = Place(tmp_path)
    script(place.python, "#!/bin/sh\nexit 1\n")
    assert python_version(place.python) == ""
    make_environment(place)
    assert python_version(place.python) == f"{sys.version_info[0]}.{sys.version_info[1]}"


def test_a_python_without_venv_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(Trouble, match=r"sudo apt install python3\.\d+-venv"):
        make_environment(Place(tmp_path))


def test_an_old_node_is_not_taken(tmp_path: Path) -> None:
    script(tmp_path / "node", "#!/bin/sh\necho v12.22.9\n")
    script(tmp_path / "npm", "#!/bin/sh\n")
    assert node_in(str(tmp_path)) is None
    script(tmp_path / "node", "#!/bin/sh\necho v20.11.1\n")
    assert node_in(str(tmp_path)) == (str(tmp_path / "node"), str(tmp_path / "npm"))


def test_without_a_node_one_goes_into_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    place, calls = Place(tmp_path), list[str]()

    def install(place: Place, arguments: list[str | Path], *, what: str) -> None:
        calls.append(what)
        script(place.environment / "bin" / "node", "#!/bin/sh\necho v24.19.0\n")
        script(place.environment / "bin" / "npm", "#!/bin/sh\n")

    monkeypatch.setenv("PATH", "/bin/nowhere")
    monkeypatch.setattr("tools.steps.install", install)
    assert find_node(place)[0] == str(place.environment / "bin" / "node")
    assert calls == ["Installing node"]


def find_python(repository: Path, **environment: str) -> subprocess.CompletedProcess[str]:
    command = ["/bin/sh", str(repository / "tools" / "find_python.sh")]
    return subprocess.run(command, env=environment, capture_output=True, text=True, check=False)


def test_an_old_python_is_refused_with_what_to_do(repository: Path, tmp_path: Path) -> None:
    old = '#!/bin/sh\ncase "$1" in --version) echo Python 3.9.2;; *) exit 1;; esac\n'
    script(tmp_path / "python3", old)
    answer = find_python(repository, PATH=str(tmp_path))
    assert answer.returncode == 1
    assert "needs Python 3.11 or newer; found here: Python 3.9.2" in answer.stderr


def test_a_newer_python_beside_an_old_one_is_found(repository: Path, tmp_path: Path) -> None:
    script(tmp_path / "python3", "#!/bin/sh\nexit 1\n")
    script(tmp_path / "python3.13", "#!/bin/sh\nexit 0\n")
    assert find_python(repository, PATH=str(tmp_path)).stdout == "python3.13\n"


def test_a_named_python_wins_and_is_refused_when_it_is_old(repository: Path, tmp_path: Path) -> None:
    old = script(tmp_path / "my-python", "#!/bin/sh\nexit 1\n")
    path = os.environ["PATH"]
    assert find_python(repository, PATH=path, PYTHON=sys.executable).stdout.strip() == sys.executable
    assert "not a Python of at least 3.11" in find_python(repository, PATH=path, PYTHON=str(old)).stderr


def test_a_second_set_up_waits_for_the_first(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "pyproject.toml").touch()
    waiting = "from pathlib import Path; from tools.set_up import alone, Place\nwith alone(Place(Path(__import__('sys').argv[1]))): print('in')"
    with alone(Place(tmp_path)):
        second = subprocess.Popen([sys.executable, "-c", waiting, str(tmp_path)], stdout=subprocess.PIPE, text=True)
        assert second.stdout is not None
        assert "waiting for it" in second.stdout.readline()
    assert second.communicate(timeout=20)[0] == "in\n"
