"""After signing in one goes on within this site only, whatever a link says."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

_PLAIN = re.compile(r"/(?![/\\])[\x21-\x5b\x5d-\x7e]*")


def safe_next(wanted: str | None) -> str | None:
    """Give the address if it is a path of this site, else None."""
    if not wanted or len(wanted) > 2000 or not _PLAIN.fullmatch(wanted):
        return None
    parts = urlsplit(wanted)
    return wanted if not parts.scheme and not parts.netloc else None
