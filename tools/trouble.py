"""Whatever stops a set-up is told in a sentence that says what to do; the full output lies in a log."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from pathlib import Path

AGAIN = "type the same command again: it goes on where it stopped."
_NETWORK = re.compile(
    r"NameResolutionError|name resolution|NewConnectionError|establish a new connection|Connection refused|Network is unreachable"
    r"|Max retries exceeded|Read timed out|ConnectTimeout|ProxyError|No matching distribution found"
    r"|ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH|EHOSTUNREACH"
)
_DISK = re.compile(r"No space left on device|ENOSPC")
_HASHES = re.compile(r"DO NOT MATCH THE HASHES|EINTEGRITY")
_COMPILER = re.compile(r"command '?(gcc|cc|clang)'? failed|error: Microsoft Visual|Failed building wheel|build_ext")


class Trouble(Exception):
    """The set-up cannot go on; the text says why and what a person can do."""


def run(
    command: Sequence[str | Path], *, what: str, folder: Path, log: Path, env: dict[str, str] | None = None
) -> None:
    """Run a step's command with its output in the log; a failure becomes a sentence."""
    log.parent.mkdir(parents=True, exist_ok=True)
    with log.open("ab") as out:
        begun = out.tell()
        out.write(f"$ {' '.join(str(part) for part in command)}\n".encode())
        out.flush()
        done = subprocess.run(
            [str(part) for part in command],
            cwd=folder,
            env=env,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            check=False,
        )
    if done.returncode < 0:
        raise Trouble(f"{what} was stopped. To finish, {AGAIN}")
    if done.returncode:
        with log.open("rb") as written:
            written.seek(begun)
            raise Trouble(explained(what, written.read().decode(errors="replace"), log=log))


def explained(what: str, output: str, *, log: Path) -> str:
    """Say why a step failed, from what its command printed."""
    if _DISK.search(output):
        return f"{what} failed: the disk is full. Free about 1 GB, then {AGAIN}"
    if _HASHES.search(output):
        return (
            f"{what} failed: a downloaded package is not the one that was locked, so nothing of it was installed. "
            f"A mirror or a proxy may have changed it; see {log}."
        )
    if _NETWORK.search(output):
        return (
            f"{what} failed: the package registry cannot be reached. The first set-up needs the network, later starts do not. "
            f"Check the connection (and HTTPS_PROXY, if you have one), then {AGAIN} Details: {log}"
        )
    if _COMPILER.search(output):
        return (
            f"{what} failed: there is no ready-made package for this Python and machine, and building it did not work. "
            f"Try another Python (make run PYTHON=python3.12). Details: {log}"
        )
    last = "\n".join("    " + line for line in output.strip().splitlines()[-8:])
    return f"{what} failed. Its last lines:\n{last}\nThe whole output: {log}"
