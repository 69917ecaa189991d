"""The lock files name versions and hashes, no registry's address, and fit Python 3.11 to 3.14 on every system."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = (
    "--quiet", "--no-config", "--universal", "--python-version", "3.11", "--upgrade",
    "--generate-hashes", "--no-emit-index-url", "--custom-compile-command", "make lock",
)  # fmt: skip
LOCKS = {
    "run": ("pyproject.toml", "--group", "build"),
    "test": (
        "pyproject.toml",
        "--group",
        "test",
        "--extra",
        "postgres",
        "--constraints",
        "requirements/run.txt",
    ),
    # an installation from deploy/ gets what was tested, without what tests need
    "deploy": ("pyproject.toml", "--extra", "postgres", "--constraints", "requirements/test.txt"),
    "node": ("--group", "pyproject.toml:node"),
    "bench": ("--group", "pyproject.toml:bench", "--constraints", "requirements/run.txt"),
}


def main() -> int:
    """Write requirements/*.txt and ui/package-lock.json anew."""
    for name, sources in LOCKS.items():
        target = f"requirements/{name}.txt"
        subprocess.run(
            [Path(sys.executable).parent / "uv", "pip", "compile", *OPTIONS, *sources, "-o", target],
            cwd=ROOT,
            check=True,
        )
        print(f"{target} is locked.")
    subprocess.run(["npm", "install", "--package-lock-only", "--ignore-scripts"], cwd=ROOT / "ui", check=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
