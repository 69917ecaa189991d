"""Style sheets name sides by reading direction, so that right-to-left comes free; pages run no code of their own."""

from __future__ import annotations

import re
from pathlib import Path

from tests.architecture.sources import REPOSITORY

PHYSICAL = re.compile(
    r"(?:margin|padding|border)-(?:left|right)\b|(?<![\w-])(?:left|right)\s*:|text-align:\s*(?:left|right)|float:\s*(?:left|right)"
)
INLINE_CODE = re.compile(
    r"<[^>]+\son(?:click|change|submit|load|input|key\w+|mouse\w+)\s*=|href\s*=\s*[\"']javascript:", re.IGNORECASE
)


def style_sheets() -> list[Path]:
    found = [*(REPOSITORY / "web").rglob("*.css"), *(REPOSITORY / "ui" / "source").glob("*.css")]
    return sorted(path for path in found if "bundles" not in path.parts)


def faults(paths: list[Path], pattern: re.Pattern[str]) -> list[str]:
    found = []
    for path in paths:
        for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
            found += [f"{path.relative_to(REPOSITORY)}:{number}: {line.strip()}" for _ in pattern.finditer(line)]
    return found


def test_style_sheets_name_no_physical_side() -> None:
    assert style_sheets()
    assert not faults(style_sheets(), PHYSICAL)


def test_pages_carry_no_code_in_attributes() -> None:
    """The content security policy would block it without a word."""
    assert not faults(sorted((REPOSITORY / "web").rglob("*.html")), INLINE_CODE)
