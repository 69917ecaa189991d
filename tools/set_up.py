"""A machine with Python, make and the package registries becomes able to run Makegood; what is done already is not done again.

Only the standard library is used, for this runs before anything is installed.
"""

from __future__ import annotations

import argparse
import errno
import fcntl
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from tools.steps import Place, Step, bundles, make_environment, packages, project, python_version, texts
from tools.trouble import AGAIN, Trouble

ROOT = Path(__file__).resolve().parent.parent


def set_up(place: Place, *, purpose: str) -> bool:
    """Do every step that is not done; answer whether there was one."""
    make_environment(place)
    version = python_version(place.python)
    did = False
    for step in steps_for(place, purpose, version=version):
        if step.is_done(place):
            continue
        print(f"{step.title} …", flush=True)
        step.make()
        step.mark_done(place)
        did = True
    return did


def steps_for(place: Place, purpose: str, *, version: str) -> Iterator[Step]:
    """Name the steps in order; testing needs more packages than running."""
    yield packages(place, "run", version=version)
    if purpose == "test":
        yield packages(place, "test", version=version)
    yield project(place, version=version)
    yield bundles(place)
    yield texts(place)


@contextmanager
def alone(place: Place) -> Iterator[None]:
    """Let one set-up work on a checkout at a time; a second one waits."""
    with (place.root / "pyproject.toml").open("rb") as turnstile:
        try:
            fcntl.flock(turnstile, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            print("Another set-up is at work here; waiting for it …", flush=True)
            fcntl.flock(turnstile, fcntl.LOCK_EX)
        yield


def main() -> int:
    """Set up, and say in a sentence what stands in the way."""
    parser = argparse.ArgumentParser(
        prog="make setup", description="Prepares this checkout; a second call finds everything done."
    )
    parser.add_argument(
        "--for", dest="purpose", choices=("run", "test"), default="run", help="what it will be used for"
    )
    purpose: str = parser.parse_args().purpose
    place = Place(ROOT)
    started = time.monotonic()
    try:
        with alone(place):
            did = set_up(place, purpose=purpose)
    except Trouble as trouble:
        print(f"\n{trouble}", file=sys.stderr)
        return 1
    except OSError as error:
        if error.errno != errno.ENOSPC:
            raise
        print(f"\nThe disk is full. Free about 1 GB where {ROOT} lies, then {AGAIN}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print(f"\nStopped. To finish, {AGAIN}", file=sys.stderr)
        return 130
    if did:
        print(f"Set up in {time.monotonic() - started:.0f} s.", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
