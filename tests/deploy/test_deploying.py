"""What lies in deploy/ fits the program: its units parse, its services exist, its commands and settings are the program's."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from argparse import ArgumentParser, _SubParsersAction
from collections.abc import Iterator
from configparser import ConfigParser
from pathlib import Path
from typing import Any

import pytest
import yaml  # type: ignore[import-untyped]  # it ships no types
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from engine.settings import VARIABLES, Settings
from web.cli import parser
from web.refusals import LARGEST_REQUEST

DEPLOY = Path(__file__).resolve().parents[2] / "deploy"
UNITS = ("makegood-serve.service", "makegood-work.service")
WORD = re.compile(r"(?:bin/makegood|\bmg|run --rm(?: -T)? work) ([a-z][a-z -]*?[^`&<;#\n]*)")


def text(name: str) -> str:
    """A file of the folder."""
    return (DEPLOY / name).read_text(encoding="utf-8")


def unit(name: str) -> ConfigParser:
    """A unit as systemd reads it; a name that is given twice adds to the first."""
    found = ConfigParser(strict=False, interpolation=None)
    found.optionxform = str  # type: ignore[assignment,method-assign]  # its names are kept as they are written
    found.read_string(text(name))
    return found


def compose() -> dict[str, Any]:
    """The compose file."""
    found: dict[str, Any] = yaml.safe_load(text("compose.yaml"))
    return found


def commands() -> dict[str, ArgumentParser]:
    """The program's commands by name."""
    actions = [
        action for action in parser()._actions if isinstance(action, _SubParsersAction)
    ]  # argparse tells of its own in no other way
    return dict(actions[0].choices)


def told() -> Iterator[tuple[str, list[str]]]:
    """Every command with its words that the folder's files name, and where."""
    for name in ("README.md", *UNITS):
        for match in WORD.finditer(text(name)):
            yield name, match[1].replace('"', "").split()
    services = compose()["services"]
    for service in ("serve", "work"):
        yield "compose.yaml", [str(word) for word in services[service]["command"]]


def options(command: ArgumentParser, words: list[str]) -> set[str]:
    """The options of a command and of the part of it that the words name."""
    known = set(command._option_string_actions)  # argparse tells of its own in no other way
    for action in command._actions:  # argparse tells of its own in no other way
        if isinstance(action, _SubParsersAction):
            for name, part in action.choices.items():
                known |= options(part, words) if name in words else set()
    return known


def test_every_command_and_option_is_the_program_s() -> None:
    known, seen = commands(), set[str]()
    for place, words in told():
        assert words[0] in known, f"{place}: {words}"
        given = {word.split("=")[0] for word in words if word.startswith("--")}
        assert given <= options(known[words[0]], words), f"{place}: {words}"
        seen.add(words[0])
    assert seen >= {
        "serve",
        "work",
        "migrate",
        "demo",
        "user",
        "backup",
        "restore",
        "migrate-store",
        "archive",
        "audit",
    }


def test_every_variable_is_a_setting_and_the_values_fit() -> None:
    known = {variable.name for variable in VARIABLES}
    for file in filter(Path.is_file, DEPLOY.iterdir()):
        assert set(re.findall(r"MAKEGOOD_[A-Z_]*[A-Z]", file.read_text(encoding="utf-8"))) <= known, file.name
    pairs = (line.partition("=") for line in text("makegood.env").splitlines() if not line.startswith("#"))
    assert Settings.from_environment({name: value for name, _, value in pairs}).is_postgres


@pytest.mark.parametrize("name", UNITS)
def test_units_run_the_program_as_nobody_in_particular(name: str) -> None:
    found = unit(name)
    service = found["Service"]
    assert found.sections() == ["Unit", "Service", "Install"]
    assert service["ExecStart"].startswith("/opt/makegood/bin/makegood ")
    assert (service["User"], service["NoNewPrivileges"], service["ProtectSystem"]) == ("makegood", "yes", "strict")
    assert "StateDirectory=makegood\n" in text(name)
    assert int(service["TimeoutStopSec"]) > 30  # jobs have 20 seconds to end, and ten to be given back
    kept = {line for line in text(name).splitlines() if not line.startswith(("Description", "ExecStart"))}
    assert kept == {line for line in text(UNITS[0]).splitlines() if not line.startswith(("Description", "ExecStart"))}


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="there is no systemd here")
@pytest.mark.parametrize("name", UNITS)
def test_systemd_finds_nothing_to_say_about_a_unit(name: str, tmp_path: Path) -> None:
    there = tmp_path / name
    there.write_text(text(name).replace("/opt/makegood/bin/makegood", "/bin/true"), encoding="utf-8")
    verify = ["systemd-analyze", "verify", "--man=no", str(there)]
    found = subprocess.run(verify, capture_output=True, text=True, check=False, timeout=60)
    assert (found.returncode, found.stderr) == (0, "")


