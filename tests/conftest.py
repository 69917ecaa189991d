"""No test opens a socket except to 127.0.0.1, and whatever was not tested is said aloud at the end."""

from __future__ import annotations

import os
import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

from tests.architecture.sources import medians
from tests.databases import Databases, Server, programs

REPOSITORY = Path(__file__).resolve().parent.parent
SHARED = REPOSITORY.parent / "shared"

SAME_EXAMPLES = bool(os.environ.get("CI"))
"""A change is judged by the same examples each time; whoever runs the tests by hand looks at new ones."""

settings.register_profile("makegood", deadline=None, print_blob=True, derandomize=SAME_EXAMPLES)
settings.register_profile("long", deadline=None, print_blob=True, max_examples=2_000)
settings.load_profile("makegood")


class SocketRefused(RuntimeError):
    """A test reached for the network."""


def refuse_foreign(family: int, address: object) -> None:
    """Raise for every address but 127.0.0.1 and sockets of this machine."""
    if family == getattr(socket, "AF_UNIX", None):
        return
    host = address[0] if isinstance(address, tuple) and address else address
    if host != "127.0.0.1":
        raise SocketRefused(f"A test may speak to 127.0.0.1 only; this one reached for {address!r}.")


@pytest.fixture(autouse=True)
def only_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let connections through to 127.0.0.1 alone."""
    connect, connect_ex, sendto = socket.socket.connect, socket.socket.connect_ex, socket.socket.sendto

    def guarded_connect(self: socket.socket, address: Any) -> None:
        refuse_foreign(self.family, address)
        connect(self, address)

    def guarded_connect_ex(self: socket.socket, address: Any) -> int:
        refuse_foreign(self.family, address)
        return connect_ex(self, address)

    def guarded_sendto(self: socket.socket, data: bytes, *rest: Any) -> int:
        refuse_foreign(self.family, rest[-1])
        return sendto(self, data, *rest)

    resolve = socket.getaddrinfo

    def guarded_resolve(host: Any, *rest: Any, **named: Any) -> Any:
        if host not in (None, "", "127.0.0.1", b"127.0.0.1"):
            raise SocketRefused(f"A test may speak to 127.0.0.1 only; this one asked for the address of {host!r}.")
        return resolve(host, *rest, **named)

    monkeypatch.setattr(socket, "getaddrinfo", guarded_resolve)
    monkeypatch.setattr(socket.socket, "connect", guarded_connect)
    monkeypatch.setattr(socket.socket, "connect_ex", guarded_connect_ex)
    monkeypatch.setattr(socket.socket, "sendto", guarded_sendto)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Whatever asks for the `dialect` of its database runs on both, unless it is marked as being about one."""
    if "dialect" in metafunc.fixturenames:
        mark = metafunc.definition.get_closest_marker("only_on")
        metafunc.parametrize("dialect", mark.args if mark else ("sqlite", "postgresql"))


@pytest.fixture(scope="session")
def databases() -> Iterator[Databases]:
    """Databases on the server that TEST_DATABASE_URL names, else on one of this run's own."""
    url = os.environ.get("TEST_DATABASE_URL", "")
    folder = programs()
    if not url and folder is None:
        pytest.skip("NO POSTGRESQL HERE: install the test packages, or set TEST_DATABASE_URL")
    server = Server(folder) if folder is not None and not url else None
    found = Databases(server.url if server else url)
    yield found
    found.close()
    if server is not None:
        server.remove()


@pytest.fixture
def repository() -> Path:
    """The root of this checkout."""
    return REPOSITORY


@pytest.fixture
def shared() -> Path:
    """The folder of agreed material beside the checkout; its tests are skipped where it is absent."""
    if not SHARED.is_dir():
        pytest.skip("the shared folder does not lie beside this checkout")
    return SHARED


@pytest.fixture(autouse=True)
def own_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """Keep the settings of the person who runs the tests out of them."""
    for name in [name for name in os.environ if name.startswith("MAKEGOOD_")]:
        monkeypatch.delenv(name)


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> Iterator[None]:
    """Say what tests have to tell, how long files and functions are, and in capitals what was left out for want of a browser."""
    yield
    reports = [report for how in ("passed", "failed") for report in terminalreporter.stats.get(how, [])]
    for told in [value for report in reports for name, value in report.user_properties if name == "told"]:
        terminalreporter.write_line(str(told))
    if terminalreporter.config.option.numprocesses:  # a whole run, as `make test` does it
        terminalreporter.write_line(medians())
    skipped = [report for report in terminalreporter.stats.get("skipped", []) if "NO CHROMIUM" in str(report.longrepr)]
    if skipped:
        terminalreporter.write_line("")
        terminalreporter.write_line(
            f"!!! {len(skipped)} BROWSER TESTS DID NOT RUN: NO CHROMIUM HERE. Install it (Debian: apt install chromium) and test again.",
            red=True,
            bold=True,
        )
