"""Processes, forms and migrations that ship with Makegood are found here, in a checkout as well as in a wheel."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).parent
_CHECKOUT = _PACKAGE.parent.parent


def shipped_folder(name: str) -> Path:
    """Return the folder `processes`, `forms` or `migrations` that came with this copy of Makegood."""
    packed = _PACKAGE / name
    return packed if packed.is_dir() else _CHECKOUT / name