def test_the_services_of_compose_refer_to_each_other() -> None:
    found = compose()
    services, volumes = found["services"], found["volumes"]
    assert set(services) == {"postgres", "serve", "work", "nginx"}
    for name, service in services.items():
        assert set(service.get("depends_on", {})) <= set(services), name
        for volume in service["volumes"]:
            source = volume.split(":")[0]
            assert source in volumes or (source.startswith("./") and (DEPLOY / source).exists()) or source == "./tls"
        assert "image" in service
    assert services["serve"]["network_mode"] == "service:nginx"
    assert services["serve"]["depends_on"]["nginx"][
        "restart"
    ]  # in a network that is gone it would be reached by nobody
    assert [port.split(":")[1] for port in services["nginx"]["ports"]] == ["80", "443"]
    assert not any("ports" in service for name, service in services.items() if name != "nginx")


def test_both_of_our_containers_have_a_database_and_little_else() -> None:
    services = compose()["services"]
    for name in ("serve", "work"):
        service = services[name]
        assert service["depends_on"]["postgres"]["condition"] == "service_healthy"
        assert service["environment"]["MAKEGOOD_DATABASE_URL"].startswith("postgresql+psycopg://makegood:")
        assert (service["read_only"], service["cap_drop"]) == (True, ["ALL"])
        assert (DEPLOY / service["build"]["context"] / service["build"]["dockerfile"]).is_file()


def test_nginx_takes_what_we_take_and_upgrades_nothing() -> None:
    found = text("nginx.conf")
    assert f"client_max_body_size {LARGEST_REQUEST // 1024 // 1024}m;" in found
    assert found.count("{") == found.count("}")
    for line in (
        "ssl_protocols TLSv1.2 TLSv1.3;",
        'proxy_set_header Upgrade "";',
        "proxy_set_header X-Forwarded-For $remote_addr;",
        "proxy_set_header X-Forwarded-Proto $scheme;",
        "return 308 https://",
    ):
        assert line in found
    assert "server 127.0.0.1:8000;" in found
    statements = [line.split("#")[0].strip() for line in found.splitlines()]
    assert all(line.endswith((";", "{", "}")) for line in statements if line)


def test_every_file_that_is_told_of_is_there() -> None:
    named = set(re.findall(r"`([\w.-]+\.(?:service|env|yaml|conf)|Dockerfile)`", text("README.md")))
    assert named == {file.name for file in DEPLOY.iterdir()} - {"README.md", "Dockerfile.dockerignore", ".env", "tls"}


def locked(name: str) -> dict[str, set[Version]]:
    """The versions of each package that a lock names; there are several where Pythons differ."""
    found: dict[str, set[Version]] = {}
    text = (DEPLOY.parent / "requirements" / name).read_text(encoding="utf-8")
    for package, version in re.findall(r"^([A-Za-z0-9._-]+)==(\S+)", text, re.MULTILINE):
        found.setdefault(canonicalize_name(package), set()).add(Version(version))
    return found


def test_an_installation_gets_exactly_what_was_tested() -> None:
    lock, tested = locked("deploy.txt"), locked("test.txt")
    assert {name: tested.get(name) for name in lock} == lock
    for name in ("Dockerfile", "README.md"):
        packages, program = re.findall(r"pip install (.*)", text(name))
        assert re.search(r"--require-hashes -r \S+/deploy\.txt\b", packages), name
        assert re.search(r"--no-deps .*\S+/makegood-\*\.whl", program), name
    assert "!requirements/deploy.txt" in text("Dockerfile.dockerignore").splitlines()


def test_the_lock_is_not_older_than_what_the_program_asks_for() -> None:
    project = tomllib.loads((DEPLOY.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lock = locked("deploy.txt")
    for line in (*project["dependencies"], *project["optional-dependencies"]["postgres"]):
        wanted = Requirement(line)
        versions = lock.get(canonicalize_name(wanted.name), set())
        assert versions, f"`make lock` was not run after {line} was added"
        assert all(version in wanted.specifier for version in versions), f"`make lock` was not run after {line}"
