"""`python -m tools.settings_page` writes docs/settings.md from what engine/settings.py knows of its variables."""

from __future__ import annotations

import sys
from pathlib import Path

from engine.settings import VARIABLES

PAGE = Path(__file__).resolve().parent.parent / "docs" / "settings.md"
HEAD = """# Settings
All settings are variables of the environment, read when a command starts; none has to be set to begin. A value that does not fit is refused with a
sentence that names the variable. This page is made by `python -m tools.settings_page` from `engine/settings.py`.
"""


def written() -> str:
    """The page as it should be."""
    told = (
        f"## `{variable.name}`\n{variable.meaning}\n\n- Default: {variable.default}\n- Example: `{variable.example}`\n"
        for variable in VARIABLES
    )
    return "\n".join((HEAD, *told))


def main() -> int:
    """Write the page."""
    PAGE.write_text(written(), encoding="utf-8")
    sys.stdout.write(f"{PAGE.name}: {len(VARIABLES)} settings.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
